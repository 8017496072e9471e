import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { DecodeError, Json, StandardSchema } from '../index.js'
import { type Fields, isObject, readFields, refusalText, refusedAt } from './field.js'

/**
 * A message of the API: what it is called, what is in it, and how it is read.
 *
 * It is itself a decoder, to be given as `response` or `metadata`; as a Standard Schema, so that a refusal tells its
 * path apart from its reason. It takes proto3 JSON: what was not sent, or is null, has its default; fields under their
 * original names are taken too; members that it does not know stay beside the others. It refuses a value with a field
 * of another type, or with the `@type` of another message. An absent `@type` is taken for its own.
 *
 * Source: https://protobuf.dev/programming-guides/json; google/protobuf/any.proto.
 */
export interface Message<Tag extends string, A> extends StandardSchema<A> {
  /** The version and name, such as `v3.Project`: the tag under which `decodeAny` gives it. */
  readonly tag: Tag
  /** The `@type` that it comes with. */
  readonly type: `type.googleapis.com/${string}`
  readonly fields: Fields<A>
  /** Reads a value; the Left says where it does not fit, and why, as `state: expected a string, got a number`. */
  readonly decode: (value: unknown) => Either<string, A>
}

/** Members that are in no published schema: whatever the server put there. */
export interface NoFields {
  readonly [more: string]: Json | undefined
}

type Version = 'v1' | 'v2' | 'v3'

// TypeScript's own NoInfer, which users of 5.2 and 5.3 do not have: A is stated by whoever calls, never read off the fields.
type NoInference<A> = [A][A extends unknown ? 0 : never]

// The package of v1 has one dot less.
const PACKAGES: Readonly<Record<Version, string>> = {
  v1: 'google.cloudresourcemanager.v1',
  v2: 'google.cloud.resourcemanager.v2',
  v3: 'google.cloud.resourcemanager.v3',
}

/** A message of one of the API's versions. */
export function message<A, V extends Version, Name extends string>(
  version: V,
  name: Name,
  fields: NoInference<Fields<A>>,
): Message<`${V}.${Name}`, A> {
  return messageOf(`${version}.${name}`, `${PACKAGES[version]}.${name}`, fields, readFields<A>(fields))
}

/** A message, by its full name and by what reads it once its `@type` is known to fit. */
export function messageOf<Tag extends string, A>(
  tag: Tag,
  fullName: string,
  fields: NoInference<Fields<A>>,
  readBody: (value: unknown) => Either<DecodeError, A>,
): Message<Tag, A> {
  const type = `type.googleapis.com/${fullName}` as const
  const read = (value: unknown): Either<DecodeError, A> => {
    const sent = typeOf(value)
    return sent === undefined || nameIn(sent) === fullName ? readBody(value) : refusedAt('@type', type, sent)
  }
  return {
    tag,
    type,
    fields,
    decode: (value) => {
      const outcome = read(value)
      return isLeft(outcome) ? left(refusalText(outcome.left)) : right(outcome.right)
    },
    '~standard': {
      version: 1,
      vendor: 'rx-longrunning',
      validate: (value) => {
        const outcome = read(value)
        if (!isLeft(outcome)) return { value: outcome.right }
        const { path, message } = outcome.left
        return { issues: [{ message, path: path === '' ? [] : path.split('.') }] }
      },
    },
  }
}

/** The `@type` of a value, whatever it is; undefined where it has none. */
export function typeOf(value: unknown): unknown {
  return isObject(value) && Object.hasOwn(value, '@type') ? (value['@type'] ?? undefined) : undefined
}

/** The full name of a message in its `@type`: what is before the last slash says only where its schema may be found. */
export function nameIn(type: unknown): string | undefined {
  return typeof type === 'string' ? type.slice(type.lastIndexOf('/') + 1) : undefined
}
