import { InvalidOption, inRange } from '../messages/invalid-option.js'
import type { Json, JsonObject } from '../model/json.js'
import { MAX_TIMER_DELAY } from '../time/clock.js'
import { createOperations, type OperationStore } from './operations/operation-store.js'
import { Collection } from './resource-manager/collection.js'
import type { StartMethod } from './resource-manager/method-names.js'
import type { Frame } from './script/frame.js'
import { createServiceStates, type EmulatedService, type ServiceStates } from './services/service-state.js'

/** An operation that a request has started. */
export interface Started {
  /** The method, such as `v3.projects.create` or `compute.instances.insert`. */
  readonly method: StartMethod | `${EmulatedService}.${string}`
  readonly name: string
  /**
   * The resource in the path, such as `folders/1`. For a project of Resource Manager, only its ID or number.
   *
   * Absent if the path has no resource, as in most methods that create one.
   */
  readonly target?: string
  /** The request body. */
  readonly body: Json
}

/** Options of the state of an emulator. */
export interface EmulatorStateOptions {
  /**
   * How long a started operation runs, in milliseconds, at least 0. An operation with `Infinity` never ends.
   *
   * @defaultValue 2_000
   */
  readonly duration?: number | ((started: Started) => number)
  /**
   * Returns the script of a started operation. If it returns undefined, the default script applies.
   *
   * @defaultValue the default script for all operations
   */
  readonly timeline?: (started: Started, defaultScript: readonly Frame[]) => readonly Frame[] | undefined
  /**
   * Returns the current time in milliseconds, from any origin. The time must be monotonic.
   *
   * @defaultValue performance.now
   */
  readonly now?: () => number
  /**
   * The date and time at which the emulator starts, in milliseconds since 1970. Fields such as `createTime`
   * are computed from this time.
   *
   * @defaultValue Date.now()
   */
  readonly epoch?: number
  /**
   * The maximum duration of a `:wait`, in milliseconds of real time from 0 to 2147483647.
   *
   * @defaultValue 30_000
   */
  readonly maxWait?: number
  /**
   * Whether to emulate Resource Manager. If true, the operations `operations/ID` have only the method get, on
   * v1 and v3. Operations with a parent also have list, cancel, delete and wait, for tests of other services; Resource
   * Manager itself has no such operations and returns 404.
   *
   * If false, emulates an unspecified service: all operations have get, list, cancel, delete and wait, on every version.
   *
   * @defaultValue true
   */
  readonly resourceManager?: boolean
  /**
   * Further services to emulate: `compute`, `container` and `sqladmin`. Requests have the same paths as on the hosts of
   * the services, such as `/compute/v1/...`. Every method that changes a resource starts an operation of the service.
   *
   * In a script, the members of `metadata` replace members of the operation, such as `progress` and `warnings`.
   *
   * @defaultValue none
   */
  readonly services?: readonly EmulatedService[]
}

/** The state of an emulator, without the network. */
export interface EmulatorState {
  readonly operations: OperationStore
  /** All resources by name. A project has two names: one with its number, and one with its ID. */
  readonly resources: Collection<JsonObject>
  /** The IAM policies by the name of their resource. */
  readonly policies: Map<string, JsonObject>
  /** The maximum duration of a `:wait`, in milliseconds. */
  readonly maxWait: number
  /** Whether to emulate Resource Manager. If false, an unspecified service is emulated. */
  readonly resourceManager: boolean
  /** The states of the services in the option `services`. */
  readonly services: ServiceStates
  /** Returns the milliseconds since the state was created. */
  elapsed(): number
  /**
   * Converts a time that `now` returned to milliseconds since 1970.
   *
   * @param at the time to convert; the current time if it is absent
   */
  date(at?: number): number
  /** Returns the current date and time in RFC 3339. */
  timestamp(): string
  /**
   * Returns a unique int64. `digits` is the number of its digits, from 2 to 19. Each emulator returns the
   * same sequence of numbers.
   */
  uniqueNumber(digits: number): string
  /** Returns the script of a started operation. */
  script(started: Started, defaultScript: (duration: number) => readonly Frame[]): readonly Frame[]
}

/** Creates an empty state. */
export function createEmulatorState(options: EmulatorStateOptions = {}): EmulatorState {
  const {
    duration = 2000,
    timeline,
    now = () => performance.now(),
    epoch = Date.now(),
    maxWait = 30_000,
    resourceManager = true,
    services = [],
  } = options
  if (typeof duration !== 'function') checkDuration(duration)
  if (!Number.isSafeInteger(epoch)) throw new InvalidOption('epoch', 'a whole number of milliseconds', epoch)
  inRange('maxWait', maxWait, 'milliseconds', { from: 0, to: MAX_TIMER_DELAY })
  const startedAt = now()
  const elapsed = (): number => now() - startedAt
  const date = (at = now()): number => epoch + at - startedAt
  let count = 0n
  return {
    operations: createOperations(now),
    resources: new Collection(({ parent }) => parent),
    policies: new Map(),
    maxWait,
    resourceManager,
    services: createServiceStates(services),
    elapsed,
    date,
    timestamp: () => new Date(date()).toISOString().replace('.000Z', 'Z'),
    uniqueNumber(digits) {
      count += 1n
      const min = 10n ** BigInt(digits - 1)
      // The factor makes the numbers look random. The factor is coprime with the range, so no number is repeated.
      return String(min + ((count * 6364136223846793007n) % (8n * min)))
    },
    script(started, defaultScript) {
      const runTime = typeof duration === 'function' ? checkDuration(duration(started)) : duration
      const frames = defaultScript(runTime)
      return timeline?.(started, frames) ?? frames
    },
  }
}

function checkDuration(duration: number): number {
  return inRange('duration', duration, 'milliseconds', { from: 0, to: Infinity })
}
