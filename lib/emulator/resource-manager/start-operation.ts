import type { JsonObject } from '../../model/json.js'
import { readBoolean } from '../http/format.js'
import type { ScriptedResponse } from '../http/responses.js'
import { operationResponse } from '../operations/operation-response.js'
import type { FailedFrame, Frame, SucceededFrame } from '../script/frame.js'
import { startFrame } from '../script/timeline.js'
import type { StartMethod } from './method-names.js'
import type { Call, Mutation, MutationPlanner } from './mutation.js'

const EMPTY = 'type.googleapis.com/google.protobuf.Empty'

/** A method that starts an operation. */
export interface MethodDefinition {
  /**
   * The part of the operation ID before its last dot.
   *
   * @defaultValue `op`
   */
  readonly idPrefix?: string | ((body: JsonObject) => string)
  /**
   * Whether the operation has metadata. False if Google does not document the type of the metadata.
   *
   * @defaultValue true
   */
  readonly hasMetadata?: false
  readonly plan: MutationPlanner
  /** Returns the default script. If it is absent, the default script is a running frame and a done frame. */
  readonly script?: (duration: number, metadata: JsonObject, response: JsonObject) => readonly Frame[]
  /**
   * Whether the default script ends the operation in the response to the request. This response has no name
   * and no metadata.
   */
  readonly immediate?: true
  /** Whether the method has the query parameter `validateOnly`. */
  readonly validates?: true
}

/** Starts an operation, or only validates the request, and returns the response. */
export function startOperation(
  method: StartMethod,
  definition: MethodDefinition,
  call: Call,
): ScriptedResponse {
  const { idPrefix = 'op', script, immediate, validates, hasMetadata = true } = definition
  const { state, body } = call
  const mutation = definition.plan(call)
  const types = typesOf(method)
  const metadata = hasMetadata ? { '@type': types.metadata, ...mutation.metadata } : undefined
  if (validates && readBoolean(call.query.validateOnly, false)) {
    const done = { ...doneFrame(types.response, mutation, mutation.preview), name: null }
    return operationResponse('', metadata ? { ...done, metadata } : done, call.format)
  }
  const name = `operations/${typeof idPrefix === 'string' ? idPrefix : idPrefix(body)}.${state.uniqueNumber(19)}`
  // `Started.target` names a project by its ID or number alone.
  const targetField = call.name === '' ? {} : { target: call.name.replace(/^projects\/([^/]+)$/, '$1') }
  const frames = state.script({ method, name, ...targetField, body }, (duration) => {
    const done = doneFrame(types.response, mutation)
    if (immediate) return [{ ...done, polls: 0, name: null }]
    if (!metadata) return [{}, { ...done, after: duration }]
    if (script && !done.error) return script(duration, metadata, done.response)
    return [{ metadata }, { ...done, metadata, after: duration }]
  })
  const { currentStage } = state.operations.start(name, frames)
  if (mutation.error === undefined) mutation.commit(currentStage)
  return operationResponse(name, startFrame(frames), call.format)
}

/** Returns the types of the metadata and the response of a method. In v3, the names of metadata are regular. */
function typesOf(method: StartMethod): { readonly metadata: string; readonly response: string } {
  const [version = '', ...names] = method.split('.')
  const [collection = '', verb = ''] = names
    .slice(-2)
    .map((name) => name.charAt(0).toUpperCase() + name.slice(1))
  // `Capabilities` becomes `Capability`, and `Projects` becomes `Project`.
  const resource = collection.replace(/ies$/, 'ys').slice(0, -1)
  const action = `${verb === 'Patch' ? 'Update' : verb}${resource}`
  const metadata = { v1: 'ProjectCreationStatus', v2: 'FolderOperation' }[version] ?? `${action}Metadata`
  // The package name of v1 has no dot after `cloud`, unlike v2 and v3.
  const prefix = `type.googleapis.com/google.cloud${version === 'v1' ? '' : '.'}resourcemanager.${version}.`
  const isEmpty = action === 'DeleteTagBinding' || action === 'DeleteTagHold'
  return { metadata: prefix + metadata, response: isEmpty ? EMPTY : prefix + resource }
}

type DoneFrame = FailedFrame | (SucceededFrame & { readonly response: JsonObject })

function doneFrame(type: string, { error, response }: Mutation, resource = response): DoneFrame {
  const members = type === EMPTY ? {} : resource
  return error ? { done: true, error } : { done: true, response: { '@type': type, ...members } }
}
