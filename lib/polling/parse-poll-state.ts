import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject, isTooDeep, type Json, type JsonObject } from '../model/json.js'
import type { Running, Warning } from '../model/operation.js'
import type { ApiEndpoint } from '../model/resume-token.js'
import { parseTarget } from '../names/parse-target.js'
import type { Forecast } from './forecast.js'
import type { PollState } from './poll-state.js'

/** Returns whether a value is a serialized {@link PollState} instead of a resume token. */
export function isSerializedState(value: unknown): value is JsonObject {
  return isJsonObject(value) && 'target' in value
}

/**
 * Parses a serialized poll state. The Left states why it is invalid. The caller must check the endpoint.
 *
 * Times in the future are replaced by `now`, because clocks of different machines may differ. `now` is the time of the
 * wall clock.
 */
export function parsePollState(json: JsonObject, api: ApiEndpoint, now: number): Either<string, PollState> {
  const target = parseTarget(json.target, api)
  if (isLeft(target)) return left(`poll state is invalid: ${target.left}`)
  const { startedAt, polledAt, attempt, hasResponse, visible, malformedInARow, due } = json
  const lastSeen = parseLastSeen(json.lastSeen)
  const failing = parseFailing(json.failing, now)
  const forecast = parseForecast(json.forecast)
  if (
    !(isTime(startedAt) && isTime(polledAt) && isCount(attempt) && isCount(malformedInARow)) ||
    typeof hasResponse !== 'boolean' ||
    typeof visible !== 'boolean' ||
    lastSeen === 'invalid' ||
    failing === 'invalid'
  )
    return left('poll state is invalid: a field is missing or has the wrong type')
  return right({
    target: { ...target.right, since: Math.min(now, target.right.since ?? startedAt) },
    startedAt: Math.min(now, startedAt),
    polledAt: Math.min(now, polledAt),
    attempt,
    hasResponse,
    visible,
    lastSeen,
    ...(forecast && { forecast }),
    failing,
    malformedInARow,
    ...(isTime(due) && { due }),
  })
}

function isTime(value: Json | undefined): value is number {
  return typeof value === 'number' && Number.isFinite(value)
}

function isCount(value: Json | undefined): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0
}

function parseFailing(json: Json | undefined, now: number): PollState['failing'] | 'invalid' {
  if (json == null) return undefined
  if (!isJsonObject(json) || !isTime(json.since) || !isCount(json.attempts)) return 'invalid'
  return { since: Math.min(now, json.since), attempts: json.attempts }
}

/** Returns undefined for an invalid forecast, because the next snapshots replace it. */
function parseForecast(json: Json | undefined): Forecast | undefined {
  const { fraction, meanElapsed, meanFraction, error, end } = isJsonObject(json) ? json : {}
  if (!isTime(fraction) || !isTime(meanElapsed) || !isTime(meanFraction)) return undefined
  return { fraction, meanElapsed, meanFraction, error: timeOf(error), end: timeOf(end) }
}

function timeOf(value: Json | undefined): number | undefined {
  return isTime(value) ? value : undefined
}

function parseLastSeen(json: Json | undefined): Running | undefined | 'invalid' {
  if (json == null) return undefined
  if (!isJsonObject(json) || json._tag !== 'Running' || isTooDeep(json)) return 'invalid'
  const { name, reportedName, metadata, metadataError, target, warnings, attempt, elapsed } = json
  if (typeof name !== 'string' || !isCount(attempt) || !isTime(elapsed)) return 'invalid'
  return {
    _tag: 'Running',
    done: false,
    name,
    ...(typeof reportedName === 'string' && { reportedName }),
    ...(metadata !== undefined && { metadata }),
    ...parseMetadataError(metadataError),
    ...(typeof target === 'string' && { target }),
    ...(Array.isArray(warnings) && warnings.every(isWarning) && { warnings }),
    attempt,
    elapsed,
  }
}

function parseMetadataError(json: Json | undefined): Pick<Running, 'metadataError'> {
  return isJsonObject(json) && typeof json.path === 'string' && typeof json.message === 'string'
    ? { metadataError: { path: json.path, message: json.message } }
    : {}
}

function isWarning(json: unknown): json is Warning {
  const { code, message, data }: Partial<Record<string, unknown>> = Object(json)
  return typeof code === 'string' && typeof message === 'string' && isJsonObject(data)
}
