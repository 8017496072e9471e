/** Milliseconds after which a library that has said nothing is taken to hang; it is above every default but maxRetryTime. */
export const CAP = 75_000

/** Milliseconds of unbroken failure that ours bears here, by default 600 000, and gax's limit for the whole, by default none. */
export const PATIENCE = 20_000

/** How many rows run at once; the libraries of a row always run together. */
export const ROWS_AT_ONCE = 24

/** Bytes of memory above which the process of a library is ended: it would take the machine with it. */
export const MEMORY: number = 1_024 * 2 ** 20

/** What the process of a library ends with when it is over {@link MEMORY}. */
export const OVER_MEMORY = 70

/** Milliseconds that the whole may last. */
export const WHOLE = 470_000

/** The credential that is looked for in every error. */
export const TOKEN = 'ya29.BENCH-SECRET'
