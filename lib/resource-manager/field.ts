import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import type { DecodeError } from '../index.js'

/**
 * How one field of a message is read from its JSON. It is asked only where the field was sent and is not null.
 *
 * Source: https://protobuf.dev/programming-guides/json.
 */
export interface Field<A> {
  readonly kind: 'string' | 'bool' | 'int64' | 'timestamp' | 'enum' | 'list' | 'map' | 'message'
  /** What the message has where the field was not sent. */
  readonly absent: A
  /** Reads what was sent, or says why not. */
  readonly read: (sent: unknown) => Either<DecodeError, A>
  /** Of an enum: the names of its values, in the order of their numbers, from 0. */
  readonly names?: readonly string[]
  /** Of a message: its own fields. */
  readonly fields?: Readonly<Record<string, Field<unknown>>>
}

/** A field for each member of a message, by its JSON name. */
export type Fields<A> = { readonly [K in keyof A]-?: Field<A[K]> }

/** One of these names, or another that this version does not know; a number without a name is its digits. */
export type OpenEnum<Name extends string> = Name | (string & {})

/** A string; absent, it is empty. */
export const text: Field<string> = {
  kind: 'string',
  absent: '',
  read: (sent) => (typeof sent === 'string' ? right(sent) : refused('a string', sent)),
}

/** A boolean; absent, it is false. */
export const bool: Field<boolean> = {
  kind: 'bool',
  absent: false,
  read: (sent) => (typeof sent === 'boolean' ? right(sent) : refused('a boolean', sent)),
}

/** An int64 as its digits, for a number of JavaScript may not hold it: one sent as a number that does not is refused. */
export const int64: Field<string> = {
  kind: 'int64',
  absent: '0',
  read: (sent) => {
    const digits = Number.isSafeInteger(sent) ? String(sent) : sent
    return typeof digits === 'string' && /^-?\d{1,19}$/.test(digits)
      ? right(digits)
      : refused('an int64', sent)
  },
}

/** A timestamp as its RFC 3339 string; absent, it stays absent. */
export const timestamp: Field<string | undefined> = {
  kind: 'timestamp',
  absent: undefined,
  read: (sent) =>
    typeof sent === 'string' && parseTimestamp(sent) ? right(sent) : refused('an RFC 3339 timestamp', sent),
}

/** An enum as a name, whether it is sent as a name or as a number; absent, it is the first. */
export function oneOf<const Name extends string>(
  first: Name,
  ...more: readonly Name[]
): Field<OpenEnum<Name>> {
  const names = [first, ...more]
  return {
    kind: 'enum',
    absent: first,
    names,
    read: (sent) => {
      if (typeof sent === 'string') return right(sent)
      return Number.isInteger(sent)
        ? right(names[Number(sent)] ?? String(sent))
        : refused('the name or number of an enum', sent)
    },
  }
}

/** A list of strings; absent, it is empty. */
export const texts: Field<readonly string[]> = {
  kind: 'list',
  absent: Object.freeze([]),
  read: (sent) => (Array.isArray(sent) ? (firstOther(sent) ?? right([...sent])) : refused('an array', sent)),
}

/** A map from strings to strings; absent, it is empty. */
export const textMap: Field<Readonly<Record<string, string>>> = {
  kind: 'map',
  absent: Object.freeze({}),
  read: (sent) =>
    isObject(sent)
      ? (firstOther(sent) ?? right({ ...(sent as Readonly<Record<string, string>>) }))
      : refused('an object', sent),
}

/** A message within a message; absent, it stays absent. */
export function nested<A>(fields: Fields<A>): Field<A | undefined> {
  return {
    kind: 'message',
    absent: undefined,
    fields,
    read: readFields(fields),
  }
}

/**
 * Reads all fields of a message. Whatever else was sent stays beside them; a field under its original name, such as
 * `display_name`, comes out under its JSON name.
 */
export function readFields<A>(fields: Fields<A>): (sent: unknown) => Either<DecodeError, A> {
  const known = Object.entries<Field<unknown>>(fields).map(
    ([key, field]) => ({ key, original: originalName(key), field }) as const,
  )
  const names = new Set(known.flatMap(({ key, original }) => [key, original]))
  return (sent) => {
    if (!isObject(sent)) return refused('an object', sent)
    const members: (readonly [string, unknown])[] = []
    for (const { key, original, field } of known) {
      const one = own(sent, key) ?? own(sent, original)
      const read = one == null ? right(field.absent) : field.read(one)
      if (isLeft(read)) return left(within(key, read.left))
      if (read.right !== undefined) members.push([key, read.right])
    }
    const others = Object.entries(sent).filter(([key]) => !names.has(key))
    // Not assigned one by one: a member may be called __proto__.
    return right(Object.fromEntries([...members, ...others]) as A)
  }
}

/** Whether a value is a JSON object. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Says what was wanted and what was there instead; of a string its beginning, for it may be long. */
export function refused(wanted: string, sent: unknown): Either<DecodeError, never> {
  return refusedAt('', wanted, sent)
}

/** As {@link refused}, of what is at a path. */
export function refusedAt(path: string, wanted: string, sent: unknown): Either<DecodeError, never> {
  return left({ path, message: `expected ${wanted}, got ${shown(sent)}` })
}

/** A refusal as one line: where, and why. */
export function refusalText({ path, message }: DecodeError): string {
  return path ? `${path}: ${message}` : message
}

function within(key: string, { path, message }: DecodeError): DecodeError {
  return {
    path: path ? `${key}.${path}` : key,
    message,
  }
}

// What is inherited was not sent.
function own(object: Readonly<Record<string, unknown>>, key: string): unknown {
  return Object.hasOwn(object, key) ? object[key] : undefined
}

function originalName(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** What is not a string among the members of a list or map, if anything. */
function firstOther(sent: object): Either<DecodeError, never> | undefined {
  const other = Object.entries(sent).find(([, value]) => typeof value !== 'string')
  return other && refusedAt(other[0], 'a string', other[1])
}

const LONGEST = 80

function shown(sent: unknown): string {
  if (typeof sent === 'string')
    return sent.length > LONGEST ? `${quoted(sent.slice(0, LONGEST))}…` : quoted(sent)
  if (sent == null) return String(sent)
  if (Array.isArray(sent)) return 'an array'
  return `${typeof sent === 'object' ? 'an' : 'a'} ${typeof sent}`
}

// What would not be seen, or would rearrange what is, comes as an escape.
function quoted(sent: string): string {
  return JSON.stringify(sent).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (unseen) => `\\u{${(unseen.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

const FORM = /^(?!0000)\d{4}-\d{2}-\d{2}T(?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2})$/i

/**
 * Reads a timestamp of the API, such as `2024-05-01T08:30:00.123456789Z`, as a Date.
 *
 * A Date counts milliseconds: what is finer is cut off, never rounded up. Undefined where there is none, or it is no
 * timestamp: not RFC 3339, a day that its month does not have, or a leap second, which the API does not send.
 *
 * Source: RFC 3339; google/protobuf/timestamp.proto.
 */
export function parseTimestamp(timestamp: string | undefined): Date | undefined {
  if (timestamp === undefined || !FORM.test(timestamp)) return undefined
  const date = new Date(timestamp)
  return Number.isNaN(date.getTime()) || !isDay(timestamp.slice(0, 10)) ? undefined : date
}

/** Date takes the 30th of February for the 1st of March. */
function isDay(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day)
}
