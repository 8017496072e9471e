import { inspect } from 'node:util'
import type { Frame } from './frame.js'
import { checkFrames } from './frame-check.js'
import { frameInForce, type Stage, stageOf } from './timeline.js'

/** An operation as the emulator keeps it. */
export interface StoredOperation {
  readonly name: string
  readonly frames: readonly Frame[]
  /** Milliseconds on the emulator's clock. */
  readonly began: number
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
}

/** What a poll finds. */
export interface Poll {
  readonly frame: Frame | undefined
}

/** An empty store whose time is `now`, in ms. */
export function createOperations(now: () => number): OperationStore {
  const stored = new Map<string, StoredOperation & { polls: number }>()

  function begin(name: string, frames: readonly Frame[]): () => Stage {
    checkName(name)
    checkFrames(name, frames)
    if (stored.has(name)) throw new RangeError(`the operation ${name} is there already`)
    const operation = { name, frames: [...frames], began: now(), polls: 0 }
    stored.set(name, operation)
    return () => stageOf(operation.frames, now() - operation.began, operation.polls)
  }

  return {
    begin,
    add: (name, frames) => void begin(name, frames),
    poll(name) {
      const operation = stored.get(name)
      if (operation === undefined) return undefined
      operation.polls += 1
      return { frame: frameInForce(operation.frames, now() - operation.began, operation.polls) }
    },
    get(name) {
      const operation = stored.get(name)
      return operation && { ...operation }
    },
    names: () => [...stored.keys()],
    polls: (name) => stored.get(name)?.polls ?? 0,
    forget: (name) => stored.delete(name),
    clear: () => stored.clear(),
  }
}

const SEGMENT = /^(?:[^/?#\\%\s\p{Cc}]|%2F)+$/u

function checkName(name: string): void {
  const segments = typeof name === 'string' ? name.split('/') : []
  const kind = segments.indexOf('operations')
  const sound = segments.every((segment) => SEGMENT.test(segment) && segment !== '.' && segment !== '..')
  if (sound && kind >= 0 && kind < segments.length - 1) return
  throw new RangeError(
    'the name of an operation must be operations/ID or PARENT/operations/ID, of segments without ' +
      `spaces, controls, ?, #, \\, % (but %2F) and dots alone, given ${inspect(name)}`,
  )
}
