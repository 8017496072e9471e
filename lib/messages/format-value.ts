const MAX_FORMATTED_LENGTH = 80

/**
 * Draws a value that was refused, short, and without the places where a secret may stand: the user of a URL, and what
 * follows `?`, `#` or `%`. Objects are named by their kind alone.
 */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return quote(clip(redactUrl(value), MAX_FORMATTED_LENGTH))
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value)
  return typeof value === 'bigint' ? `${value}n` : describeType(value)
}

/** The kind of a value that must not be shown at all, such as `an object`. */
export function describeType(value: unknown): string {
  if (value == null) return String(value)
  if (Array.isArray(value)) return 'an array'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

/** A text in quotation marks, {@link escapeControls}. */
export function quote(text: string): string {
  return escapeControls(JSON.stringify(text))
}

/** A text in which what would not be seen, or would rearrange what is, comes as an escape. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (unseen) => `\\u{${(unseen.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** The part of a text that comes before any query, fragment or percent-encoding, the user of a URL blotted out. */
export function redactUrl(text: string): string {
  const cut = text.search(/[?#%]/)
  const [head, tail] = cut === -1 ? [text, ''] : [text.slice(0, cut), text.slice(cut)]
  const scheme = SCHEME.exec(text)?.[0] ?? ''
  // The cut may be in a password, or the @ in a query: nothing that is left would be safe.
  if (scheme !== '' && tail.includes('@')) return `${scheme}…`
  const user = scheme === '' ? -1 : head.lastIndexOf('@')
  return (user === -1 ? head : `${scheme}…${head.slice(user)}`) + (tail && `${tail.charAt(0)}…`)
}

/** What may stand before a user: the WHATWG URL Standard takes one slash, four, or backslashes for two. */
const SCHEME = /^(?:[a-z][a-z\d+.-]*:)?[/\\]*/i

/** A text, or its beginning. */
export function clip(text: string, longest: number): string {
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}
