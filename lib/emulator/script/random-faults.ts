import { inspect } from 'node:util'
import { checkFault } from './check-script.js'
import type { Fault } from './frame.js'

/** Options of {@link randomFaults}. */
export interface RandomFaultsOptions {
  /** The share of requests that get a fault, from 0 to 1. */
  readonly share: number
  /** What they get, each as likely as the others. */
  readonly faults: readonly Fault[]
  /**
   * The source of chance, from 0 up to 1, asked once or twice for a request.
   *
   * @defaultValue Math.random
   */
  readonly random?: () => number
}

/**
 * A fault for a share of all requests, as the option `fault` of an emulator takes it.
 *
 * @example
 * {@includeCode ../../../examples/script-faults.ts}
 */
export function randomFaults({
  share,
  faults,
  random = Math.random,
}: RandomFaultsOptions): () => Fault | undefined {
  if (!(typeof share === 'number' && share >= 0 && share <= 1)) {
    throw new RangeError(`share must be a number from 0 to 1, given ${inspect(share)}`)
  }
  if (!Array.isArray(faults) || faults.length === 0) {
    throw new RangeError(`faults must be a list of at least one, given ${inspect(faults)}`)
  }
  for (const [index, fault] of faults.entries()) checkFault(`fault ${index}`, fault)
  return () => (random() < share ? faults[Math.floor(random() * faults.length)] : undefined)
}
