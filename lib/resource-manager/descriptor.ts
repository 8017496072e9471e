import type { Message } from './message.js'

/**
 * A method that starts an operation: what the operation's metadata and response are, and where it is polled. Pass it as
 * options: `watchOperation(name, createProject)`, or `{...createProject, timeout: 60_000}`.
 *
 * Source: the discovery documents of the Cloud Resource Manager API; `operation_info` in google/cloud/resourcemanager/v3.
 */
export interface Descriptor<R, M> extends Method {
  /** The `@type` that the metadata comes with. */
  readonly metadataType: string
  /** The `@type` that the response comes with. */
  readonly responseType: string
  readonly metadata: Message<string, M>
  readonly response: Message<string, R>
}

/** A method that starts an operation whose types are not published: its metadata and response stay JSON. */
export interface RawDescriptor extends Method {
  readonly metadataType?: undefined
  readonly responseType?: undefined
  readonly metadata?: undefined
  readonly response?: undefined
}

interface Method {
  /** Its id in the discovery document, such as `cloudresourcemanager.projects.create`. */
  readonly method: string
  /** The version of the API that it belongs to. */
  readonly methodVersion: 'v1' | 'v2' | 'v3'
  /** The version under which its operations are polled; those of v2 are polled under v1. */
  readonly apiVersion: 'v1' | 'v3'
}

/** Describes a method by its messages. */
export function descriptor<R, M>(
  methodVersion: Method['methodVersion'],
  method: string,
  { metadata, response }: { readonly metadata: Message<string, M>; readonly response: Message<string, R> },
): Descriptor<R, M> {
  return {
    ...rawDescriptor(methodVersion, method),
    metadataType: metadata.type,
    responseType: response.type,
    metadata,
    response,
  }
}

/** Describes a method whose messages are not published. */
export function rawDescriptor(methodVersion: Method['methodVersion'], method: string): RawDescriptor {
  return {
    method: `cloudresourcemanager.${method}`,
    methodVersion,
    apiVersion: methodVersion === 'v3' ? 'v3' : 'v1',
  }
}
