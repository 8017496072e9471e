import { concatMap, of } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { Transport } from './transport.js'

/**
 * Returns a transport that sends a request once more, on a new connection, if its reused connection was stale. Use it
 * only for requests that the server may process twice.
 */
export function withReplay(transport: Transport): Transport {
  return (request) =>
    transport(request).pipe(
      concatMap((result) => {
        const isStale = isLeft(result) && 'stale' in result.left && result.left.stale
        return isStale ? transport({ ...request, newConnection: true }) : of(result)
      }),
    )
}
