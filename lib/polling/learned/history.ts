import { describeType } from '../../messages/format-value.js'
import { InvalidOption } from '../../messages/invalid-option.js'
import { isJsonObject } from '../../model/json.js'
import { BUCKET_COUNT, MAX_TOTAL_COUNT } from './histogram.js'

/** A histogram of the durations of one kind of operation. */
export interface LearnedKind {
  /** The `@type` of the metadata; the empty string for operations without metadata. */
  readonly kind: string
  /** The index of the bucket that `counts[0]` belongs to. */
  readonly from: number
  /**
   * The number of operations in each bucket. A count can be a fraction: an operation that ended between two polls is
   * spread over several buckets.
   */
  readonly counts: readonly number[]
}

/** The history of a {@link learned} schedule, as JSON. Kinds are ordered by last update, most recent last. */
export interface LearnedHistory {
  readonly version: 1
  readonly kinds: readonly LearnedKind[]
}

/** The maximum length of a kind, in characters. */
export const MAX_KIND_LENGTH: number = 256

/** Serializes the histogram of a kind, without empty buckets at either end. */
export function serializeKind(kind: string, counts: Float64Array): LearnedKind {
  const first = counts.findIndex((count) => count > 0)
  const from = Math.max(0, first)
  const to = counts.findLastIndex((count) => count > 0)
  return { kind, from, counts: [...counts.subarray(from, to + 1)] }
}

/** Validates a history or an array of histories, and returns their kinds. Throws {@link InvalidOption}. */
export function checkHistory(history: unknown): readonly LearnedKind[] {
  return Array.isArray(history)
    ? history.flatMap((item, index) => checkKinds(`history[${index}]`, item))
    : checkKinds('history', history)
}

function checkKinds(option: string, history: unknown): readonly LearnedKind[] {
  check(isJsonObject(history), option, 'a value returned by toJSON', history)
  const { version, kinds } = history
  check(version === 1, `${option}.version`, '1', version)
  check(Array.isArray(kinds), `${option}.kinds`, 'a list', kinds)
  return kinds.map((kind, index) => checkKind(`${option}.kinds[${index}]`, kind))
}

function checkKind(option: string, value: unknown): LearnedKind {
  check(isJsonObject(value), option, 'an object', value)
  const { kind, from, counts } = value
  const isKind = typeof kind === 'string' && kind.length <= MAX_KIND_LENGTH
  check(isKind, `${option}.kind`, `a string of at most ${MAX_KIND_LENGTH} characters`, kind)
  const isBucket = typeof from === 'number' && Number.isInteger(from) && from >= 0 && from < BUCKET_COUNT
  check(isBucket, `${option}.from`, `a whole number from 0 to ${BUCKET_COUNT - 1}`, from)
  const maxLength = BUCKET_COUNT - from
  if (!Array.isArray(counts) || counts.length > maxLength)
    throw new InvalidOption(`${option}.counts`, `at most ${maxLength} numbers`, counts, describeList)
  for (const [index, count] of counts.entries()) {
    const isCount = typeof count === 'number' && count >= 0 && count <= MAX_TOTAL_COUNT
    check(isCount, `${option}.counts[${index}]`, `a number from 0 to ${MAX_TOTAL_COUNT}`, count)
  }
  return { kind, from, counts: [...counts] }
}

function describeList(value: unknown): string {
  return Array.isArray(value) ? `a list of ${value.length} elements` : describeType(value)
}

function check(isValid: boolean, option: string, expected: string, value: unknown): asserts isValid {
  if (!isValid) throw new InvalidOption(option, expected, value)
}
