import { Controller, type MessageEvent, Param, Sse } from '@nestjs/common'
import { OperationsClient } from 'rx-longrunning'
import { messageEvents } from 'rx-longrunning/nestjs'
import { createProject } from 'rx-longrunning/resource-manager'
import type { Observable } from 'rxjs'

@Controller('operations')
export class OperationsController {
  constructor(private readonly client: OperationsClient) {}

  @Sse(':id')
  events(@Param('id') id: string): Observable<MessageEvent> {
    return this.client.watch(`operations/${id}`, createProject).pipe(messageEvents())
  }
}
