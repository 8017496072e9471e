import { inspect } from 'node:util'

/** Where the credential stands. */
export interface Leaks {
  /** In `util.inspect(error, { depth: 9, showHidden: true })`, which is more than console.log writes. */
  readonly inspect: boolean
  /** In `JSON.stringify(error)`; one that cannot be written so holds nothing. */
  readonly json: boolean
}

/** Looks for a credential in an error, as those who log it write it down. */
export function leaksOf(error: unknown, token: string): Leaks {
  return {
    inspect: inspect(error, { depth: 9, showHidden: true, maxStringLength: null }).includes(token),
    json: written(error).includes(token),
  }
}

function written(error: unknown): string {
  try {
    return JSON.stringify(error) ?? ''
  } catch {
    return ''
  }
}
