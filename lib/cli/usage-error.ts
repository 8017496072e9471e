/** The error for an invalid command line. The message is one line. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

/**
 * Returns whether a value is a `UsageError`. Compares names, because a module loader may load the class
 * twice.
 */
export function isUsageError(thrown: unknown): thrown is UsageError {
  return thrown instanceof Error && thrown.name === 'UsageError'
}
