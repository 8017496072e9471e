import type { DecodeError } from '../index.js'
import { clip, describeType, quote } from '../messages/format-value.js'
import { type Either, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'

/**
 * The decoder of one message field. It is called only if the field is present and not null.
 *
 * Source: https://protobuf.dev/programming-guides/json.
 */
export interface Field<A> {
  readonly kind: 'string' | 'bool' | 'int64' | 'timestamp' | 'enum' | 'list' | 'map' | 'message'
  /** The value of an absent field. */
  readonly default: A
  /** Decodes the value that the server sent. */
  readonly decode: (value: unknown) => Either<DecodeError, A>
  /** The value names of an enum, in the order of their numbers, from 0. */
  readonly names?: readonly string[]
  /** The fields of a nested message. */
  readonly fields?: Readonly<Record<string, Field<unknown>>>
}

/** One of the known names, or another string. An unknown enum number is converted to its digits. */
export type OpenEnum<Name extends string> = Name | (string & {})

/** A string; empty by default. */
export const string: Field<string> = fieldOf('string', '', 'a string', (value) =>
  typeof value === 'string' ? value : undefined,
)

/** A boolean; false by default. */
export const bool: Field<boolean> = fieldOf('bool', false, 'a boolean', (value) =>
  typeof value === 'boolean' ? value : undefined,
)

/**
 * An int64 as a string of decimal digits, because a JavaScript number cannot represent every int64. A JSON number
 * outside the range of safe integers is a decode error.
 */
export const int64: Field<string> = fieldOf('int64', '0', 'an int64', (value) => {
  const digits = Number.isSafeInteger(value) ? String(value) : value
  return typeof digits === 'string' && /^-?\d{1,19}$/.test(digits) ? digits : undefined
})

/** A timestamp as an RFC 3339 string; undefined by default. */
export const timestamp: Field<string | undefined> = fieldOf<string | undefined>(
  'timestamp',
  undefined,
  'an RFC 3339 timestamp',
  (value) => (typeof value === 'string' && parseTimestamp(value) ? value : undefined),
)

/** An enum whose value is a name. The server may send a name or a number. The first name is the default. */
export function enumOf<const Name extends string>(
  ...names: readonly [Name, ...Name[]]
): Field<OpenEnum<Name>> {
  const field = fieldOf<OpenEnum<Name>>('enum', names[0], 'the name or number of an enum', (value) => {
    if (typeof value === 'string') return value
    return Number.isInteger(value) ? (names[Number(value)] ?? String(value)) : undefined
  })
  return { ...field, names }
}

/** Returns a field whose decoder rejects the values for which `read` returns undefined. */
function fieldOf<A>(
  kind: Field<A>['kind'],
  absent: A,
  expected: string,
  read: (value: unknown) => A | undefined,
): Field<A> {
  const decode = (value: unknown): Either<DecodeError, A> => {
    const decoded = read(value)
    return decoded === undefined ? decodeError(expected, value) : right(decoded)
  }
  return { kind, default: absent, decode }
}

/** A list of strings; empty by default. */
export const stringList: Field<readonly string[]> = {
  kind: 'list',
  default: Object.freeze([]),
  decode: (value) =>
    Array.isArray(value) ? (nonStringError(value) ?? right([...value])) : decodeError('an array', value),
}

/** A map from strings to strings; empty by default. */
export const stringMap: Field<Readonly<Record<string, string>>> = {
  kind: 'map',
  default: Object.freeze({}),
  decode: (value) =>
    isJsonObject(value)
      ? (nonStringError(value) ?? right({ ...(value as Readonly<Record<string, string>>) }))
      : decodeError('an object', value),
}

/** Returns a decode error that contains the expected and the received value. Truncates a long string. */
export function decodeError(expected: string, received: unknown): Either<DecodeError, never> {
  return decodeErrorAt('', expected, received)
}

/** Returns a decode error at a path. */
export function decodeErrorAt(
  path: string,
  expected: string,
  received: unknown,
  hint = '',
): Either<DecodeError, never> {
  return left({ path, message: `expected ${expected}, got ${formatReceived(received)}${hint}` })
}

/** Returns an error for the first member of a list or map that is not a string, or undefined if all are strings. */
function nonStringError(listOrMap: object): Either<DecodeError, never> | undefined {
  const nonString = Object.entries(listOrMap).find(([, value]) => typeof value !== 'string')
  return nonString && decodeErrorAt(nonString[0], 'a string', nonString[1])
}

function formatReceived(value: unknown): string {
  return typeof value === 'string' ? quote(clip(value, MAX_TEXT_LENGTH)) : describeType(value)
}

const MAX_TEXT_LENGTH = 80

const RFC3339 =
  /^(?!0000)\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i

/**
 * Parses a timestamp of the API, such as `2024-05-01T08:30:00.123456789Z`, to a Date.
 *
 * Truncates the time to milliseconds. Returns undefined if the timestamp is absent, is not RFC 3339, has a day that
 * does not exist, or is a leap second. The API does not send leap seconds.
 *
 * Source: RFC 3339; google/protobuf/timestamp.proto.
 */
export function parseTimestamp(timestamp: string | undefined): Date | undefined {
  if (timestamp === undefined || !RFC3339.test(timestamp)) return undefined
  const date = new Date(timestamp)
  return Number.isNaN(date.getTime()) || !dayExists(timestamp.slice(0, 10)) ? undefined : date
}

/** Returns whether a day exists. `Date` itself converts 30 February to 1 March. */
function dayExists(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
