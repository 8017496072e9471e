/** The command line was wrong; the message is one line for the person who wrote it. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

/** Tells it by its name, for a loader may have made the class more than once. */
export function isUsageError(thrown: unknown): thrown is UsageError {
  return thrown instanceof Error && thrown.name === 'UsageError'
}
