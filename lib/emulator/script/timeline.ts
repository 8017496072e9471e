import { isJsonObject } from '../../model/json.js'
import type { Frame } from './frame.js'

/** Returns the frame that a poll gets; undefined before the first frame takes effect. */
export function currentFrame(frames: readonly Frame[], elapsed: number, polls: number): Frame | undefined {
  return frames.findLast((frame) => isReached(frame, elapsed, polls))
}

/** Returns the frame of the response that starts the operation, which has `polls: 0`. */
export function startFrame(frames: readonly Frame[]): Frame | undefined {
  return frames.findLast((frame) => frame.polls === 0 && isReached(frame, 0, 0))
}

/** Returns the current frame, ignoring the frames that only hide the operation. */
export function underlyingFrame(frames: readonly Frame[], elapsed: number, polls: number): Frame | undefined {
  return frames.findLast((frame) => isReached(frame, elapsed, polls) && !isHiding(frame))
}

/** Returns whether a frame replaces the operation with another response. */
export function isHiding(frame: Frame | undefined): boolean {
  return Boolean(frame?.httpResponse || frame?.stall || frame?.fault)
}

/** Returns the milliseconds until the next frame may take effect without a poll; `Infinity` if there is none. */
export function timeToNext(frames: readonly Frame[], elapsed: number): number {
  return Math.min(...frames.map(({ after = 0 }) => (after > elapsed ? after - elapsed : Infinity)))
}

/** The stage of an operation, which decides whether its resource is visible. */
export type Stage = 'pending' | 'readable' | 'failed'

/**
 * Returns the stage of an operation; raw responses, stalls and faults do not change it.
 *
 * The resource is readable when the operation succeeds, or earlier if its metadata has `gettable: true`.
 */
export function stageOf(frames: readonly Frame[], elapsed: number, polls: number): Stage {
  const frame = underlyingFrame(frames, elapsed, polls)
  if (frame?.error !== undefined) return 'failed'
  const isGettable = frames
    .filter((reached) => isReached(reached, elapsed, polls))
    .some(({ metadata }) => isJsonObject(metadata) && metadata.gettable === true)
  return frame?.done === true || isGettable ? 'readable' : 'pending'
}

function isReached(frame: Frame, elapsed: number, polls: number): boolean {
  return elapsed >= (frame.after ?? 0) && polls >= (frame.polls ?? 0)
}
