import type { Decoder, Json } from '../index.js'
import { isLeft, right } from '../model/either.js'
import * as emptyMetadata from './empty-metadata.js'
import * as folder from './folder.js'
import { type Message, messageName, typeOf } from './message.js'
import * as project from './project.js'
import * as tag from './tag.js'

type MessagesOf<Module> = {
  readonly [K in keyof Module as Module[K] extends Message<infer Tag, unknown>
    ? Tag
    : never]: Module[K] extends Message<string, infer A> ? A : never
}

/** Every message that this version can decode, by its tag, such as `v3.Project`. */
export interface Messages
  extends MessagesOf<typeof emptyMetadata>,
    MessagesOf<typeof folder>,
    MessagesOf<typeof project>,
    MessagesOf<typeof tag> {}

/** A decoded message and its tag, such as `v3.Project`. */
export type KnownMessage = {
  readonly [T in keyof Messages]: {
    readonly _tag: T
    /** The `@type` that the server sent. */
    readonly type: string
    readonly value: Messages[T]
  }
}[keyof Messages]

/** A message whose type is unknown, or that does not match its type. `value` is the original JSON. */
export interface UnknownMessage {
  readonly _tag: 'UnknownMessage'
  /** The `@type` that the server sent, or the empty string. */
  readonly type: string
  readonly value: Json | undefined
  /** The path of the mismatch and its reason. Absent if the type is unknown. */
  readonly decodeError?: string
}

/** A response or metadata that was decoded by its `@type`. */
export type AnyMessage = KnownMessage | UnknownMessage

const MESSAGE_BY_NAME = /* @__PURE__ */ mapByName(emptyMetadata, folder, project, tag)

function mapByName(...modules: readonly object[]): ReadonlyMap<string | undefined, Message<string, unknown>> {
  const messages = modules.flatMap((module) => Object.values(module)).filter(isMessage)
  return new Map(messages.map((message) => [messageName(message.type), message]))
}

function isMessage(value: unknown): value is Message<string, unknown> {
  return typeof value === 'object' && value !== null && '~standard' in value
}

/**
 * Decodes a response or metadata by its `@type`.
 *
 * Returns an {@link UnknownMessage} if the `@type` is absent or unknown, or if the value does not match its type.
 *
 * Source: google/protobuf/any.proto.
 */
export function decodeAny(value: Json | undefined): AnyMessage {
  const receivedType = typeOf(value)
  const type = typeof receivedType === 'string' ? receivedType : ''
  const message = MESSAGE_BY_NAME.get(messageName(receivedType))
  if (message === undefined) return { _tag: 'UnknownMessage', type, value }
  const decoded = message.decode(value)
  return isLeft(decoded)
    ? { _tag: 'UnknownMessage', type, value, decodeError: decoded.left }
    : // The cast is required, because the type of the map does not relate each tag to its own message type.
      ({ _tag: message.tag, type, value: decoded.right } as KnownMessage)
}

/** Decodes responses and metadata with {@link decodeAny}. Never returns a Left. */
export const anyMessage: Decoder<AnyMessage> = (value) => right(decodeAny(value as Json | undefined))
