/** What was seen of one library in one row; all that {@link judge} goes by, and all of it is printed. */
export interface Observation {
  /** What was done to the poll: it passes after a poll or two, it lasts, or the row is a script of its own. */
  readonly form: Form
  /** How the operation ends, as the script has it; `unknown` where the server never says. */
  readonly truth: 'succeeded' | 'failed' | 'unknown'
  /** What came of the wait: `nothing` within the cap, and `crashed` if the library took its process with it. */
  readonly ended: 'resolved' | 'rejected' | 'nothing' | 'crashed'
  /** Whether the response that came is the one that the operation has; only where it resolved. */
  readonly response?: 'the same' | 'another'
  /** What the library itself says of the operation beside its error, where it tells failures apart. */
  readonly claims?: 'failed' | 'unknown'
  /** Which facts of the fault, or of the operation's failure, the error lets a person read, and which not. */
  readonly found: readonly string[]
  readonly missing: readonly string[]
}

export type Form = 'passes' | 'lasts' | 'script'

/** What it means to the person who waits. */
export type Word = 'right' | 'told' | 'lost' | 'wrong' | 'died' | 'hung'

/**
 * The whole rule, first match first:
 *
 * - `hung`: nothing came within the cap.
 * - `died`: the process was lost; or the library gave up, with whatever error, on a fault that passes.
 * - `wrong`: success is told of an operation that failed or of which nobody said that it is done, or the library says
 *   that an operation failed which did not.
 * - `right`: the true end is told with all that belongs to it: the response, or each fact of the error.
 * - `lost`: an end or an error is told, but without its response or without some fact; or the server says well-formed
 *   that the operation succeeded, and the library gives an error.
 * - `told`: an error that lets a person read each fact of what happened.
 */
export function judge(seen: Observation): Word {
  const { form, truth, ended, response, claims, found, missing } = seen
  if (ended === 'nothing') return 'hung'
  if (ended === 'crashed') return 'died'
  if (ended === 'resolved') {
    if (truth !== 'succeeded') return 'wrong'
    return response === 'the same' ? 'right' : 'lost'
  }
  if (truth === 'failed') {
    const hasNoFacts = found.length + missing.length === 0
    const speaksOfIt = claims === undefined ? hasNoFacts || found.length > 0 : claims === 'failed'
    if (!speaksOfIt) return form === 'passes' ? 'died' : 'lost'
    return missing.length === 0 ? 'right' : 'lost'
  }
  if (claims === 'failed') return 'wrong'
  if (form === 'passes') return 'died'
  if (form === 'script' && truth === 'succeeded') return 'lost'
  return missing.length === 0 ? 'told' : 'lost'
}
