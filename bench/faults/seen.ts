/** What a person has in hand once a library has come to an end with an operation. */
export type Seen = Resolved | Rejected

/** The library says that the operation succeeded. */
interface Resolved {
  readonly ended: 'resolved'
  /** As the library hands it out; undefined where it hands out none. */
  readonly response: unknown
}

/** The library gives an error. */
interface Rejected {
  readonly ended: 'rejected'
  readonly error: unknown
  /** Set where the library itself tells the operation's failure from a failure to learn of it. */
  readonly claims?: 'failed' | 'unknown'
  /** What the library's own saved state says of the operation, where it keeps one. */
  readonly state?: string
}

/** The credential: one token for ever, or, as a function, another one each time. */
export type Token = string | (() => string)

/** Waits for an operation in the way that a library's documentation shows. */
export type Library = (
  endpoint: string,
  operationName: string,
  token: Token,
  signal: AbortSignal,
) => Promise<Seen>
