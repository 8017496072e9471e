import { inspect } from 'node:util'

/** Where the credential stands. */
export interface Leaks {
  /** In `util.inspect(error, { depth: 9, showHidden: true })`, which is more than console.log writes. */
  readonly inspect: boolean
  /** In `JSON.stringify(error)`; one that cannot be written so holds nothing. */
  readonly json: boolean
}

/** Looks for a credential in an error, as those who log it write it down. */
export const leaksOf = (error: unknown, token: string): Leaks => ({
  inspect: inspect(error, { depth: 9, showHidden: true, maxStringLength: null }).includes(token),
  json: written(error).includes(token),
})

const written = (error: unknown): string => {
  try {
    return JSON.stringify(error) ?? ''
  } catch {
    return ''
  }
}
