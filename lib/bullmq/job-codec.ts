import type { Job } from 'bullmq'
import type { Json, OperationError, PollState, ResumeToken, StepEnded, Succeeded } from '../index.js'
import { redactName } from '../messages/format-value.js'
import { isJsonObject } from '../model/json.js'
import { parseTarget } from '../names/parse-target.js'
import { isSerializedState, parsePollState } from '../polling/parse-poll-state.js'

/** The immutable data of a job. */
export interface JobData {
  readonly target: ResumeToken
  /**
   * The last known progress of the operation. Set only if Redis lost the job and a tracker adds the job
   * again.
   */
  readonly progress?: JobProgress
}

/** The progress of a job after a poll. Times are in milliseconds since 1970, from the wall clock. */
export interface JobProgress {
  readonly state: PollState
  /** The time when the next poll is due. */
  readonly due: number
  /** The earliest time at which the server allows the next poll. */
  readonly notBefore: number
}

/** The final result of a watch. */
export type FinalResult = StepEnded['result']

/**
 * The maximum length of the metadata of a running operation, in characters of JSON. It is limited because
 * each poll writes the metadata to Redis.
 */
export const MAX_METADATA_LENGTH = 16_384

/**
 * The parsers require a default endpoint and version. Stored tokens contain both, so these empty values never apply.
 */
const NO_API = { endpoint: '', apiVersion: '' }

/** Replaces metadata that is too large with a decode error. */
export function omitLargeMetadata(state: PollState): PollState {
  const { lastSeen } = state
  if (lastSeen?.metadata === undefined) return state
  const size = JSON.stringify(lastSeen.metadata).length
  if (size <= MAX_METADATA_LENGTH) return state
  const { metadata: _, ...rest } = lastSeen
  const message = `left out because it has ${size} characters, and Redis stores at most ${MAX_METADATA_LENGTH}`
  return { ...state, lastSeen: { ...rest, metadataError: { path: '', message } } }
}

/** Decodes a job. Returns undefined if the job names no operation. Ignores invalid progress. */
export function parseJob(
  { data, progress }: Pick<Job, 'data' | 'progress'>,
  now: number,
): JobData | undefined {
  const { target: json, progress: addedProgress }: Record<string, unknown> = Object(data)
  const target = parseTarget(isJsonObject(json) ? json : {}, NO_API)
  if (target._tag === 'Left') return undefined
  const parsed = parseProgress(progress, target.right, now) ?? parseProgress(addedProgress, target.right, now)
  return { target: target.right, ...(parsed && { progress: parsed }) }
}

/**
 * Decodes the progress of a job. Returns undefined if the progress is missing, has an unknown form, or belongs to another
 * operation.
 */
export function parseProgress(progress: unknown, target: ResumeToken, now: number): JobProgress | undefined {
  if (!isJsonObject(progress)) return undefined
  const { state, due, notBefore } = progress
  if (!isSerializedState(state) || typeof due !== 'number' || typeof notBefore !== 'number') return undefined
  const parsed = parsePollState(state, NO_API, now)
  if (parsed._tag === 'Left') return undefined
  const { lastSeen = target, target: polled } = parsed.right
  const isSameOperation =
    polled.endpoint === target.endpoint && [polled, lastSeen].every(({ name }) => name === target.name)
  return isSameOperation ? { state: parsed.right, due, notBefore } : undefined
}

/**
 * Decodes the return value of a job. Returns undefined if the value has an unknown form, or belongs to another operation.
 */
export function parseResult(value: unknown, name: string): FinalResult | undefined {
  if (!isJsonObject(value)) return undefined
  const { _tag, left, right }: Readonly<Record<string, unknown>> = value
  // The error `InvalidName` contains the redacted name, and every other error the name itself.
  if (_tag === 'Left' && isError(left) && [name, redactName(name)].includes(left.name)) return { _tag, left }
  // The member `response` is set again, because JSON omits it if it is undefined.
  if (_tag === 'Right' && isSucceeded(right) && right.name === name)
    return { _tag, right: { ...right, response: right.response } }
  return undefined
}

function isError(value: unknown): value is OperationError<Json> {
  return isJsonObject(value) && typeof value._tag === 'string' && typeof value.message === 'string'
}

function isSucceeded(value: unknown): value is Succeeded {
  return (
    isJsonObject(value) && value._tag === 'Succeeded' && value.done === true && typeof value.name === 'string'
  )
}
