import { inRange } from '../../messages/invalid-option.js'
import { checkFault, reject } from './check-script.js'
import type { Fault } from './frame.js'

/** Options of {@link randomFaults}. */
export interface RandomFaultsOptions {
  /** The share of requests that get a fault, from 0 to 1. */
  readonly share: number
  /** The possible faults, at least one. All have the same probability. */
  readonly faults: readonly Fault[]
  /**
   * Returns a random number from 0 (included) to 1 (excluded). It is called once or twice for each request.
   *
   * @defaultValue Math.random
   */
  readonly random?: () => number
}

/**
 * Creates a function for the option `fault` of an emulator. The function returns a fault for a random share of requests.
 *
 * @example
 * {@includeCode ../../../examples/script-faults.ts}
 */
export function randomFaults(options: RandomFaultsOptions): () => Fault | undefined {
  const { share, faults, random = Math.random } = options
  inRange('share', share, '', { from: 0, to: 1 })
  if (!Array.isArray(faults) || faults.length === 0) reject('faults', 'a list of at least one fault', faults)
  for (const [index, fault] of faults.entries()) checkFault(`fault ${index}`, fault)
  return () => (random() < share ? faults[Math.floor(random() * faults.length)] : undefined)
}
