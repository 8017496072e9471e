/** The cap on a wait in milliseconds. A library without a result is then counted as hung. */
export const CAP = 75_000

/**
 * Milliseconds of `maxRetryTime` of rx-longrunning and of the total timeout of google-gax. The default of
 * `maxRetryTime` (600 s) is above {@link CAP}. google-gax has no limit by default.
 */
export const MAX_RETRY_TIME = 20_000

/** The number of rows that run at once. The libraries of a row always run at the same time. */
export const CONCURRENT_ROWS = 24

/** The memory limit of a library process in bytes, which protects the machine from endless bodies. */
export const MAX_MEMORY: number = 1_024 * 2 ** 20

/** The exit code of a library process above {@link MAX_MEMORY}. */
export const OVER_MEMORY = 70

/** The timeout of the bench in milliseconds. */
export const TIMEOUT = 470_000

/** The credential. The bench searches every error for it. */
export const TOKEN = 'ya29.BENCH-SECRET'
