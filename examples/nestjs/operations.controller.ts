import { BadRequestException, Controller, Inject, type MessageEvent, Query, Sse } from '@nestjs/common'
import { OperationsClient } from 'rx-longrunning'
import { messageEvents } from 'rx-longrunning/nestjs'
import { from, mergeMap, type Observable } from 'rxjs'

const MAX_NAMES = 100

@Controller()
export class OperationsController {
  readonly #client: OperationsClient

  constructor(@Inject(OperationsClient) client: OperationsClient) {
    this.#client = client
  }

  /**
   * Streams operations: `GET /events?name=operations/a&name=operations/b`. A page uses one stream for all operations, because
   * a browser opens at most six connections to a server. Nest unsubscribes when the browser disconnects.
   */
  @Sse('events')
  events(@Query('name') name: unknown): Observable<MessageEvent> {
    const names = [...new Set([name].flat())].filter((one) => typeof one === 'string')
    if (names.length === 0 || names.length > MAX_NAMES)
      throw new BadRequestException(`name must be given from 1 to ${MAX_NAMES} times`)
    return from(names).pipe(
      mergeMap((one) => this.#client.watch(one)),
      messageEvents(),
    )
  }
}
