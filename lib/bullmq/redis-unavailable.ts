/**
 * Redis was not there, did not answer in time, or refused; its message names the place without user or password. The error
 * of ioredis is not its cause, for that holds the command, which may be one with a password.
 */
export class RedisUnavailable extends Error {
  override readonly name: string = 'RedisUnavailable'
  /** As Node or Redis names it, such as `ECONNREFUSED`, `WRONGPASS` or `OOM`. */
  readonly code: string

  constructor(place: string, what: string, code: string) {
    super(`Redis at ${place} ${what}`)
    this.code = code
  }
}

/** The code of an error of Node, or the first word of one of Redis. */
export function codeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return 'UNKNOWN'
  if ('code' in thrown && typeof thrown.code === 'string') return thrown.code
  return /^[A-Z]{3,}(?= )/.exec(thrown.message)?.[0] ?? 'UNKNOWN'
}
