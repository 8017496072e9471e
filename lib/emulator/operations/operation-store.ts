import { type Observable, Subject } from 'rxjs'
import { checkFrames, reject } from '../script/check-script.js'
import type { Frame } from '../script/frame.js'
import { currentFrame, type Stage, stageOf, timeToNext, underlyingFrame } from '../script/timeline.js'

/** An operation of the emulator. */
export interface StoredOperation {
  readonly name: string
  readonly frames: readonly Frame[]
  /** The start time in milliseconds, on the clock of the emulator. */
  readonly startedAt: number
  /** The number of polls so far. */
  readonly polls: number
}

/** The operations of an emulator. All services and versions share them. */
export interface Operations {
  /** Adds an operation that starts now. Throws if the name is invalid or taken, or if a frame is invalid. */
  add(name: string, frames: readonly Frame[]): void
  /** Returns the current state of an operation; undefined if it does not exist. */
  get(name: string): StoredOperation | undefined
  /** Returns all names in the order in which the operations started. */
  names(): readonly string[]
  /** Returns the number of polls of an operation; 0 if it does not exist. */
  polls(name: string): number
  /**
   * Removes an operation and returns whether it existed. Later polls get a 404.
   *
   * Resource Manager itself removes each operation some hours after the operation ends.
   */
  forget(name: string): boolean
  /** Removes all operations. */
  clear(): void
}

/** {@link Operations} with the methods that only the emulator uses. */
export interface OperationStore extends Operations {
  /** Adds an operation and returns it. `owner` is the service that starts the operation. */
  start(name: string, frames: readonly Frame[], owner?: string): CurrentOperation
  /** Counts a poll and returns the operation; undefined if it does not exist. */
  poll(name: string): CurrentOperation | undefined
  /** Returns an operation without counting a poll; undefined if it does not exist. */
  peek(name: string): CurrentOperation | undefined
  /** Returns the operations of a collection, such as `projects/p/operations`, in the order in which they started. */
  list(collection: string): readonly CurrentOperation[]
  /** Ends a running operation with code 1, CANCELLED. Returns false if the operation does not exist. */
  cancel(name: string): boolean
  /** Emits the name of each operation that is polled, cancelled or removed; hot. */
  readonly changes: Observable<string>
}

/** An operation in the store. */
interface OperationRecord extends StoredOperation {
  /** The serial number. */
  readonly number: number
  /** The service that started the operation. A scripted operation has none, and belongs to every service. */
  readonly owner: string | undefined
  frames: readonly Frame[]
  polls: number
}

/** An operation at the time at which it was read. */
export interface CurrentOperation extends Readonly<OperationRecord> {
  readonly frame: Frame | undefined
  /** The frame that would be current without the frames that hide the operation. */
  readonly underlying: Frame | undefined
  /** Milliseconds until the frame may change without a poll; `Infinity` if it cannot change. */
  readonly timeToNext: number
  /** Returns the current stage, even after the operation is removed. */
  readonly currentStage: () => Stage
}

const CANCELLED = { code: 1, message: 'The operation was cancelled.' }

/** Creates an empty store. `now` returns the time in milliseconds. */
export function createOperations(now: () => number): OperationStore {
  const stored = new Map<string, OperationRecord>()
  const changes = new Subject<string>()
  let count = 0

  function start(name: string, frames: readonly Frame[], owner?: string): CurrentOperation {
    checkName(name)
    checkFrames(name, frames)
    if (stored.has(name)) throw new RangeError(`the operation ${name} already exists`)
    count += 1
    const operation = { name, frames: [...frames], startedAt: now(), polls: 0, number: count, owner }
    stored.set(name, operation)
    return read(operation)
  }

  function read(operation: OperationRecord): CurrentOperation {
    const { frames, startedAt, polls } = operation
    const elapsed = now() - startedAt
    return {
      ...operation,
      frame: currentFrame(frames, elapsed, polls),
      underlying: underlyingFrame(frames, elapsed, polls),
      timeToNext: timeToNext(frames, elapsed),
      currentStage: () => stageOf(operation.frames, now() - startedAt, operation.polls),
    }
  }

  return {
    start,
    changes,
    add: (name, frames) => void start(name, frames),
    poll(name) {
      const operation = stored.get(name)
      if (operation === undefined) return undefined
      operation.polls += 1
      const polled = read(operation)
      changes.next(name)
      return polled
    },
    peek(name) {
      const operation = stored.get(name)
      return operation && read(operation)
    },
    list(collection) {
      return [...stored.values()].filter(({ name }) => name.startsWith(`${collection}/`)).map(read)
    },
    cancel(name) {
      const operation = stored.get(name)
      if (operation === undefined) return false
      const { metadata, done } = read(operation).underlying ?? {}
      if (!done) {
        const endFrame: Frame = { done: true, error: CANCELLED }
        operation.frames = [metadata === undefined ? endFrame : { metadata, ...endFrame }]
        changes.next(name)
      }
      return true
    },
    get(name) {
      const operation = stored.get(name)
      if (operation === undefined) return undefined
      const { frames, startedAt, polls } = operation
      return { name, frames, startedAt, polls }
    },
    names: () => [...stored.keys()],
    polls: (name) => stored.get(name)?.polls ?? 0,
    forget(name) {
      const removed = stored.delete(name)
      if (removed) changes.next(name)
      return removed
    },
    clear() {
      const names = [...stored.keys()]
      stored.clear()
      for (const name of names) changes.next(name)
    },
  }
}

/**
 * Matches the path of a collection: `operations`, a name such as `transferOperations` of Storage Transfer, or `batches` of
 * the Gemini API.
 */
export const COLLECTION = '(?:(?:.+/)?(?:\\w+O|o)perations|batches)'
const NAME = new RegExp(`^${COLLECTION}/.`, 's')
/** A segment of a name. `%2F` is the only escape, because the router decodes all other escapes. */
const SEGMENT = /^(?:[^/?#\\%\s\p{Cc}]|%2F)+$/u

function checkName(name: string): void {
  const segments = typeof name === 'string' ? name.split('/') : []
  const isValid = segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..')
  if (isValid && NAME.test(name)) return
  reject(
    'the name of an operation',
    'operations/ID, PARENT/operations/ID or batches/ID, without spaces, control characters, ?, #, \\, % (except %2F), ' +
      'and without the segments . and ..',
    name,
  )
}
