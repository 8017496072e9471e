const LONGEST = 80

/**
 * Draws a value that was refused, short, and without the places where a secret may stand: what follows
 * `?`, `#` or `%`, and the user of a URL. Objects are named by their kind alone.
 */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return JSON.stringify(clipped(withoutSecrets(value)))
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value)
  if (typeof value === 'bigint') return `${value}n`
  return Array.isArray(value) ? 'an array' : `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

/** The part of a text that comes before any query, fragment or percent-encoding, its user blotted out. */
export const withoutSecrets = (text: string): string =>
  text.replace(/\/\/[^/]*@/, '//…@').replace(/[?#%].*/s, (rest) => `${rest.charAt(0)}…`)

const clipped = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)
