import { inspect } from 'node:util'
import { type Observable, Subject } from 'rxjs'
import type { Numbered } from '../http/pagination.js'
import { checkFrames } from '../script/check-script.js'
import type { Frame } from '../script/frame.js'
import { currentFrame, type Stage, stageOf, timeToNext, underlyingFrame } from '../script/timeline.js'

/** An operation as the emulator keeps it. */
export interface StoredOperation {
  readonly name: string
  readonly frames: readonly Frame[]
  /** Milliseconds on the emulator's clock. */
  readonly startedAt: number
  /** How often it has been polled. */
  readonly polls: number
}

/** The operations of an emulator, of all services and versions. */
export interface Operations {
  /** Adds an operation that begins now; throws for a bad or taken name and for bad frames. */
  add(name: string, frames: readonly Frame[]): void
  /** The operation as it is now, and undefined if there is none of that name. */
  get(name: string): StoredOperation | undefined
  /** All names, in the order in which the operations began. */
  names(): readonly string[]
  /** How often the operation has been polled, and 0 if there is none of that name. */
  polls(name: string): number
  /** Removes the operation, as Resource Manager does after hours: polls get a 404. False if there was none. */
  forget(name: string): boolean
  /** Forgets all. */
  clear(): void
}

/** The store behind {@link Operations}, with what only the emulator does. */
export interface OperationStore extends Operations {
  /** Adds an operation and answers how far it has come, whenever asked and even when it is forgotten. */
  begin(name: string, frames: readonly Frame[]): () => Stage
  /** Counts a poll; undefined if there is no operation of that name. */
  poll(name: string): Poll | undefined
  /** The operation now, and undefined if there is none of that name. */
  peek(name: string): Peek | undefined
  /** Those whose names begin so, such as `projects/p/operations`, in the order in which they began. */
  listOf(collection: string): readonly Numbered<Peek>[]
  /** Ends an operation that runs with code 1, CANCELLED; false if there is none of that name. */
  cancel(name: string): boolean
  /** Hot: the name of each operation that is polled, cancelled or removed. */
  readonly touched: Observable<string>
}

/** What a poll finds. */
export interface Poll {
  readonly frame: Frame | undefined
}

/** What a look at an operation finds, which is no poll. */
export interface Peek extends Poll {
  readonly name: string
  /** How the operation is, whatever hides it. */
  readonly behind: Frame | undefined
  /** In ms, how long it stays so unless somebody polls it; `Infinity` for ever. */
  readonly untilNext: number
}

interface OperationRecord extends StoredOperation {
  readonly number: number
  frames: readonly Frame[]
  polls: number
}

const CANCELLED = { code: 1, message: 'The operation was cancelled.' }

/** An empty store whose time is `now`, in ms. */
export function createOperations(now: () => number): OperationStore {
  const stored = new Map<string, OperationRecord>()
  const touched = new Subject<string>()
  let begun = 0

  function begin(name: string, frames: readonly Frame[]): () => Stage {
    checkName(name)
    checkFrames(name, frames)
    if (stored.has(name)) throw new RangeError(`the operation ${name} is there already`)
    begun += 1
    const operation = { name, frames: [...frames], startedAt: now(), polls: 0, number: begun }
    stored.set(name, operation)
    return () => stageOf(operation.frames, now() - operation.startedAt, operation.polls)
  }

  function lookAt({ name, frames, startedAt, polls }: OperationRecord): Peek {
    const elapsed = now() - startedAt
    return {
      name,
      frame: currentFrame(frames, elapsed, polls),
      behind: underlyingFrame(frames, elapsed, polls),
      untilNext: timeToNext(frames, elapsed),
    }
  }

  return {
    begin,
    touched,
    add: (name, frames) => void begin(name, frames),
    poll(name) {
      const operation = stored.get(name)
      if (operation === undefined) return undefined
      operation.polls += 1
      const { frame } = lookAt(operation)
      touched.next(name)
      return { frame }
    },
    peek(name) {
      const operation = stored.get(name)
      return operation && lookAt(operation)
    },
    listOf(collection) {
      const within = [...stored.values()].filter(({ name }) => name.startsWith(`${collection}/`))
      return within.map((operation) => ({ number: operation.number, item: lookAt(operation) }))
    },
    cancel(name) {
      const operation = stored.get(name)
      if (operation === undefined) return false
      const { metadata, done } = lookAt(operation).behind ?? {}
      if (!done) {
        const end: Frame = { done: true, error: CANCELLED }
        operation.frames = [metadata === undefined ? end : { metadata, ...end }]
        touched.next(name)
      }
      return true
    },
    get(name) {
      const { number: _, ...operation } = stored.get(name) ?? {}
      return 'name' in operation ? operation : undefined
    },
    names: () => [...stored.keys()],
    polls: (name) => stored.get(name)?.polls ?? 0,
    forget(name) {
      const removed = stored.delete(name)
      if (removed) touched.next(name)
      return removed
    },
    clear() {
      const names = [...stored.keys()]
      stored.clear()
      for (const name of names) touched.next(name)
    },
  }
}

/** Storage Transfer has `transferOperations`. */
const KIND = /^(?:\w+O|o)perations$/
const SEGMENT = /^(?:[^/?#\\%\s\p{Cc}]|%2F)+$/u

function checkName(name: string): void {
  const segments = typeof name === 'string' ? name.split('/') : []
  const kind = segments.findIndex((segment) => KIND.test(segment))
  const sound = segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..')
  if (sound && kind >= 0 && kind < segments.length - 1) return
  throw new RangeError(
    'the name of an operation must be operations/ID or PARENT/operations/ID, of segments without ' +
      `spaces, controls, ?, #, \\, % (but %2F) and dots alone, given ${inspect(name)}`,
  )
}
