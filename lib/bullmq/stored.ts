import type { Course, OperationError, ResumeToken, StepEnded, Succeeded } from '../index.js'
import { isKept, parseCourse } from '../policy/kept.js'
import { now } from '../watch/sleep.js'

/** The data of a job, from when it was added. */
export interface JobData {
  readonly target: ResumeToken
  /** What was known already where it is added again, after Redis has lost it. */
  readonly stand?: Stand
}

/** The progress of a job: where its watch stands after a poll; times are in milliseconds since 1970, by the wall clock. */
export interface Stand {
  readonly course: Course
  /** When the next poll is due, and before when the server wants none. */
  readonly due: number
  readonly notBefore: number
}

/** The last word of a watch. */
export type LastWord = StepEnded['word']

/** How many characters of JSON the metadata of a running operation may have in Redis, where each poll writes it. */
export const LARGEST_METADATA = 16_384

/** A course as it is kept: without metadata that is too large, and a note in its place. */
export function bounded(course: Course): Course {
  const { lastSeen } = course
  if (lastSeen?.metadata === undefined) return course
  const size = JSON.stringify(lastSeen.metadata).length
  if (size <= LARGEST_METADATA) return course
  const { metadata: _, ...rest } = lastSeen
  const message = `it was left out, for it has ${size} characters, and at most ${LARGEST_METADATA} are kept between two polls`
  return { ...course, lastSeen: { ...rest, metadataRefused: { path: '', message } } }
}

/**
 * By how many milliseconds the wall clock is ahead of that of courses, which nobody sets, and which stands still while a machine
 * sleeps. Less than a second is none: it would add up from poll to poll.
 */
export function wallAhead(): number {
  const ahead = Date.now() - now()
  return Math.abs(ahead) < 1_000 ? 0 : ahead
}

/** The course by a clock that is so many milliseconds ahead. */
export function shifted(course: Course, by: number): Course {
  return {
    ...course,
    target: { ...course.target, since: course.target.since + by },
    beganAt: course.beganAt + by,
    askedAt: course.askedAt + by,
    failing: course.failing && { ...course.failing, since: course.failing.since + by },
  }
}

/** What the progress of a job tells; undefined where there is none yet, or it is not ours. */
export function standOf(progress: unknown, now: number): Stand | undefined {
  if (!isRecord(progress)) return undefined
  const { course: kept, due, notBefore } = progress
  if (!isKept(kept) || typeof due !== 'number' || typeof notBefore !== 'number') return undefined
  const course = parseCourse(kept, NOWHERE, now)
  return course._tag === 'Left' ? undefined : { course: course.right, due, notBefore }
}

/** The last word in the return value of a job; undefined where it is not ours. JSON has no undefined response. */
export function lastWordOf(value: unknown): LastWord | undefined {
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

const NOWHERE = { endpoint: '', apiVersion: '' }
