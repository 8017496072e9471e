import type { Either } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { DecodeError, Warning } from '../model/operation.js'
import type { Status } from '../model/status.js'

/** How one kind of operation is named, requested and decoded. Everything else is independent of the protocol. */
export interface OperationProtocol {
  /** The name of the protocol, such as `google.longrunning`. */
  readonly name: string
  /**
   * Returns the reason why a path is not the name of an operation, or undefined if it is valid. The path has only safe
   * characters and no empty segments.
   */
  readonly nameProblem: (name: string) => string | undefined
  /**
   * Returns the collection that a list requests. The argument of `client.list` is the parent of the collection, such as
   * `projects/p`, or the collection itself, such as `projects/p/operations`.
   */
  readonly collectionOf: (parent: string) => string
  /** Whether a watch uses the method `wait` if the option `longPoll` is not set. @defaultValue false */
  readonly usesWait?: boolean
  /** Whether the progress in the metadata reaches 100 % shortly before the end of the operation. @defaultValue true */
  readonly hasUsableProgress?: boolean
  /** Returns whether an operation has an optional method of the protocol. @defaultValue every operation has it */
  readonly hasMethod?: (method: 'wait' | 'cancel' | 'delete' | 'list', name: string) => boolean
  /** Returns the request for a snapshot. */
  readonly get: (name: string) => ProtocolRequest
  /**
   * Returns the request for a snapshot that the server may delay. `timeout` is the requested delay in milliseconds.
   * The `serverTimeout` of the request is the longest delay of the server.
   */
  readonly wait?: (name: string, timeout: number) => ProtocolRequest
  /** Returns the request that cancels an operation. */
  readonly cancel?: (name: string) => ProtocolRequest
  /** Returns the request that deletes the record of an operation. */
  readonly delete?: (name: string) => ProtocolRequest
  /** Returns the request for a page of operations. */
  readonly list?: (collection: string, page: PageRequest) => ProtocolRequest
  /** The members of a snapshot that a field mask must contain. */
  readonly requiredFields: readonly string[]
  /** Decodes a snapshot. `name` is the requested name. */
  readonly decode: (body: unknown, name: string) => Either<DecodeError, DecodedOperation>
  /** Decodes a page of a list. */
  readonly decodePage: (body: unknown, collection: string) => Either<DecodeError, Page>
  /**
   * Decodes what a client library returns for the call that starts an operation. The array or `{data}` around the value
   * is removed. The name of a running operation must be complete.
   */
  readonly decodeStarted: (value: unknown) => Either<DecodeError, DecodedOperation>
}

/** A request of a protocol. Its path is `name`, with each segment encoded, and `suffix`. */
export interface ProtocolRequest {
  /** @defaultValue `GET` */
  readonly method?: 'GET' | 'POST' | 'DELETE'
  readonly name: string
  /** The end of the path, such as `:cancel` or `/wait`. */
  readonly suffix?: string
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>
  /** The JSON of a POST request. */
  readonly body?: Json
  /** Milliseconds that the server may delay the response. */
  readonly serverTimeout?: number
}

/** Options that select a page of a list of operations. */
export interface PageRequest {
  /** A filter in the syntax of the service, such as `done=true`. */
  readonly filter?: string | undefined
  /** The maximum number of operations in a page; the service may return fewer. */
  readonly pageSize?: number | undefined
  readonly pageToken?: string | undefined
  /** Whether the service may omit the operations of unreachable locations, instead of rejecting the request. */
  readonly returnPartialSuccess?: boolean | undefined
}

/** An operation in a response, without the members that a watch adds. */
export type DecodedOperation =
  | ({ readonly _tag: 'Running' } & DecodedFields)
  | ({ readonly _tag: 'Succeeded'; readonly response?: Json | undefined } & DecodedFields)
  | ({ readonly _tag: 'Failed'; readonly status: Status } & DecodedFields)

/** The members of every decoded operation. */
export interface DecodedFields {
  /** The complete name, if the body contains it. */
  readonly name?: string | undefined
  readonly metadata?: Json | undefined
  /** The URL of the changed resource. */
  readonly target?: string | undefined
  readonly warnings?: readonly Warning[] | undefined
}

/** One page of a list of operations. */
export interface Page {
  /** The operations. An invalid operation is a Left, and does not affect the others. */
  readonly operations: readonly Either<DecodeError & { readonly name: string }, DecodedOperation>[]
  /** The locations whose operations are missing, such as zones that did not respond. */
  readonly unreachable: readonly string[]
  readonly warnings: readonly Warning[]
  /** Undefined on the last page. */
  readonly nextPageToken: string | undefined
}
