import { concatMap, of } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { Transport } from './transport.js'

/**
 * Sends a request once more, on a new connection, if a reused connection was stale. Only for requests that the server
 * may process twice.
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
