/** Controls, format characters such as those that turn the direction of text, and breaks of lines. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu
/** Those that JSON.stringify leaves as they are. */
const HIDDEN_IN_JSON = /[\x7f-\x9f\p{Cf}\u2028\u2029]/gu

/**
 * Text from elsewhere, made harmless to a terminal: an escape sequence or a line break in it is seen, not obeyed, as
 * `\u001b` or `\n`.
 */
export function visible(text: string): string {
  return text.replace(HIDDEN, (hidden) => SHORT[hidden] ?? escaped(hidden))
}

/** One line of JSON that is harmless to a terminal, and reads back as it was. */
export function jsonLine(value: object): string {
  return JSON.stringify(value).replace(HIDDEN_IN_JSON, escaped)
}

const SHORT: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' }

function escaped(hidden: string): string {
  return Array.from({ length: hidden.length }, (_, index) => {
    const unit = hidden.charCodeAt(index)
    return `\\u${unit.toString(16).padStart(4, '0')}`
  }).join('')
}
