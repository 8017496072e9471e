/** The parameters of one round of the soak test, which the test sends to its server. */
export interface Round {
  /** The number of the round, from 1. */
  readonly round: number
  /** The number of concurrent watches. */
  readonly watches: number
}

/** The expected outcome of an operation: a response, or an error. */
export interface ExpectedOutcome {
  readonly response?: { readonly watch: number }
  readonly error?: { readonly code: number; readonly message: string }
}

/** Returns the name of the operation that a watch polls in a round. */
export function nameOf(round: number, watch: number): string {
  return `operations/soak.${round}.${watch}`
}

/** Returns the expected outcome of the operation of a watch. Every third operation fails. */
export function expectedOutcome(watch: number): ExpectedOutcome {
  return watch % 3 === 0
    ? { error: { code: 1 + (watch % 16), message: `failed ${watch}` } }
    : { response: { watch } }
}

/** Returns an access token that contains the time at which it was issued, in milliseconds since 1970. */
export function tokenOf(issueTime: number): string {
  return `soak.${issueTime}`
}

/**
 * Returns the time at which the token in an Authorization header was issued, in milliseconds since 1970.
 * Returns 0 if there is no token.
 */
export function issueTimeOf(authorization = ''): number {
  return Number(/^Bearer soak\.(\d+)$/.exec(authorization)?.[1] ?? 0)
}
