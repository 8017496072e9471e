import type { ProcessIo } from './surroundings.js'

/** What follows `lro`: each is a file of its own, loaded when it is asked for. */
export interface Verb {
  /** What `lro VERB --help` prints. */
  readonly help: string
  /** Does it, and answers with the exit code; throws `UsageError` or `InvalidOption` where it was asked wrongly. */
  readonly run: (argv: readonly string[], around: ProcessIo) => Promise<number>
}
