import { isJsonObject } from '../http/json-text.js'
import type { Frame } from './frame.js'

/** Which frame a poll gets, and undefined before the first has taken effect. */
export function currentFrame(frames: readonly Frame[], elapsed: number, polls: number): Frame | undefined {
  return frames.findLast((frame) => isReached(frame, elapsed, polls))
}

/** The frame of the answer that starts the operation: one that says `polls: 0` itself. */
export function startFrame(frames: readonly Frame[]): Frame | undefined {
  return frames.findLast((frame) => frame.polls === 0 && isReached(frame, 0, 0))
}

/** The frame that says how the operation is: the last that has come, but for those that only hide it. */
export function underlyingFrame(frames: readonly Frame[], elapsed: number, polls: number): Frame | undefined {
  return frames.findLast((frame) => isReached(frame, elapsed, polls) && !hides(frame))
}

/** Does the frame answer with something else than the operation? */
export function hides(frame: Frame | undefined): boolean {
  return Boolean(frame?.httpResponse || frame?.stall || frame?.fault)
}

/** How many ms until a frame may take effect by time alone; `Infinity` when none will. */
export function timeToNext(frames: readonly Frame[], elapsed: number): number {
  return Math.min(...frames.map(({ after = 0 }) => (after > elapsed ? after - elapsed : Infinity)))
}

/** How far an operation has come, as far as what it does to a resource is concerned. */
export type Stage = 'pending' | 'readable' | 'failed'

/**
 * The stage that the frames have reached; raw answers, stalls and faults hide an operation without changing it.
 *
 * The resource is readable once an operation succeeded, or earlier where its metadata says `gettable: true`.
 */
export function stageOf(frames: readonly Frame[], elapsed: number, polls: number): Stage {
  const met = frames.filter((frame) => isReached(frame, elapsed, polls))
  const last = underlyingFrame(frames, elapsed, polls)
  if (last?.error !== undefined) return 'failed'
  return last?.done === true || met.some(isGettable) ? 'readable' : 'pending'
}

function isReached(frame: Frame, elapsed: number, polls: number): boolean {
  return elapsed >= (frame.after ?? 0) && polls >= (frame.polls ?? 0)
}

function isGettable({ metadata }: Frame): boolean {
  return isJsonObject(metadata) && metadata.gettable === true
}
