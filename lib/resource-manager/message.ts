import type { DecodeError, Json, StandardSchema } from '../index.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import { decodeErrorText } from '../wire/decoder.js'
import { decodeErrorAt } from './field.js'
import { decodeFields, type Fields } from './message-fields.js'

/**
 * A message of the API: its name, its fields and its decoder.
 *
 * Pass it as the option `response` or `metadata`. It is also a Standard Schema, whose issues contain the path and the
 * reason of an error. It decodes proto3 JSON: an absent or null field gets its default, proto field names such as
 * `display_name` are accepted, and unknown members are kept. A field with a wrong type or a wrong `@type` is an
 * error. The `@type` may be absent.
 *
 * Source: https://protobuf.dev/programming-guides/json; google/protobuf/any.proto.
 */
export interface Message<Tag extends string, A> extends StandardSchema<A> {
  /** The version and name, such as `v3.Project`. `decodeAny` returns this tag as `_tag`. */
  readonly tag: Tag
  /** The `@type` of the message. */
  readonly type: `type.googleapis.com/${string}`
  readonly fields: Fields<A>
  /** Decodes a value. The Left contains the path and the reason, such as `state: expected a string, got a number`. */
  readonly decode: (value: unknown) => Either<string, A>
}

/** A message without published fields. The server may nevertheless send members. */
export interface NoFields {
  readonly [more: string]: Json | undefined
}

export type Version = 'v1' | 'v2' | 'v3'

// Replaces NoInfer, which requires TypeScript 5.4, because 5.2 and 5.3 are also supported. TypeScript must not infer
// A from the fields: the caller specifies A, and the fields are checked against it.
type NoInference<A> = [A][A extends unknown ? 0 : never]

// The package of v1 has no dot between `cloud` and `resourcemanager`.
const PACKAGES: Readonly<Record<Version, string>> = {
  v1: 'google.cloudresourcemanager.v1',
  v2: 'google.cloud.resourcemanager.v2',
  v3: 'google.cloud.resourcemanager.v3',
}

const WRONG_DESCRIPTOR = '; use the descriptor of the method that started the operation'

/**
 * Creates a message. By default, it is a message of one API version. `decodeBody` is called after the `@type` has been
 * checked.
 */
export function message<A, Tag extends `${Version}.${string}` | 'Empty'>(
  tag: Tag,
  fields: NoInference<Fields<A>>,
  fullName: string = tag.replace(/^v\d/, (version) => PACKAGES[version as Version]),
  decodeBody: (value: unknown) => Either<DecodeError, A> = decodeFields<A>(fields),
): Message<Tag, A> {
  const type = `type.googleapis.com/${fullName}` as const
  const decode = (value: unknown): Either<DecodeError, A> => {
    const receivedType = typeOf(value)
    return receivedType === undefined || messageName(receivedType) === fullName
      ? decodeBody(value)
      : decodeErrorAt('@type', type, receivedType, WRONG_DESCRIPTOR)
  }
  return {
    tag,
    type,
    fields,
    decode: (value) => {
      const decoded = decode(value)
      return isLeft(decoded) ? left(decodeErrorText(decoded.left)) : right(decoded.right)
    },
    '~standard': {
      version: 1,
      vendor: 'rx-longrunning',
      validate: (value) => {
        const decoded = decode(value)
        if (!isLeft(decoded)) return { value: decoded.right }
        const { path, message } = decoded.left
        return { issues: [{ message, path: path === '' ? [] : path.split('.') }] }
      },
    },
  }
}

/** Returns the `@type` of a value, or undefined. */
export function typeOf(value: unknown): unknown {
  return isJsonObject(value) && Object.hasOwn(value, '@type') ? (value['@type'] ?? undefined) : undefined
}

/** Returns the full name of a message from its `@type`: the part after the last slash. */
export function messageName(type: unknown): string | undefined {
  return typeof type === 'string' ? type.slice(type.lastIndexOf('/') + 1) : undefined
}
