import { type Observable, Subject } from 'rxjs'
import type { Numbered } from '../http/pagination.js'
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
  /**
   * Adds an operation. Returns a function that returns its current stage, even after the operation is
   * removed.
   */
  start(name: string, frames: readonly Frame[]): () => Stage
  /** Counts a poll and returns its result; undefined if the operation does not exist. */
  poll(name: string): Poll | undefined
  /** Returns an operation without counting a poll; undefined if it does not exist. */
  peek(name: string): Peek | undefined
  /** Returns the operations of a collection, such as `projects/p/operations`, in the order in which they started. */
  list(collection: string): readonly Numbered<Peek>[]
  /** Ends a running operation with code 1, CANCELLED. Returns false if the operation does not exist. */
  cancel(name: string): boolean
  /** Emits the name of each operation that is polled, cancelled or removed; hot. */
  readonly changes: Observable<string>
}

/** The result of a poll. */
export interface Poll {
  readonly frame: Frame | undefined
}

/** An operation that was read without a poll. */
interface Peek extends Poll {
  readonly name: string
  /** The frame that would be current without the frames that hide the operation. */
  readonly underlying: Frame | undefined
  /** Milliseconds until the frame may change without a poll; `Infinity` if it cannot change. */
  readonly timeToNext: number
}

/** An operation in the store. `number` is its serial number. */
interface OperationRecord extends StoredOperation {
  readonly number: number
  frames: readonly Frame[]
  polls: number
}

const CANCELLED = { code: 1, message: 'The operation was cancelled.' }

/** Creates an empty store. `now` returns the time in milliseconds. */
export function createOperations(now: () => number): OperationStore {
  const stored = new Map<string, OperationRecord>()
  const changes = new Subject<string>()
  let count = 0

  function start(name: string, frames: readonly Frame[]): () => Stage {
    checkName(name)
    checkFrames(name, frames)
    if (stored.has(name)) throw new RangeError(`the operation ${name} already exists`)
    count += 1
    const operation = { name, frames: [...frames], startedAt: now(), polls: 0, number: count }
    stored.set(name, operation)
    return () => stageOf(operation.frames, now() - operation.startedAt, operation.polls)
  }

  function readWithoutPoll({ name, frames, startedAt, polls }: OperationRecord): Peek {
    const elapsed = now() - startedAt
    return {
      name,
      frame: currentFrame(frames, elapsed, polls),
      underlying: underlyingFrame(frames, elapsed, polls),
      timeToNext: timeToNext(frames, elapsed),
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
      const { frame } = readWithoutPoll(operation)
      changes.next(name)
      return { frame }
    },
    peek(name) {
      const operation = stored.get(name)
      return operation && readWithoutPoll(operation)
    },
    list(collection) {
      const children = [...stored.values()].filter(({ name }) => name.startsWith(`${collection}/`))
      return children.map((operation) => ({ number: operation.number, item: readWithoutPoll(operation) }))
    },
    cancel(name) {
      const operation = stored.get(name)
      if (operation === undefined) return false
      const { metadata, done } = readWithoutPoll(operation).underlying ?? {}
      if (!done) {
        const endFrame: Frame = { done: true, error: CANCELLED }
        operation.frames = [metadata === undefined ? endFrame : { metadata, ...endFrame }]
        changes.next(name)
      }
      return true
    },
    get(name) {
      // Omits `number`, which only the emulator uses.
      const { number: _, ...operation } = stored.get(name) ?? {}
      return 'name' in operation ? operation : undefined
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
