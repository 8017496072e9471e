const LONGEST = 80

/**
 * Draws a value that was refused, short, and without the places where a secret may stand: the user of a URL, and what
 * follows `?`, `#` or `%`. Objects are named by their kind alone.
 */
export const shown = (value: unknown): string => {
  if (typeof value === 'string') return quoted(clipped(withoutSecrets(value), LONGEST))
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value)
  return typeof value === 'bigint' ? `${value}n` : kindOf(value)
}

/** The kind of a value that must not be shown at all, such as `an object`. */
export const kindOf = (value: unknown): string => {
  if (value == null) return String(value)
  if (Array.isArray(value)) return 'an array'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

/** A text in quotation marks; what would not be seen, or would rearrange what is, comes as an escape. */
export const quoted = (text: string): string =>
  JSON.stringify(text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (unseen) => `\\u{${(unseen.codePointAt(0) ?? 0).toString(16)}}`,
  )

/** The part of a text that comes before any query, fragment or percent-encoding, its user blotted out. */
export const withoutSecrets = (text: string): string =>
  text
    .replace(/^((?:[a-z][a-z\d+.-]*:)?[/\\]*)(?<=[:/\\]).*@/is, '$1…@')
    .replace(/[?#%].*/s, (rest) => `${rest.charAt(0)}…`)

/** A text, or its beginning. */
export const clipped = (text: string, longest: number): string =>
  text.length > longest ? `${text.slice(0, longest)}…` : text
