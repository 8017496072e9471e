import { inspect } from 'node:util'

/** The outputs that contain the credential. */
export interface Leaks {
  /** `util.inspect(error, { depth: 9, showHidden: true })`, which prints more than console.log. */
  readonly inspect: boolean
  /** `JSON.stringify(error)`. False if it throws. */
  readonly json: boolean
}

/** Returns which outputs of an error contain the credential. */
export function leaksOf(error: unknown, token: string): Leaks {
  return {
    inspect: inspect(error, { depth: 9, showHidden: true, maxStringLength: null }).includes(token),
    json: toJson(error).includes(token),
  }
}

function toJson(error: unknown): string {
  try {
    return JSON.stringify(error) ?? ''
  } catch {
    return ''
  }
}
