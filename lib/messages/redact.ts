import { isLeft, left, right } from '../model/either.js'
import type { TransportResult } from '../model/failure.js'
import { isJsonObject } from '../model/json.js'

/** Shorter texts are not redacted, because they can be ordinary words. Secrets are longer. */
const MIN_SECRET_LENGTH = 8

/** A text of a request that must not appear in a response or failure. */
export class Secret {
  readonly #text: string
  #escapedPattern: RegExp | undefined

  constructor(text: string) {
    this.#text = text
  }

  /** `hasEscapes` is whether the text may contain escaped characters. */
  isIn(text: string, hasEscapes: boolean = mayHaveEscapes(text)): boolean {
    if (text.length < this.#text.length) return false
    return text.includes(this.#text) || (hasEscapes && text.search(this.#patternOfEscaped()) !== -1)
  }

  redact(text: string): string {
    if (!this.isIn(text)) return text
    return text.replaceAll(this.#text, '…').replaceAll(this.#patternOfEscaped(), '…')
  }

  /**
   * Returns a pattern for the secret in unparsed JSON, such as a batch response, in a URL, or in HTML. They may escape
   * any character.
   */
  #patternOfEscaped(): RegExp {
    this.#escapedPattern ??= new RegExp(this.#text.split('').map(escapedForms).join(''), 'g')
    return this.#escapedPattern
  }
}

function mayHaveEscapes(text: string): boolean {
  return /[\\%&]/.test(text)
}

function escapedForms(character: string): string {
  const code = character.charCodeAt(0).toString(16).padStart(4, '0')
  const digits = code.replace(/[a-f]/g, (digit) => `[${digit}${digit.toUpperCase()}]`)
  const percentForm = code.startsWith('00') ? `|%${digits.slice(2)}` : ''
  // Any entity of HTML, because only the whole pattern must match the secret.
  const entity = /\W/.test(character) ? String.raw`|&#?\w{2,8};` : ''
  return String.raw`(?:\\u${digits}|\\?${character.replace(/\W/, String.raw`\$&`)}${percentForm}${entity})`
}

/** Returns the texts that are long enough to be redacted. */
export function secretsIn(texts: readonly string[]): readonly Secret[] {
  return texts.filter((text) => text.length >= MIN_SECRET_LENGTH).map((text) => new Secret(text))
}

/**
 * Returns the secrets in the headers of a request: each value without its scheme, and the parts of a value that a
 * server may echo separately. SECURITY.md lists the encodings that are found.
 */
export function secretsInHeaders(headers: Readonly<Record<string, string>>): readonly Secret[] {
  const values = Object.entries(headers)
    .flatMap(([name, value]) => headerParts(name.toLowerCase(), value))
    .flatMap((value) => [value, percentDecode(value)])
    .filter((value) => value.length >= MIN_SECRET_LENGTH)
  const texts = values.flatMap((value) => [value, value.replaceAll(' ', '+'), ...base64Forms(value)])
  // The longest text is redacted first, because it may contain the others.
  return secretsIn([...new Set(texts)].sort((a, b) => b.length - a.length))
}

function headerParts(name: string, value: string): readonly string[] {
  // The billed project is not a secret.
  if (name === 'x-goog-user-project') return []
  if (name === 'cookie') return [value, ...parameterValues(value)]
  const [scheme = ''] = (name.endsWith('authorization') ? ANY_SCHEME : COMMON_SCHEME).exec(value) ?? []
  const credential = value.slice(scheme.length)
  if (scheme === '') return [value]
  if (!/^basic /i.test(scheme)) return [credential, ...parameterValues(credential)]
  const user = Buffer.from(credential, 'base64').toString()
  return [credential, user, user.slice(user.indexOf(':') + 1)]
}

const ANY_SCHEME = /^[\w-]+ +/
const COMMON_SCHEME = /^(?:basic|bearer|digest) +/i

/** Returns the values of a list such as `a=1; b="2"`. */
function parameterValues(text: string): readonly string[] {
  return text.split(/[;,] */).map((part) => part.slice(part.indexOf('=') + 1).replace(/^"|"$/g, ''))
}

function percentDecode(text: string): string {
  return text.replace(/%([\da-f]{2})/gi, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 16)),
  )
}

/**
 * Returns the characters that are equal in every base64 text that contains this text. They depend on the position of
 * the text, which has three alignments, and on the alphabet.
 */
function base64Forms(text: string): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const bytes = Buffer.from(' '.repeat(offset) + text)
    const [start, end] = [Math.ceil((offset * 8) / 6), Math.floor((bytes.length * 8) / 6)]
    return (['base64', 'base64url'] as const).map((encoding) => bytes.toString(encoding).slice(start, end))
  })
}

/** Returns the secrets of a URL: its query as sent, and its query decoded. */
export function secretsInUrl(url: string): readonly Secret[] {
  const queryStart = url.indexOf('?')
  if (queryStart === -1) return []
  const query = url.slice(queryStart + 1)
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
  // A server may return a secret that has only digits as a number.
  if (typeof json === 'number') return containsAny(String(json), secrets)
  if (typeof json === 'string') {
    if (json.length < MIN_SECRET_LENGTH) return false
    // A batch response is one large text, so the text is examined once for all secrets.
    const hasEscapes = mayHaveEscapes(json)
    return secrets.some((secret) => secret.isIn(json, hasEscapes))
  }
  if (typeof json !== 'object' || json === null) return false
  if (Array.isArray(json)) return json.some((member) => containsAny(member, secrets))
  // For an object with a million members, Object.values takes three times as long as this loop, and Object.entries five
  // times as long.
  for (const name in json)
    if (containsAny(name, secrets) || containsAny(json[name as never], secrets)) return true
  return false
}

/** Returns a copy that differs only in its strings and numbers, and in the names of its members. */
function redactJson<A>(json: A, secrets: readonly Secret[]): A
function redactJson(json: unknown, secrets: readonly Secret[]): unknown {
  if (typeof json === 'string') return secrets.reduce((text, secret) => secret.redact(text), json)
  if (typeof json === 'number') return containsAny(json, secrets) ? redactJson(String(json), secrets) : json
  if (Array.isArray(json)) return json.map((member) => redactJson(member, secrets))
  if (!isJsonObject(json)) return json
  const members: [string, unknown][] = []
  for (const name in json) members.push([redactJson(name, secrets), redactJson(json[name], secrets)])
  return Object.fromEntries(members)
}

/** Matches credentials in a text: the value of an authorization header, tokens and API keys of Google, and JWTs. */
const CREDENTIAL = /\b(?:(?:Bearer|Basic) +[\w.~+/=-]{8,}|ya29\.[\w.-]+|AIza[\w-]{20,}|eyJ[\w-]+\.[\w.-]+)/gi

/** Redacts everything in JSON that looks like a credential, because the secrets of a request may be unknown. */
export function redactCredentials<A>(json: A): A {
  return JSON.parse(JSON.stringify(json).replace(CREDENTIAL, '…'))
}
