import { readBoolean } from '../http/format.js'
import type { JsonObject } from '../http/json-text.js'
import type { ScriptedResponse } from '../http/responses.js'
import { operationResponse } from '../operations/operation-response.js'
import type { Frame } from '../script/frame.js'
import { startFrame } from '../script/timeline.js'
import type { EmulatorState } from '../state.js'
import { bodyObject } from './fields.js'
import type { StartMethod } from './method-names.js'
import type { Call, Mutation, MutationPlanner } from './mutation.js'

/** A method that starts an operation. */
export interface Start {
  readonly verb: 'POST' | 'PATCH' | 'DELETE'
  /** With the variable in braces; `*` is a segment and `**` is one or more. */
  readonly path: string
  /** What comes before the last dot in the operation's id. */
  readonly prefix: string | ((body: JsonObject) => string)
  /** The type of the metadata, which is left out where its type is unknown. */
  readonly metadata?: string
  readonly response: string
  readonly plan: MutationPlanner
  /** The usual script, where it is not one of running and done. */
  readonly script?: (duration: number, metadata: JsonObject, response: JsonObject) => readonly Frame[]
  /** The usual answer is an operation that is done, without a name and metadata. */
  readonly atOnce?: true
  /** The method has the query parameter `validateOnly`. */
  readonly validates?: true
}

/** What a request that starts an operation gets. */
export function startOperation(
  world: EmulatorState,
  method: StartMethod,
  start: Start,
  call: Call,
): ScriptedResponse {
  const body = bodyObject(call.body)
  const plan = start.plan(world, call, body)
  const metadata = start.metadata && { '@type': start.metadata, ...plan.metadata }
  if (start.validates && readBoolean(call.query.validateOnly, false)) {
    const done = { ...completedBody(start, plan, plan.preview ?? plan.response), name: null }
    return operationResponse('', metadata ? { ...done, metadata } : done, call.format)
  }
  const prefix = typeof start.prefix === 'string' ? start.prefix : start.prefix(body)
  const name = `operations/${prefix}.${world.number(19)}`
  const target = call.name === '' ? {} : { target: call.name }
  const usual = (duration: number): readonly Frame[] => {
    const done = completedBody(start, plan, plan.response)
    if (start.atOnce) return [{ ...done, polls: 0, name: null }]
    if (!metadata) return [{}, { ...done, after: duration }]
    if (start.script && 'response' in done) return start.script(duration, metadata, done.response)
    return [{ metadata }, { ...done, metadata, after: duration }]
  }
  const frames = world.script({ method, name, ...target, body }, usual)
  const stage = world.operations.begin(name, frames)
  if (plan.error === undefined) plan.commit(stage)
  return operationResponse(name, startFrame(frames), call.format)
}

type CompletedBody =
  | { readonly done: true; readonly error: NonNullable<Mutation['error']> }
  | { readonly done: true; readonly response: JsonObject }

function completedBody(start: Start, plan: Mutation, response: JsonObject): CompletedBody {
  return plan.error
    ? { done: true, error: plan.error }
    : { done: true, response: { '@type': start.response, ...response } }
}
