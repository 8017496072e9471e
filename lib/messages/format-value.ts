const MAX_FORMATTED_LENGTH = 80
const MAX_NAME_LENGTH = 400

/**
 * Formats a rejected value for a message. A string is truncated to 80 characters. An object is formatted as its type.
 *
 * Removes the parts of a string that may contain a secret: the user of a URL, and everything after `?`, `#` or `%`.
 */
export function formatValue(value: unknown): string {
  if (typeof value === 'string') return quote(clip(redactUrl(value), MAX_FORMATTED_LENGTH))
  if (typeof value === 'number' || typeof value === 'boolean' || value == null) return String(value)
  return typeof value === 'bigint' ? `${value}n` : describeType(value)
}

/** Returns the type of a value that must not appear in a message, such as `an object`. */
export function describeType(value: unknown): string {
  if (value == null) return String(value)
  if (Array.isArray(value)) return 'an array'
  return `${typeof value === 'object' ? 'an' : 'a'} ${typeof value}`
}

/** Returns a text in quotation marks, with the escapes of {@link escapeControls}. */
export function quote(text: string): string {
  return escapeControls(JSON.stringify(text))
}

/** Escapes the characters that are invisible or that reorder text, such as `\u{202e}`. */
export function escapeControls(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  )
}

/** Returns an invalid name without the parts that {@link redactUrl} removes, truncated to 400 characters. */
export function redactName(name: string): string {
  return clip(redactUrl(name), MAX_NAME_LENGTH)
}

/** Removes the user of a URL, and everything after its first `?`, `#` or `%`. */
export function redactUrl(text: string): string {
  const cut = text.search(/[?#%]/)
  const [head, tail] = cut === -1 ? [text, ''] : [text.slice(0, cut), text.slice(cut)]
  const scheme = SCHEME.exec(head)?.[0] ?? ''
  // The `?`, `#` or `%` may be in a password, or the @ in a query. So the whole text after the scheme may be secret.
  if (scheme !== '' && tail.includes('@')) return `${scheme}…`
  const userEnd = head.lastIndexOf('@')
  const hasUser = scheme !== '' && userEnd >= scheme.length
  return (hasUser ? `${scheme}…${head.slice(userEnd)}` : head) + (tail && `${tail.charAt(0)}…`)
}

/**
 * The characters before the user of a URL. The WHATWG URL Standard accepts any number of slashes or backslashes. Other
 * text, such as white space, may precede the URL.
 */
const SCHEME = /^(?:[/\\]+|.*?(?::|[/\\]{2})[/\\]*)/s

/** Truncates a text to `maxLength` characters. */
export function clip(text: string, maxLength: number): string {
  return text.length > maxLength ? `${text.slice(0, maxLength)}…` : text
}

/** Formats the alternatives of an option, such as `"v1" or "v2"`. */
export function formatChoices(choices: readonly string[]): string {
  return choices.map(quote).join(' or ')
}
