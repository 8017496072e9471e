import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft, left, right } from '../model/either.js'
import type { TransportFailure, TransportResponse } from '../model/failure.js'
import { isJsonObject } from '../model/json.js'

/** No secret is shorter; blotting out less could hit any word. */
const MIN_SECRET_LENGTH = 8

/** What the request told the server, and nobody else is to hear. */
export class Secret {
  readonly #text: string
  #escaped: RegExp | undefined

  constructor(text: string) {
    this.#text = text
  }

  isIn(text: string): boolean {
    return text.includes(this.#text) || (text.includes('\\') && text.search(this.#inJson()) !== -1)
  }

  redact(text: string): string {
    return text.replaceAll(this.#text, '…').replaceAll(this.#inJson(), '…')
  }

  /** As it may stand in JSON that is not read yet, such as that of a batch: any character may be escaped there. */
  #inJson(): RegExp {
    this.#escaped ??= new RegExp(this.#text.split('').map(anyForm).join(''), 'g')
    return this.#escaped
  }
}

function anyForm(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0')
  const digits = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  return String.raw`(?:\\u${digits}|\\?${character.replace(/\W/, String.raw`\$&`)})`
}

/** Those of some texts that are long enough to be known again. */
export function secretsIn(texts: readonly string[]): readonly Secret[] {
  return texts.filter((text) => text.length >= MIN_SECRET_LENGTH).map((text) => new Secret(text))
}

/**
 * Blots out of what a server told, be it the head of an answer that failed, what the request told it and it repeats, as
 * some do in the message of an error: credentials and query strings. The form of the body stays.
 */
export function redactEchoes(
  outcome: Either<TransportFailure, TransportResponse>,
  secrets: readonly Secret[],
): Either<TransportFailure, TransportResponse> {
  if (secrets.length === 0) return outcome
  if (isLeft(outcome)) {
    const failure = outcome.left
    if (!('headers' in failure && containsAny(failure.headers, secrets))) return outcome
    return left({ ...failure, headers: redactText(failure.headers, secrets) })
  }
  const { body, headers } = outcome.right
  if (!containsAny(body, secrets) && !containsAny(headers, secrets)) return outcome
  return right({
    ...outcome.right,
    body: redactText(body, secrets),
    ...(headers && { headers: redactText(headers, secrets) }),
  })
}

function containsAny(json: unknown, secrets: readonly Secret[]): boolean {
  if (typeof json === 'string') return secrets.some((secret) => secret.isIn(json))
  if (typeof json !== 'object' || json === null) return false
  for (const [name, member] of Object.entries(json))
    if (containsAny(name, secrets) || containsAny(member, secrets)) return true
  return false
}

/** A copy of JSON, in which only texts and the names of members differ. */
function redactText<A>(json: A, secrets: readonly Secret[]): A {
  return redactValue(json, secrets) as A
}

function redactValue(json: unknown, secrets: readonly Secret[]): unknown {
  if (typeof json === 'string') return secrets.reduce((text, secret) => secret.redact(text), json)
  if (Array.isArray(json)) return json.map((member) => redactValue(member, secrets))
  if (!isJsonObject(json)) return json
  return Object.fromEntries(
    Object.entries(json).map(([name, member]) => [redactValue(name, secrets), redactValue(member, secrets)]),
  )
}

/** What of a URL must not come back: its query as it was sent and as it reads. */
export function secretsInUrl(url: string): readonly Secret[] {
  const from = url.indexOf('?')
  if (from === -1) return []
  const query = url.slice(from + 1)
  const read = [...new URLSearchParams(query)].map(([name, value]) => `${name}=${value}`).join('&')
  return secretsIn([query, read])
}
