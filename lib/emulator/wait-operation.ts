import { defer, filter, map, merge, NEVER, repeat, startWith, switchMap, take, timer } from 'rxjs'
import { errorResponse, type ImmediateResponse, type ScriptedResponse } from './answer.js'
import { bodyObject, textField } from './fields.js'
import { fieldsOf, known, NOT_FOUND } from './operation-methods.js'
import { operationResponse } from './operation-reaction.js'
import type { Peek, Poll } from './operations.js'
import type { Call } from './plan.js'
import { badField } from './rpc-error.js'
import { hides } from './timeline.js'
import type { EmulatorState } from './world.js'

/**
 * `POST NAME:wait`, one poll that is answered once the operation is done or the timeout of the request is over.
 *
 * The timeout is of real time, whatever the clock of the emulator. A raw answer, a stall or a fault of the network
 * that takes effect meanwhile is answered at once; an operation that is removed is a 404.
 *
 * Source: google/longrunning/operations.proto
 */
export function waitOperation(world: EmulatorState, call: Call): ScriptedResponse {
  const timeout = Math.min(timeoutOf(call), world.maxWait)
  const { frame } = known(world.operations.poll(call.name))
  if (isOver({ frame })) return told(call, frame)
  const { operations } = world
  const asTimeGoes = defer(() => {
    const look = operations.peek(call.name)
    // It may have ended since it was looked at, and then nothing more comes.
    const next = isOver(look) ? 0 : (look?.untilNext ?? Infinity)
    return next > timeout ? NEVER : timer(Math.max(1, next))
  }).pipe(repeat())
  const touched = operations.touched.pipe(filter((name) => name === call.name))
  const ended = touched.pipe(
    startWith(call.name),
    switchMap((name) => asTimeGoes.pipe(startWith(name))),
    filter(() => isOver(operations.peek(call.name))),
  )
  const settled = merge(ended, timer(timeout)).pipe(
    take(1),
    map(() => lastLook(call, operations.peek(call.name))),
  )
  return { _tag: 'Held', response: settled }
}

function isOver(look: Poll | undefined): boolean {
  return look === undefined || look.frame?.done === true || hides(look.frame)
}

function lastLook(call: Call, look: Peek | undefined): ImmediateResponse {
  return look === undefined ? errorResponse(NOT_FOUND, call.format) : told(call, look.frame)
}

function told({ name, query, format }: Call, frame: Poll['frame']): ImmediateResponse {
  return operationResponse(name, frame, format, fieldsOf(query))
}

/** In ms; the body and the query may tell it, and without either it is as long as the emulator holds. */
function timeoutOf({ body, query }: Call): number {
  const text = textField(bodyObject(body), 'timeout') ?? query.timeout
  if (text === undefined || text === '') return Infinity
  if (!/^\d+(\.\d{1,9})?s$/.test(text)) throw badField('timeout', 'must be a duration such as 10s or 0.5s.')
  return Number.parseFloat(text) * 1000
}
