import { describeType } from '../../messages/format-value.js'
import { InvalidOption } from '../../messages/invalid-option.js'
import { isJsonObject } from '../../model/json.js'
import { BUCKETS, MAX_COUNT } from './histogram.js'

/** How long operations of one kind took: how many fell into each bucket of time. */
export interface LearnedKind {
  /** The `@type` of their metadata; empty where they had none. */
  readonly kind: string
  /** The bucket of the first count. */
  readonly from: number
  /** How many operations, bucket by bucket; parts of one where its end is known only to lie within a span. */
  readonly counts: readonly number[]
}

/** What {@link learned} remembers, as JSON; the kind that was recorded last comes last. */
export interface LearnedHistory {
  readonly version: 1
  readonly kinds: readonly LearnedKind[]
}

/** The longest name of a kind, in characters. */
export const MAX_KIND_LENGTH: number = 256

/** A kind's durations as history has them, without what is empty before the first and after the last. */
export function serializeKind(kind: string, counts: Float64Array): LearnedKind {
  const from = Math.max(
    0,
    counts.findIndex((count) => count > 0),
  )
  const to = counts.findLastIndex((count) => count > 0)
  return { kind, from, counts: [...counts.subarray(from, to + 1)] }
}

/** The kinds of one history or several; throws {@link InvalidOption} for another form. */
export function checkHistory(history: unknown): readonly LearnedKind[] {
  return Array.isArray(history)
    ? history.flatMap((one, index) => checkOne(`history[${index}]`, one))
    : checkOne('history', history)
}

function checkOne(option: string, history: unknown): readonly LearnedKind[] {
  const { version, kinds } = held(option, 'what toJSON gave', history, isJsonObject)
  held(`${option}.version`, '1', version, isOne)
  return held(`${option}.kinds`, 'a list', kinds, isList).map((one, index) =>
    checkKind(`${option}.kinds[${index}]`, one),
  )
}

function checkKind(option: string, given: unknown): LearnedKind {
  const { kind, from: start, counts } = held(option, 'an object', given, isJsonObject)
  const from = held(`${option}.from`, `a whole number from 0 to ${BUCKETS - 1}`, start, isBucket)
  const most = BUCKETS - from
  if (!isList(counts) || counts.length > most)
    throw new InvalidOption(`${option}.counts`, `a list of at most ${most}`, counts, lengthOf)
  return {
    kind: held(`${option}.kind`, `a string of at most ${MAX_KIND_LENGTH} characters`, kind, isKind),
    from,
    counts: counts.map((count, index) =>
      held(`${option}.counts[${index}]`, `a number from 0 to ${MAX_COUNT}`, count, isCount),
    ),
  }
}

function lengthOf(given: unknown): string {
  return isList(given) ? `a list of ${given.length}` : describeType(given)
}

function isList(given: unknown): given is readonly unknown[] {
  return Array.isArray(given)
}
function isKind(given: unknown): given is string {
  return typeof given === 'string' && given.length <= MAX_KIND_LENGTH
}
function isBucket(given: unknown): given is number {
  return Number.isInteger(given) && Number(given) >= 0 && Number(given) < BUCKETS
}
function isCount(given: unknown): given is number {
  return typeof given === 'number' && given >= 0 && given <= MAX_COUNT
}
function isOne(given: unknown): given is 1 {
  return given === 1
}

function held<A>(option: string, expected: string, given: unknown, is: (given: unknown) => given is A): A {
  if (is(given)) return given
  throw new InvalidOption(option, expected, given)
}
