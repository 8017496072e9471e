import { concatMap, defer, finalize, of } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { TransportResult } from '../model/failure.js'
import { type Classification, classify } from '../polling/classify.js'
import { now } from '../time/clock.js'
import type { Transport } from '../transport/transport.js'
import type { OperationProtocol } from '../wire/protocol.js'
import { snapshotRequest } from '../wire/request.js'
import type { RequestOptions } from '../wire/request-options.js'
import type { SendPoll } from './poll-once.js'

/**
 * How long a server may hold a response, in milliseconds. Many proxies close a connection after a minute without
 * data. A protocol may ignore it.
 */
const SERVER_TIMEOUT = 30_000
/** The maximum number of responses that servers hold for one client. Each of them needs a socket. */
const MAX_HELD_RESPONSES = 50

/**
 * Returns a function that sends the polls of one watch with the method `wait` of the protocol. Sends a poll with `sendGet`
 * if it is the first, if too many responses are held, or if the previous poll failed. For example, a proxy may not hold a
 * response long enough. Sends all polls with `sendGet` after the server has rejected the method.
 */
export type LongPolls = (protocol: OperationProtocol, sendGet: SendPoll) => SendPoll

/** Creates the long polls of one client. */
export function longPolls(transport: Transport, options: RequestOptions): LongPolls {
  let heldResponses = 0
  return (protocol, sendGet) => {
    const { wait } = protocol
    if (wait === undefined) return sendGet
    let usesGet = true
    let isSupported = true
    return (target, attempt) => {
      if (usesGet || !isSupported || heldResponses >= MAX_HELD_RESPONSES) {
        usesGet = false
        return sendGet(target, attempt)
      }
      return defer(() => {
        heldResponses++
        const request = snapshotRequest(wait(target.name, SERVER_TIMEOUT), target, options)
        return transport(request).pipe(finalize(() => heldResponses--))
      }).pipe(
        concatMap((result) => {
          const { _tag } = classify(result, now(), target.name, protocol)
          usesGet = _tag === 'Transient'
          isSupported = !isRejection(result, _tag)
          return isSupported ? of(result) : sendGet(target, attempt)
        }),
      )
    }
  }
}

/**
 * Returns whether the server rejected the method. The server may not implement it, or it may require a permission that
 * a get does not require, so a get may still succeed.
 */
function isRejection(result: TransportResult, _tag: Classification['_tag']): boolean {
  return !isLeft(result) && result.right.httpStatus !== 401 && (_tag === 'Rejected' || _tag === 'NotFound')
}
