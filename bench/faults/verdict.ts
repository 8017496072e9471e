/** The observed behavior of one library in one row. The report contains all of it. */
export interface Observation {
  readonly form: Form
  /** The outcome of the operation. `unknown` if the server never sends a final state. */
  readonly truth: 'succeeded' | 'failed' | 'unknown'
  /** The end of the wait: `nothing` after the cap, and `crashed` if the process of the library exited. */
  readonly ended: 'resolved' | 'rejected' | 'nothing' | 'crashed'
  /** Whether the returned response is the response of the operation. Present only if the wait resolved. */
  readonly response?: 'the same' | 'another'
  /** The outcome that the library itself reports with its error, if it distinguishes outcomes. */
  readonly claims?: 'failed' | 'unknown'
  /** The facts about the fault or the failed operation that the error contains. */
  readonly found: readonly string[]
  /** The facts that the error does not contain. */
  readonly missing: readonly string[]
}

/** A fault that ends after one or two polls, a fault that persists, or a scripted response without a fault. */
export type Form = 'transient' | 'persistent' | 'script'

export type Verdict = 'correct' | 'reported' | 'incomplete' | 'gave up' | 'hung' | 'wrong'

/**
 * Returns the verdict on an observation. The first rule that matches applies:
 *
 * - `hung`: no result within the cap.
 * - `gave up`: the process exited, or the library rejected because of a transient fault.
 * - `wrong`: the library reports success although the operation failed or has no final state, or it reports a failure
 *   although the operation did not fail.
 * - `correct`: the library reports the true outcome with the response or with every fact of the error.
 * - `incomplete`: the response or some facts are missing, or the library rejects a valid success.
 * - `reported`: the error contains every fact about the fault.
 */
export function verdictOf(observation: Observation): Verdict {
  const { form, truth, ended, response, claims, found, missing } = observation
  if (ended === 'nothing') return 'hung'
  if (ended === 'crashed') return 'gave up'
  if (ended === 'resolved') {
    if (truth !== 'succeeded') return 'wrong'
    return response === 'the same' ? 'correct' : 'incomplete'
  }
  if (truth === 'failed') {
    const hasNoFacts = found.length + missing.length === 0
    const isAboutFailure = claims === undefined ? hasNoFacts || found.length > 0 : claims === 'failed'
    if (!isAboutFailure) return form === 'transient' ? 'gave up' : 'incomplete'
    return missing.length === 0 ? 'correct' : 'incomplete'
  }
  if (claims === 'failed') return 'wrong'
  if (form === 'transient') return 'gave up'
  if (form === 'script' && truth === 'succeeded') return 'incomplete'
  return missing.length === 0 ? 'reported' : 'incomplete'
}
