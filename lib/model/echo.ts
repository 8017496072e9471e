import type { Answer } from './answer.js'

/** No secret is shorter; blotting out less could hit any word. */
const SHORTEST = 8

/**
 * Blots out of an answer what the request told the server and the server repeats, as some do in the message of an
 * error: credentials and query strings. Only texts within the body are changed, never its form.
 */
export const unechoed = (answer: Answer, secrets: readonly string[]): Answer => {
  const long = secrets.filter((secret) => secret.length >= SHORTEST)
  if (long.length === 0 || !holdsAny(answer.body, long)) return answer
  const clean = (value: string): string => long.reduce((left, secret) => left.replaceAll(secret, '…'), value)
  const text = JSON.stringify(answer.body)
  const body: unknown = JSON.parse(text, (_, value) => (typeof value === 'string' ? clean(value) : value))
  return { ...answer, body }
}

const holdsAny = (json: unknown, secrets: readonly string[]): boolean => {
  if (typeof json === 'string') return secrets.some((secret) => json.includes(secret))
  if (typeof json !== 'object' || json === null) return false
  for (const member of Object.values(json)) if (holdsAny(member, secrets)) return true
  return false
}

/** The texts of a URL that must not come back: its query as it was sent and as it reads, and the user in it. */
export const secretsOfUrl = (url: string): readonly string[] => {
  if (!/[?@]/.test(url)) return []
  const { search, searchParams } = new URL(url)
  const query = search.slice(1)
  const read = [...searchParams].map(([name, value]) => `${name}=${value}`).join('&')
  return [query, read, searchParams.get('quotaUser') ?? '']
}
