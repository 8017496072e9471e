import { BadRequestException, Controller, Inject, type MessageEvent, Query, Sse } from '@nestjs/common'
import { OperationsClient } from 'rx-longrunning'
import { from, map, mergeMap, type Observable } from 'rxjs'
import { operationEvent } from './operation-event.js'

const MOST = 100

@Controller()
export class OperationsController {
  readonly #client: OperationsClient

  constructor(@Inject(OperationsClient) client: OperationsClient) {
    this.#client = client
  }

  /**
   * Watches operations live: `GET /events?name=operations/a&name=operations/b`. One stream for all of a page, for a browser
   * opens no more than six to a server. Nest unsubscribes when the browser leaves; whoever watches the same name shares its polls.
   */
  @Sse('events')
  events(@Query('name') name: unknown): Observable<MessageEvent> {
    const names = [...new Set([name].flat())].filter((one) => typeof one === 'string')
    if (names.length === 0 || names.length > MOST)
      throw new BadRequestException(`name must be given from 1 to ${MOST} times`)
    return from(names).pipe(
      mergeMap((one) => this.#client.watch(one).pipe(map((word) => operationEvent(one, word)))),
    )
  }
}
