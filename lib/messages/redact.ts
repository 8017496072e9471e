import { isLeft, left, right } from '../model/either.js'
import type { TransportResult } from '../model/failure.js'
import { isJsonObject, someMember } from '../model/json.js'

/** Shorter texts are not redacted, because they can be ordinary words. Secrets are longer. */
const MIN_SECRET_LENGTH = 8

/** A text of a request that must not appear in a response or failure. */
export class Secret {
  readonly #text: string
  #jsonPattern: RegExp | undefined

  constructor(text: string) {
    this.#text = text
  }

  isIn(text: string): boolean {
    return text.includes(this.#text) || (text.includes('\\') && text.search(this.#patternInJson()) !== -1)
  }

  redact(text: string): string {
    if (!this.isIn(text)) return text
    return text.replaceAll(this.#text, '…').replaceAll(this.#patternInJson(), '…')
  }

  /** Returns a pattern for the secret in unparsed JSON, such as a batch response. JSON may escape any character. */
  #patternInJson(): RegExp {
    this.#jsonPattern ??= new RegExp(this.#text.split('').map(jsonForms).join(''), 'g')
    return this.#jsonPattern
  }
}

function jsonForms(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0')
  const digits = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  return String.raw`(?:\\u${digits}|\\?${character.replace(/\W/, String.raw`\$&`)})`
}

/** Returns the texts that are long enough to be redacted. */
export function secretsIn(texts: readonly string[]): readonly Secret[] {
  return texts.filter((text) => text.length >= MIN_SECRET_LENGTH).map((text) => new Secret(text))
}

/** Returns the secrets of a URL: its query as sent, and its query decoded. */
export function secretsInUrl(url: string): readonly Secret[] {
  const start = url.indexOf('?')
  if (start === -1) return []
  const query = url.slice(start + 1)
  const decoded = [...new URLSearchParams(query)].map(([name, value]) => `${name}=${value}`).join('&')
  return secretsIn([query, decoded])
}

/**
 * Redacts request secrets that the server echoes in a response or failure. Some servers repeat the
 * credentials or the query string in an error message. The structure of the body is kept.
 */
export function redactEchoes(result: TransportResult, secrets: readonly Secret[]): TransportResult {
  if (secrets.length === 0) return result
  if (isLeft(result)) {
    const failure = result.left
    if (!('headers' in failure && containsAny(failure.headers, secrets))) return result
    return left({ ...failure, headers: redactJson(failure.headers, secrets) })
  }
  const { body, headers } = result.right
  if (!containsAny([body, headers], secrets)) return result
  return right({
    ...result.right,
    body: redactJson(body, secrets),
    ...(headers && { headers: redactJson(headers, secrets) }),
  })
}

function containsAny(json: unknown, secrets: readonly Secret[]): boolean {
  if (typeof json === 'string') return secrets.some((secret) => secret.isIn(json))
  return someMember(json, (member, name) => containsAny(name, secrets) || containsAny(member, secrets))
}

/** Returns a copy that differs only in its strings and in the names of its members. */
function redactJson<A>(json: A, secrets: readonly Secret[]): A
function redactJson(json: unknown, secrets: readonly Secret[]): unknown {
  if (typeof json === 'string') return secrets.reduce((text, secret) => secret.redact(text), json)
  if (Array.isArray(json)) return json.map((member) => redactJson(member, secrets))
  if (!isJsonObject(json)) return json
  const members: [string, unknown][] = []
  for (const name in json) members.push([redactJson(name, secrets), redactJson(json[name], secrets)])
  return Object.fromEntries(members)
}
