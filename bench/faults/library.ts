/** The result that a library returns to its caller. */
export type LibraryResult = Resolved | Rejected

/** The library reports that the operation succeeded. */
interface Resolved {
  readonly ended: 'resolved'
  /** The response from the library, or undefined if it returns none. */
  readonly response: unknown
}

/** The library reports an error. */
interface Rejected {
  readonly ended: 'rejected'
  readonly error: unknown
  /** Set if the library distinguishes a failed operation from an unknown outcome. */
  readonly claims?: 'failed' | 'unknown'
  /** The state of the operation that the library saves, if it saves one. */
  readonly state?: string
}

/** A fixed token, or a function that returns a new token on each call. */
export type Token = string | (() => string)

/** Waits for an operation as the documentation of a library shows. */
export type Library = (
  endpoint: string,
  operationName: string,
  token: Token,
  signal: AbortSignal,
) => Promise<LibraryResult>
