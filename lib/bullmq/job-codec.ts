import type { OperationError, PollState, ResumeToken, StepEnded, Succeeded } from '../index.js'
import { isSerializedState, parsePollState } from '../polling/poll-state-codec.js'
import { now } from '../time/clock.js'

/** The data of a job, from when it was added. */
export interface JobData {
  readonly target: ResumeToken
  /** What was known already where it is added again, after Redis has lost it. */
  readonly progress?: JobProgress
}

/** The progress of a job: where its watch stands after a poll; times are in milliseconds since 1970, by the wall clock. */
export interface JobProgress {
  readonly state: PollState
  /** When the next poll is due, and before when the server wants none. */
  readonly due: number
  readonly notBefore: number
}

/** The last word of a watch. */
export type FinalResult = StepEnded['result']

/** How many characters of JSON the metadata of a running operation may have in Redis, where each poll writes it. */
export const MAX_METADATA_BYTES = 16_384

/** A course as it is kept: without metadata that is too large, and a note in its place. */
export function truncateMetadata(course: PollState): PollState {
  const { lastSeen } = course
  if (lastSeen?.metadata === undefined) return course
  const size = JSON.stringify(lastSeen.metadata).length
  if (size <= MAX_METADATA_BYTES) return course
  const { metadata: _, ...rest } = lastSeen
  const message = `it was left out, for it has ${size} characters, and at most ${MAX_METADATA_BYTES} are kept between two polls`
  return { ...course, lastSeen: { ...rest, metadataError: { path: '', message } } }
}

/**
 * By how many milliseconds the wall clock is ahead of that of courses, which nobody sets, and which stands still while a machine
 * sleeps. Less than a second is none: it would add up from poll to poll.
 */
export function wallClockOffset(): number {
  const ahead = Date.now() - now()
  return Math.abs(ahead) < 1_000 ? 0 : ahead
}

/** The course by a clock that is so many milliseconds ahead. */
export function shiftClock(course: PollState, by: number): PollState {
  return {
    ...course,
    target: { ...course.target, since: course.target.since + by },
    startedAt: course.startedAt + by,
    polledAt: course.polledAt + by,
    failing: course.failing && { ...course.failing, since: course.failing.since + by },
  }
}

/** What the progress of a job tells; undefined where there is none yet, or it is not ours. */
export function parseProgress(progress: unknown, now: number): JobProgress | undefined {
  if (!isRecord(progress)) return undefined
  const { course: kept, due, notBefore } = progress
  if (!isSerializedState(kept) || typeof due !== 'number' || typeof notBefore !== 'number') return undefined
  const course = parsePollState(kept, EMPTY_TARGET, now)
  return course._tag === 'Left' ? undefined : { state: course.right, due, notBefore }
}

/** The last word in the return value of a job; undefined where it is not ours. JSON has no undefined response. */
export function parseResult(value: unknown): FinalResult | undefined {
  if (!isRecord(value)) return undefined
  if (value._tag === 'Left' && isError(value.left)) return { _tag: 'Left', left: value.left }
  if (value._tag === 'Right' && isSuccess(value.right))
    return { _tag: 'Right', right: { ...value.right, response: value.right.response } }
  return undefined
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isError(value: unknown): value is OperationError {
  return isRecord(value) && typeof value._tag === 'string' && typeof value.message === 'string'
}

function isSuccess(value: unknown): value is Succeeded {
  return (
    isRecord(value) && value._tag === 'Succeeded' && value.done === true && typeof value.name === 'string'
  )
}

const EMPTY_TARGET = { endpoint: '', apiVersion: '' }
