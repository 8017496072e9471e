import type { Json, JsonObject } from '../../model/json.js'
import type { Enums, Format } from '../http/format.js'
import type { Numbered } from '../http/pagination.js'
import type { Call } from '../resource-manager/mutation.js'
import type { FrameStatus } from '../script/frame.js'
import type { EmulatedService, ServiceState } from './service-state.js'

/** How a service names and formats its operations and resources. */
export interface ServiceDefinition {
  /** Matches a path. The groups are the path of the API version, such as `compute/v1`, and the name. */
  readonly path: RegExp
  readonly batchPath?: RegExp
  readonly collections: ReadonlySet<string>
  /** The methods whose names are plural nouns. Other plural nouns in a path are collections. */
  readonly pluralMethods?: ReadonlySet<string>
  /** Matches the methods of a project that have no collection, such as `setCommonInstanceMetadata`. */
  readonly projectMethods?: RegExp
  /** Matches the scope at the beginning of a name, such as `projects/p/zones/z`. */
  readonly scope: RegExp
  /** The format of error bodies, if it is not the format of Resource Manager. */
  readonly errorFormat?: Partial<Format>
  /** The methods of operations besides get and list, by HTTP method and the end of the path, such as `POST /wait`. */
  readonly operationMethods: Readonly<Record<string, 'wait' | 'cancel' | 'delete'>>
  /** The numbers of the enum values of each member of an operation. */
  readonly enums: Enums
  /** The name of the method that creates a resource. */
  readonly createVerb: 'insert' | 'create'
  /** Returns the one spelling of a name under which the emulator stores its resource. @defaultValue the name */
  readonly canonicalName?: (name: string, projectId: (project: string) => string) => string
  /** Returns the URL of a canonical name, as the service reports it. */
  readonly link: (version: string, name: string, projectNumber: (project: string) => string) => string
  /** Returns the ID of a new operation. */
  readonly operationId: (seed: string, date: number) => string
  /** Returns the body of an operation without the members of its script. */
  readonly operation: (facts: OperationFacts) => JsonObject
  /** Returns the members of an operation that a request starts. `target` is the canonical name of the changed resource. */
  readonly started: (call: ServiceCall, target: string, verb: string, collection: string) => JsonObject
  /** Returns the members of a started operation that only its first frame has. */
  readonly pending?: JsonObject
  /** Whether a method is done in the response to the request. */
  readonly isImmediate?: (collection: string, verb: string) => boolean
  /** Returns the ID that the service creates for a resource, because the request has none. */
  readonly createdId?: (scope: string, collection: string, seed: string) => string | undefined
  /** Returns the resource in the body of the request that creates it. @defaultValue the body */
  readonly posted?: (body: JsonObject) => JsonObject
  /** The name of the method that creates a copy of a resource, and the function that returns the name in its body. */
  readonly copy?: { readonly verb: string; readonly nameIn: (body: JsonObject) => Json | undefined }
  /** Returns the part of a name that only one operation can change at a time. */
  readonly lockIn?: (name: string) => string | undefined
  /** Returns the members that a request changes. */
  readonly changes: (body: JsonObject, verb: string) => JsonObject
  /** Returns the members that the service adds to a new resource. */
  readonly resource: (call: ServiceCall, name: string, collection: string) => JsonObject
  /** Returns the response to a request that creates a resource. @defaultValue the operation */
  readonly creationResponse?: (
    operation: JsonObject,
    resource: JsonObject,
    collection: string,
  ) => JsonObject | undefined
  /** Returns a page of the list with the name in the call. */
  readonly page: (items: readonly Numbered<JsonObject>[], collection: string, call: ServiceCall) => JsonObject
}

/** A request to a service. */
export interface ServiceCall extends Call {
  readonly serviceState: ServiceState
  readonly label: EmulatedService
  readonly service: ServiceDefinition
  /** The path of the API version, such as `compute/v1`. */
  readonly version: string
  readonly method: string
  /** Returns the URL of a canonical name. */
  readonly link: (name: string) => string
}

/** The state of an operation in a response. */
export interface OperationFacts {
  /** The canonical name. */
  readonly name: string
  readonly id: string
  readonly status: string
  readonly error: FrameStatus | undefined
  /** The times in milliseconds since 1970. */
  readonly insertedAt: number
  readonly endedAt: number | undefined
  readonly link: (name: string) => string
}
