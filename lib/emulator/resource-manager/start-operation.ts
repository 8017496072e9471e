import type { JsonObject } from '../../model/json.js'
import { readBoolean } from '../http/format.js'
import type { ScriptedResponse } from '../http/responses.js'
import { operationResponse } from '../operations/operation-response.js'
import type { FailedFrame, Frame, SucceededFrame } from '../script/frame.js'
import { startFrame } from '../script/timeline.js'
import type { EmulatorState } from '../state.js'
import { readBody } from './fields.js'
import type { StartMethod } from './method-names.js'
import type { Call, Mutation, MutationPlanner } from './mutation.js'

/** A method that starts an operation. */
export interface MethodDefinition {
  /** The HTTP verb and the path. Braces mark the name, `*` matches one segment, and `**` one or more. */
  readonly http: string
  /**
   * The part of the operation ID before its last dot.
   *
   * @defaultValue `op`
   */
  readonly idPrefix?: string | ((body: JsonObject) => string)
  /** The type of the metadata. Absent if Google does not document the type: then the operation has no metadata. */
  readonly metadata?: string
  /** The type of the response. */
  readonly response: string
  readonly plan: MutationPlanner
  /** Returns the default script; by default, a running frame and a done frame. */
  readonly script?: (duration: number, metadata: JsonObject, response: JsonObject) => readonly Frame[]
  /**
   * Whether the default script is done in the response to the request. This response has no name and no
   * metadata.
   */
  readonly immediate?: true
  /** Whether the method has the query parameter `validateOnly`. */
  readonly validates?: true
}

/** Starts an operation, or only validates the request, and returns the response. */
export function startOperation(
  state: EmulatorState,
  method: StartMethod,
  definition: MethodDefinition,
  call: Call,
): ScriptedResponse {
  const { idPrefix = 'op', script, immediate, validates } = definition
  const body = readBody(call.body)
  const mutation = definition.plan(state, { ...call, body })
  const metadata = definition.metadata && { '@type': definition.metadata, ...mutation.metadata }
  if (validates && readBoolean(call.query.validateOnly, false)) {
    const done = { ...doneFrame(definition.response, mutation, mutation.preview), name: null }
    return operationResponse('', metadata ? { ...done, metadata } : done, call.format)
  }
  const name = `operations/${typeof idPrefix === 'string' ? idPrefix : idPrefix(body)}.${state.number(19)}`
  const target = call.name === '' ? {} : { target: call.name }
  const frames = state.script({ method, name, ...target, body }, (duration) => {
    const done = doneFrame(definition.response, mutation)
    if (immediate) return [{ ...done, polls: 0, name: null }]
    if (!metadata) return [{}, { ...done, after: duration }]
    if (script && !done.error) return script(duration, metadata, done.response)
    return [{ metadata }, { ...done, metadata, after: duration }]
  })
  const stage = state.operations.start(name, frames)
  if (mutation.error === undefined) mutation.commit(stage)
  return operationResponse(name, startFrame(frames), call.format)
}

type DoneFrame = FailedFrame | (SucceededFrame & { readonly response: JsonObject })

function doneFrame(type: string, { error, response }: Mutation, preview = response): DoneFrame {
  return error ? { done: true, error } : { done: true, response: { '@type': type, ...preview } }
}
