import { concatMap, of } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { TransportResult } from '../model/failure.js'
import { classify } from '../polling/classify.js'
import { now } from '../time/clock.js'
import type { Transport } from '../transport/transport.js'
import { waitRequest } from '../wire/request.js'
import type { RequestOptions } from '../wire/request-options.js'
import type { SendPoll } from './poll-once.js'

/** How long a server may hold a response, in milliseconds. Many proxies close a connection after a silent minute. */
const SERVER_TIMEOUT = 30_000

/** Sends the first poll by `sendGet` and later ones by `operations.wait`, until the server rejects `operations.wait`. */
export function longPoll(transport: Transport, request: RequestOptions, sendGet: SendPoll): SendPoll {
  let isSupported = true
  return (target, attempt) => {
    if (attempt === 1 || !isSupported) return sendGet(target, attempt)
    return transport(waitRequest(target, SERVER_TIMEOUT, request)).pipe(
      concatMap((outcome) => {
        isSupported = !isRejected(outcome)
        return isSupported ? of(outcome) : sendGet(target, attempt)
      }),
    )
  }
}

/** A get may succeed after a rejected wait: the server may lack `operations.wait`, or require more permissions for it. */
function isRejected(outcome: TransportResult): boolean {
  const { _tag } = classify(outcome, now())
  return !isLeft(outcome) && outcome.right.httpStatus !== 401 && (_tag === 'Rejected' || _tag === 'NotFound')
}
