import { Observable } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { Transport } from './transport.js'

/**
 * Sends a request once more, on a new connection, if a reused connection was stale. Only for requests that the server
 * may process twice. Uses no operators, because each operator would create another Observable for each poll.
 */
export function withReplay(transport: Transport): Transport {
  return (request) =>
    new Observable((subscriber) => {
      let isStale = false
      subscriber.add(
        transport(request).subscribe({
          next: (result) => {
            isStale = isLeft(result) && 'stale' in result.left && result.left.stale === true
            if (isStale) subscriber.add(transport({ ...request, newConnection: true }).subscribe(subscriber))
            else subscriber.next(result)
          },
          error: (error: unknown) => subscriber.error(error),
          complete: () => isStale || subscriber.complete(),
        }),
      )
    })
}
