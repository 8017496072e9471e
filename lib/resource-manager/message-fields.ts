import type { DecodeError } from '../index.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import { decodeError, type Field } from './field.js'

/** The fields of a message by JSON name. */
export type Fields<A> = { readonly [K in keyof A]-?: Field<A[K]> }

/** A nested message; undefined by default. */
export function nested<A>(fields: Fields<A>): Field<A | undefined> {
  return { kind: 'message', default: undefined, fields, decode: decodeFields(fields) }
}

/**
 * Decodes all fields of a message and keeps unknown members. Also accepts proto field names, such as `display_name`,
 * and converts them to JSON names.
 */
export function decodeFields<A>(fields: Fields<A>): (value: unknown) => Either<DecodeError, A> {
  const knownFields = Object.entries<Field<unknown>>(fields).map(
    ([key, field]) => ({ key, protoName: protoNameOf(key), field }) as const,
  )
  const knownKeys = new Set(knownFields.flatMap(({ key, protoName }) => [key, protoName]))
  return (object) => {
    if (!isJsonObject(object)) return decodeError('an object', object)
    const members: (readonly [string, unknown])[] = []
    for (const { key, protoName, field } of knownFields) {
      const value = ownValue(object, key) ?? ownValue(object, protoName)
      const decoded = value == null ? right(field.default) : field.decode(value)
      if (isLeft(decoded)) return decodeErrorIn(key, decoded.left)
      if (decoded.right !== undefined) members.push([key, decoded.right])
    }
    const unknownMembers = Object.entries(object).filter(([key]) => !knownKeys.has(key))
    // Object.fromEntries keeps a member called __proto__. An assignment would set the prototype instead.
    return right(Object.fromEntries([...members, ...unknownMembers]) as A)
  }
}

function decodeErrorIn(key: string, { path, message }: DecodeError): Either<DecodeError, never> {
  return left({ path: [key, path].filter(Boolean).join('.'), message })
}

/** Returns an own member. Ignores inherited members, because the server cannot have sent them. */
function ownValue(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function protoNameOf(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
