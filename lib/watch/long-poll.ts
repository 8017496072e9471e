import { concatMap, of } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { TransportResult } from '../model/failure.js'
import { classify } from '../polling/classify.js'
import { now } from '../time/clock.js'
import type { Transport } from '../transport/transport.js'
import { waitRequest } from '../wire/request.js'
import type { RequestOptions } from '../wire/request-options.js'
import type { SendPoll } from './poll-once.js'

/**
 * How long a server may hold a response, in milliseconds. Many proxies close a connection after a minute without
 * data.
 */
const SERVER_TIMEOUT = 30_000

/** Sends the first poll with `sendGet`, and later polls with `operations.wait` until the server rejects that method. */
export function longPoll(transport: Transport, request: RequestOptions, sendGet: SendPoll): SendPoll {
  let isSupported = true
  return (target, attempt) => {
    if (attempt === 1 || !isSupported) return sendGet(target, attempt)
    return transport(waitRequest(target, SERVER_TIMEOUT, request)).pipe(
      concatMap((result) => {
        isSupported = !isRejected(result)
        return isSupported ? of(result) : sendGet(target, attempt)
      }),
    )
  }
}

/**
 * Returns whether the server rejected `operations.wait`. The server may not implement the method, or may require a
 * permission that `operations.get` does not require, so a get may still succeed.
 */
function isRejected(result: TransportResult): boolean {
  const { _tag } = classify(result, now())
  return !isLeft(result) && result.right.httpStatus !== 401 && (_tag === 'Rejected' || _tag === 'NotFound')
}
