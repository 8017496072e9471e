import type { Either } from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../index.js'
import { clip, describeType, quote } from '../messages/format-value.js'
import { isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'

/**
 * The decoder of one message field. It runs only if the field is present and not null.
 *
 * Source: https://protobuf.dev/programming-guides/json.
 */
export interface Field<A> {
  readonly kind: 'string' | 'bool' | 'int64' | 'timestamp' | 'enum' | 'list' | 'map' | 'message'
  /** The value of the field if the server did not send it. */
  readonly default: A
  /** Decodes the value that the server sent. */
  readonly decode: (sent: unknown) => Either<DecodeError, A>
  /** The value names of an enum, in the order of their numbers, from 0. */
  readonly names?: readonly string[]
  /** The fields of a nested message. */
  readonly fields?: Readonly<Record<string, Field<unknown>>>
}

/** The fields of a message by JSON name. */
export type Fields<A> = { readonly [K in keyof A]-?: Field<A[K]> }

/** One of the known names, or another string. An unknown enum number becomes its digits. */
export type OpenEnum<Name extends string> = Name | (string & {})

/** A string; empty by default. */
export const text: Field<string> = {
  kind: 'string',
  default: '',
  decode: (sent) => (typeof sent === 'string' ? right(sent) : decodeError('a string', sent)),
}

/** A boolean; false by default. */
export const bool: Field<boolean> = {
  kind: 'bool',
  default: false,
  decode: (sent) => (typeof sent === 'boolean' ? right(sent) : decodeError('a boolean', sent)),
}

/** An int64 as decimal digits, because a JavaScript number cannot hold every int64. An unsafe number is an error. */
export const int64: Field<string> = {
  kind: 'int64',
  default: '0',
  decode: (sent) => {
    const digits = Number.isSafeInteger(sent) ? String(sent) : sent
    return typeof digits === 'string' && /^-?\d{1,19}$/.test(digits)
      ? right(digits)
      : decodeError('an int64', sent)
  },
}

/** A timestamp as an RFC 3339 string; undefined by default. */
export const timestamp: Field<string | undefined> = {
  kind: 'timestamp',
  default: undefined,
  decode: (sent) =>
    typeof sent === 'string' && parseTimestamp(sent)
      ? right(sent)
      : decodeError('an RFC 3339 timestamp', sent),
}

/** An enum as a name. The server may send a name or a number. The first name is the default. */
export function oneOf<const Name extends string>(
  first: Name,
  ...more: readonly Name[]
): Field<OpenEnum<Name>> {
  const names = [first, ...more]
  return {
    kind: 'enum',
    default: first,
    names,
    decode: (sent) => {
      if (typeof sent === 'string') return right(sent)
      return Number.isInteger(sent)
        ? right(names[Number(sent)] ?? String(sent))
        : decodeError('the name or number of an enum', sent)
    },
  }
}

/** A list of strings; empty by default. */
export const texts: Field<readonly string[]> = {
  kind: 'list',
  default: Object.freeze([]),
  decode: (sent) =>
    Array.isArray(sent) ? (firstOther(sent) ?? right([...sent])) : decodeError('an array', sent),
}

/** A map from strings to strings; empty by default. */
export const textMap: Field<Readonly<Record<string, string>>> = {
  kind: 'map',
  default: Object.freeze({}),
  decode: (sent) =>
    isJsonObject(sent)
      ? (firstOther(sent) ?? right({ ...(sent as Readonly<Record<string, string>>) }))
      : decodeError('an object', sent),
}

/** A nested message; undefined by default. */
export function nested<A>(fields: Fields<A>): Field<A | undefined> {
  return {
    kind: 'message',
    default: undefined,
    fields,
    decode: decodeFields(fields),
  }
}

/**
 * Decodes all fields of a message and keeps unknown members. A field with its original name, such as `display_name`,
 * is returned with its JSON name.
 */
export function decodeFields<A>(fields: Fields<A>): (sent: unknown) => Either<DecodeError, A> {
  const known = Object.entries<Field<unknown>>(fields).map(
    ([key, field]) => ({ key, original: originalName(key), field }) as const,
  )
  const names = new Set(known.flatMap(({ key, original }) => [key, original]))
  return (sent) => {
    if (!isJsonObject(sent)) return decodeError('an object', sent)
    const members: (readonly [string, unknown])[] = []
    for (const { key, original, field } of known) {
      const one = own(sent, key) ?? own(sent, original)
      const read = one == null ? right(field.default) : field.decode(one)
      if (isLeft(read)) return left(within(key, read.left))
      if (read.right !== undefined) members.push([key, read.right])
    }
    const others = Object.entries(sent).filter(([key]) => !names.has(key))
    // Object.fromEntries, because assignment would lose a member called __proto__.
    return right(Object.fromEntries([...members, ...others]) as A)
  }
}

/** Returns a decode error with the expected and the received value. A long string is truncated. */
export function decodeError(wanted: string, sent: unknown): Either<DecodeError, never> {
  return decodeErrorAt('', wanted, sent)
}

/** Returns a decode error at a path. */
export function decodeErrorAt(path: string, wanted: string, sent: unknown): Either<DecodeError, never> {
  return left({ path, message: `expected ${wanted}, got ${formatReceived(sent)}` })
}

/** Formats a decode error as one line: path and reason. */
export function decodeErrorText({ path, message }: DecodeError): string {
  return path ? `${path}: ${message}` : message
}

function within(key: string, { path, message }: DecodeError): DecodeError {
  return {
    path: path ? `${key}.${path}` : key,
    message,
  }
}

// The server did not send an inherited member.
function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function originalName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** Returns an error for the first member of a list or map that is not a string. */
function firstOther(sent: object): Either<DecodeError, never> | undefined {
  const other = Object.entries(sent).find(([, value]) => typeof value !== 'string')
  return other && decodeErrorAt(other[0], 'a string', other[1])
}

function formatReceived(value: unknown): string {
  return typeof value === 'string' ? quote(clip(value, MAX_TEXT_LENGTH)) : describeType(value)
}

const MAX_TEXT_LENGTH = 80

const FORM = /^(?!0000)\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i

/**
 * Parses a timestamp of the API, such as `2024-05-01T08:30:00.123456789Z`, to a Date.
 *
 * A Date has milliseconds; smaller units are truncated. Returns undefined if the timestamp is absent or invalid: not RFC
 * 3339, a day that the month does not have, or a leap second, which the API does not send.
 *
 * Source: RFC 3339; google/protobuf/timestamp.proto.
 */
export function parseTimestamp(timestamp: string | undefined): Date | undefined {
  if (timestamp === undefined || !FORM.test(timestamp)) return undefined
  const date = new Date(timestamp)
  return Number.isNaN(date.getTime()) || !isDay(timestamp.slice(0, 10)) ? undefined : date
}

/** Rejects a day that does not exist, because Date turns the 30th of February into the 1st of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
