import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft, left, right } from '../model/either.js'
import { isJsonObject, isTooDeep, type Json, type JsonObject } from '../model/json.js'
import type { Refusal, Running } from '../model/operation.js'
import { type Place, parseTarget } from '../model/resume-token.js'
import type { Course } from './course.js'

/** Whether a value is meant to be a {@link Course}, and not a token. */
export function isKept(given: unknown): given is JsonObject {
  return isJsonObject(given) && 'target' in given
}

/**
 * Reads a course that was kept elsewhere, as JSON: its form is checked here, where it leads by whoever asks. Clocks of
 * two machines differ, so what lies in the time to come is now. The Left says why it was refused.
 */
export function parseCourse(given: JsonObject, here: Place, now: number): Either<string, Course> {
  const target = parseTarget(given.target, here)
  if (isLeft(target)) return left(`the kept course was refused: ${target.left}`)
  const { beganAt, askedAt, attempt, answered, visible, oddities } = given
  const lastSeen = runningOf(given.lastSeen)
  const failing = failingOf(given.failing, now)
  if (
    !(isTime(beganAt) && isTime(askedAt) && isCount(attempt) && isCount(oddities)) ||
    typeof answered !== 'boolean' ||
    typeof visible !== 'boolean' ||
    lastSeen === 'refused' ||
    failing === 'refused'
  )
    return left('the kept course was refused: it is not of the form that a step gives')
  return right({
    target: { ...target.right, since: Math.min(now, target.right.since ?? beganAt) },
    beganAt: Math.min(now, beganAt),
    askedAt: Math.min(now, askedAt),
    attempt,
    answered,
    visible,
    lastSeen,
    failing,
    oddities,
  })
}

type Kept = Json | undefined

function isTime(value: Kept): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isCount(value: Kept): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function failingOf(given: Kept, now: number): Course['failing'] | 'refused' {
  if (given == null) return undefined
  if (!isJsonObject(given) || !isTime(given.since) || !isCount(given.attempts)) return 'refused'
  return { since: Math.min(now, given.since), attempts: given.attempts }
}

function runningOf(given: Kept): Running<Json> | undefined | 'refused' {
  if (given == null) return undefined
  if (!isJsonObject(given) || given._tag !== 'Running' || isTooDeep(given)) return 'refused'
  const { name, reportedName, metadata, attempt, elapsed } = given
  const metadataRefused = refusalOf(given.metadataRefused)
  if (typeof name !== 'string' || !isCount(attempt) || !isTime(elapsed)) return 'refused'
  return {
    _tag: 'Running',
    done: false,
    name,
    ...(typeof reportedName === 'string' && { reportedName }),
    ...(metadata !== undefined && { metadata }),
    ...(metadataRefused && { metadataRefused }),
    attempt,
    elapsed,
  }
}

function refusalOf(given: Kept): Refusal | undefined {
  return isJsonObject(given) && typeof given.path === 'string' && typeof given.message === 'string'
    ? { path: given.path, message: given.message }
    : undefined
}
