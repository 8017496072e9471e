import { inspect } from 'node:util'
import type { Json, JsonObject } from './http/json-text.js'
import { createOperations, type OperationStore } from './operations/operation-store.js'
import { type Collection, createCollection } from './resource-manager/collection.js'
import type { StartMethod } from './resource-manager/method-names.js'
import type { Project } from './resource-manager/project-resource.js'
import type { Frame } from './script/frame.js'

/** An operation that a request has just started. */
export interface Started {
  readonly method: StartMethod
  readonly name: string
  /**
   * The resource that the path names, such as `folders/1`, of a project its id or number alone; absent of most that
   * create.
   */
  readonly target?: string
  /** The request's body. */
  readonly body: Json
}

/** In ms; Node fires a longer one at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/** What the world is made with. */
export interface EmulatorStateOptions {
  /**
   * How long a started operation runs, in ms from 0; `Infinity` never ends.
   *
   * @defaultValue 2000
   */
  readonly duration?: number | ((started: Started) => number)
  /**
   * The script of a started operation, instead of the usual one, which it is given; undefined keeps that.
   *
   * @defaultValue the usual script for all
   */
  readonly timeline?: (started: Started, usual: readonly Frame[]) => readonly Frame[] | undefined
  /**
   * The clock, in ms from any beginning; it must never go back.
   *
   * @defaultValue performance.now
   */
  readonly now?: () => number
  /**
   * The time of day when the emulator starts, in epoch ms, from which resources take their createTime.
   *
   * @defaultValue Date.now()
   */
  readonly epoch?: number
  /**
   * How long a `:wait` is held at most, in ms of real time from 0 to 2147483647, whatever the request asks for.
   *
   * @defaultValue 30000
   */
  readonly maxWait?: number
  /**
   * Is it Resource Manager, with its methods and with nothing but get of `operations/ID` on v1 and v3?
   *
   * `false` makes it any other service: operations alone, get, list, cancel, delete and wait of all of them, on every
   * version.
   *
   * @defaultValue true
   */
  readonly resourceManager?: boolean
}

/** All that an emulator knows, and no network. */
export interface EmulatorState {
  readonly operations: OperationStore
  readonly projects: Collection<Project>
  /** All others, by their names. */
  readonly resources: Collection<JsonObject>
  /** In ms. */
  readonly maxWait: number
  /** Else it is any other service. */
  readonly resourceManager: boolean
  /** Milliseconds since the world was made. */
  elapsed(): number
  /** The time of day, RFC 3339. */
  timestamp(): string
  /** A number of so many digits (2 to 19, within int64), as a string; the same ones in each world. */
  number(digits: number): string
  /** The script of a started operation. */
  script(started: Started, usual: (duration: number) => readonly Frame[]): readonly Frame[]
}

/** An empty world. */
export function createEmulatorState(options: EmulatorStateOptions = {}): EmulatorState {
  const {
    duration = 2000,
    timeline,
    now = () => performance.now(),
    epoch = Date.now(),
    maxWait = 30_000,
  } = options
  if (typeof duration !== 'function') checkDuration(duration)
  if (!Number.isSafeInteger(epoch))
    throw new RangeError(`epoch must be a whole number of ms, given ${inspect(epoch)}`)
  if (!(typeof maxWait === 'number' && maxWait >= 0 && maxWait <= LONGEST_TIMER)) {
    throw new RangeError(
      `maxWait must be a number of ms from 0 to ${LONGEST_TIMER}, given ${inspect(maxWait)}`,
    )
  }
  const began = now()
  const elapsed = (): number => now() - began
  let numbers = 0n
  return {
    operations: createOperations(now),
    projects: createCollection(),
    resources: createCollection(),
    maxWait,
    resourceManager: options.resourceManager ?? true,
    elapsed,
    timestamp: () => new Date(epoch + elapsed()).toISOString().replace('.000Z', 'Z'),
    number(digits) {
      numbers += 1n
      const least = 10n ** BigInt(digits - 1)
      // The factor shares no divisor with the span, so that no number comes twice, and scatters them.
      return String(least + ((numbers * 6364136223846793007n) % (8n * least)))
    },
    script(started, usual) {
      const lasts = checkDuration(typeof duration === 'function' ? duration(started) : duration)
      const frames = usual(lasts)
      return timeline?.(started, frames) ?? frames
    },
  }
}

function checkDuration(duration: number): number {
  if (typeof duration === 'number' && duration >= 0) return duration
  throw new RangeError(`duration must be a number of ms from 0, given ${inspect(duration)}`)
}
