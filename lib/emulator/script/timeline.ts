import { isJsonObject } from '../../model/json.js'
import type { Frame } from './frame.js'

/** Returns the frame that applies to a poll; undefined if no frame applies yet. */
export function currentFrame(frames: readonly Frame[], elapsed: number, polls: number): Frame | undefined {
  return frames.findLast((frame) => isReached(frame, elapsed, polls))
}

/** Returns the frame for the response to the request that starts the operation: a frame with `polls: 0`. */
export function startFrame(frames: readonly Frame[]): Frame | undefined {
  return frames.findLast((frame) => frame.polls === 0 && isReached(frame, 0, 0))
}

/** Returns the frame that would be current without the frames that hide the operation. */
export function underlyingFrame(frames: readonly Frame[], elapsed: number, polls: number): Frame | undefined {
  return frames.findLast((frame) => isReached(frame, elapsed, polls) && !isHiding(frame))
}

/** Returns whether a frame hides the operation with a raw response, a stall or a network fault. */
export function isHiding(frame: Frame | undefined): boolean {
  return Boolean(frame?.httpResponse || frame?.stall || frame?.fault)
}

/** Returns the milliseconds until a frame may take effect without a poll; `Infinity` if there is no such frame. */
export function timeToNext(frames: readonly Frame[], elapsed: number): number {
  return Math.min(...frames.map(({ after = 0 }) => (after > elapsed ? after - elapsed : Infinity)))
}

/**
 * Whether requests see the changes that an operation makes to resources: `pending` means not yet, and `failed` means
 * never.
 */
export type Stage = 'pending' | 'visible' | 'failed'

/**
 * Returns the stage of an operation. Raw responses, stalls and network faults do not change the stage.
 *
 * The changes are visible when the operation succeeds, or when its metadata has `gettable: true`.
 */
export function stageOf(frames: readonly Frame[], elapsed: number, polls: number): Stage {
  const frame = underlyingFrame(frames, elapsed, polls)
  // For Compute Engine, GKE and Cloud SQL, the members of `metadata` replace the members of the operation. So an `error`
  // in `metadata` is also the error of the operation.
  const members = isJsonObject(frame?.metadata) ? frame.metadata : {}
  if (frame?.error !== undefined || (frame?.done && members.error !== undefined)) return 'failed'
  const isGettable = frames
    .filter((candidate) => isReached(candidate, elapsed, polls))
    .some(({ metadata }) => isJsonObject(metadata) && metadata.gettable === true)
  return frame?.done === true || isGettable ? 'visible' : 'pending'
}

function isReached(frame: Frame, elapsed: number, polls: number): boolean {
  return elapsed >= (frame.after ?? 0) && polls >= (frame.polls ?? 0)
}
