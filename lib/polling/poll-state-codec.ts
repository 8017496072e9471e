import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft, left, right } from '../model/either.js'
import { isJsonObject, isTooDeep, type Json, type JsonObject } from '../model/json.js'
import type { DecodeError, Running } from '../model/operation.js'
import type { ApiEndpoint } from '../model/target.js'
import { parseTarget } from '../names/resume-token.js'
import type { PollState } from './poll-state.js'

/** Whether a value is meant to be a {@link PollState}, and not a token. */
export function isSerializedState(given: unknown): given is JsonObject {
  return isJsonObject(given) && 'target' in given
}

/**
 * Reads a course that was kept elsewhere, as JSON: its form is checked here, where it leads by whoever asks. Clocks of
 * two machines differ, so what lies in the time to come is now. The Left says why it was refused.
 */
export function parsePollState(given: JsonObject, here: ApiEndpoint, now: number): Either<string, PollState> {
  const target = parseTarget(given.target, here)
  if (isLeft(target)) return left(`the kept course was refused: ${target.left}`)
  const { startedAt, polledAt, attempt, hasResponse, visible, malformedInARow } = given
  const lastSeen = runningOf(given.lastSeen)
  const failing = failingOf(given.failing, now)
  if (
    !(isTime(startedAt) && isTime(polledAt) && isCount(attempt) && isCount(malformedInARow)) ||
    typeof hasResponse !== 'boolean' ||
    typeof visible !== 'boolean' ||
    lastSeen === 'refused' ||
    failing === 'refused'
  )
    return left('the kept course was refused: it is not of the form that a step gives')
  return right({
    target: { ...target.right, since: Math.min(now, target.right.since ?? startedAt) },
    startedAt: Math.min(now, startedAt),
    polledAt: Math.min(now, polledAt),
    attempt,
    hasResponse,
    visible,
    lastSeen,
    failing,
    malformedInARow,
  })
}

type SerializedValue = Json | undefined

function isTime(value: SerializedValue): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isCount(value: SerializedValue): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function failingOf(given: SerializedValue, now: number): PollState['failing'] | 'refused' {
  if (given == null) return undefined
  if (!isJsonObject(given) || !isTime(given.since) || !isCount(given.attempts)) return 'refused'
  return { since: Math.min(now, given.since), attempts: given.attempts }
}

function runningOf(given: SerializedValue): Running<Json> | undefined | 'refused' {
  if (given == null) return undefined
  if (!isJsonObject(given) || given._tag !== 'Running' || isTooDeep(given)) return 'refused'
  const { name, reportedName, metadata, attempt, elapsed } = given
  const metadataError = refusalOf(given.metadataError)
  if (typeof name !== 'string' || !isCount(attempt) || !isTime(elapsed)) return 'refused'
  return {
    _tag: 'Running',
    done: false,
    name,
    ...(typeof reportedName === 'string' && { reportedName }),
    ...(metadata !== undefined && { metadata }),
    ...(metadataError && { metadataError: metadataError }),
    attempt,
    elapsed,
  }
}

function refusalOf(given: SerializedValue): DecodeError | undefined {
  return isJsonObject(given) && typeof given.path === 'string' && typeof given.message === 'string'
    ? { path: given.path, message: given.message }
    : undefined
}
