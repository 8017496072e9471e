import { isRight, right } from 'fp-ts/lib/Either.js'
import { type JsonObject, type OperationProtocol, type ServiceClientOptions, service } from '../lib/index.js'
import type { TransportResult } from './virtual.js'

/** A protocol, and the form in which its servers send an operation. */
export interface ProtocolCase {
  readonly title: string
  /** The name of an operation whose last segment is that of a name of google.longrunning. */
  readonly nameOf: (name: string) => string
  /** The options of a watch. Long polls have their own specs. */
  readonly options: Partial<ServiceClientOptions> & {
    readonly protocol?: OperationProtocol
    readonly longPoll?: false
  }
  /** Converts the JSON of `google.longrunning.Operation` to the form of the protocol. */
  readonly bodyOf: (operation: JsonObject) => JsonObject
}

/** Converts an operation to the form of services whose operations have the member `status`. */
function withStatus(operation: JsonObject, error: (error: JsonObject) => JsonObject): JsonObject {
  const { name } = operation
  return {
    ...operation,
    ...(typeof name === 'string' && { name: lastSegment(name) }),
    status: operation.done === true ? 'DONE' : 'RUNNING',
    ...(operation.error != null && { error: error(operation.error as JsonObject) }),
  }
}

function statusCase(title: string, parent: string, error: (error: JsonObject) => JsonObject): ProtocolCase {
  return {
    title,
    nameOf: (name) => `${parent}/operations/${lastSegment(name)}`,
    options: { protocol: service(title).service.protocol, longPoll: false },
    bodyOf: (operation) => withStatus(operation, error),
  }
}

function lastSegment(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

function errorList(error: JsonObject): JsonObject {
  return { errors: [error] }
}

/** Every protocol of a service with operations. The first is google.longrunning. */
export const PROTOCOLS: readonly ProtocolCase[] = [
  { title: 'google.longrunning', nameOf: (name) => name, options: {}, bodyOf: (operation) => operation },
  statusCase('compute', 'projects/p/zones/z', errorList),
  statusCase('container', 'projects/p/locations/l', (error) => error),
  statusCase('sqladmin', 'projects/p', errorList),
  {
    title: 'vertex-prediction',
    nameOf: (name) => `projects/p/locations/l/publishers/google/models/m/operations/${lastSegment(name)}`,
    options: { protocol: service('aiplatform', { location: 'l' }).service.protocol },
    bodyOf: (operation) => operation,
  },
]

/** Converts the operation in a scripted response. A failure has no operation, and is returned unchanged. */
export function resultOf({ bodyOf }: ProtocolCase, result: TransportResult): TransportResult {
  return isRight(result) ? right({ ...result.right, body: bodyOf(result.right.body as JsonObject) }) : result
}
