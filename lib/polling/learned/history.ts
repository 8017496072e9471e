import { describeType } from '../../messages/format-value.js'
import { InvalidOption } from '../../messages/invalid-option.js'
import { isJsonObject } from '../../model/json.js'
import { BUCKETS, MAX_COUNT } from './histogram.js'

/** A histogram of the durations of one kind of operation. */
export interface LearnedKind {
  /** The `@type` of the metadata; empty for operations without metadata. */
  readonly kind: string
  /** The bucket of the first count. */
  readonly from: number
  /** The number of operations in each bucket. Fractions come from operations whose end was between two polls. */
  readonly counts: readonly number[]
}

/** The history of a {@link learned} schedule, as JSON. The kind that was recorded last is the last one. */
export interface LearnedHistory {
  readonly version: 1
  readonly kinds: readonly LearnedKind[]
}

/** The maximum length of a kind, in characters. */
export const MAX_KIND_LENGTH: number = 256

/** Serializes the histogram of a kind, without empty buckets at either end. */
export function serializeKind(kind: string, counts: Float64Array): LearnedKind {
  const from = Math.max(
    0,
    counts.findIndex((count) => count > 0),
  )
  const to = counts.findLastIndex((count) => count > 0)
  return { kind, from, counts: [...counts.subarray(from, to + 1)] }
}

/** Validates one history or several, and returns their kinds; throws {@link InvalidOption}. */
export function checkHistory(history: unknown): readonly LearnedKind[] {
  return Array.isArray(history)
    ? history.flatMap((item, index) => checkKinds(`history[${index}]`, item))
    : checkKinds('history', history)
}

function checkKinds(option: string, history: unknown): readonly LearnedKind[] {
  const { version, kinds } = check(option, 'a value returned by toJSON', history, isJsonObject)
  check(`${option}.version`, '1', version, isVersion)
  return check(`${option}.kinds`, 'a list', kinds, isList).map((kind, index) =>
    checkKind(`${option}.kinds[${index}]`, kind),
  )
}

function checkKind(option: string, value: unknown): LearnedKind {
  const { kind, from: start, counts } = check(option, 'an object', value, isJsonObject)
  const from = check(`${option}.from`, `a whole number from 0 to ${BUCKETS - 1}`, start, isBucket)
  const maxLength = BUCKETS - from
  if (!isList(counts) || counts.length > maxLength)
    throw new InvalidOption(`${option}.counts`, `a list of at most ${maxLength}`, counts, describeList)
  return {
    kind: check(`${option}.kind`, `a string of at most ${MAX_KIND_LENGTH} characters`, kind, isKind),
    from,
    counts: counts.map((count, index) =>
      check(`${option}.counts[${index}]`, `a number from 0 to ${MAX_COUNT}`, count, isCount),
    ),
  }
}

function describeList(value: unknown): string {
  return isList(value) ? `a list of ${value.length}` : describeType(value)
}

function isList(value: unknown): value is readonly unknown[] {
  return Array.isArray(value)
}
function isKind(value: unknown): value is string {
  return typeof value === 'string' && value.length <= MAX_KIND_LENGTH
}
function isBucket(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) < BUCKETS
}
function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= MAX_COUNT
}
function isVersion(value: unknown): value is 1 {
  return value === 1
}

function check<A>(option: string, expected: string, value: unknown, is: (value: unknown) => value is A): A {
  if (is(value)) return value
  throw new InvalidOption(option, expected, value)
}
