import { UsageError } from './usage-error.js'

/** Reads headers written as `Name: value`. What was given may be a secret, so that no message repeats it. */
export function parseHeaders(given: readonly string[]): Readonly<Record<string, string>> {
  const headers = new Map<string, readonly [string, string]>()
  for (const text of given) {
    const [, name, value] = /^([^:\s]+):\s*(\S.*?)\s*$/s.exec(text) ?? []
    if (name === undefined || value === undefined)
      throw new UsageError("--header must be 'NAME: VALUE', which that given is not")
    if (headers.has(name.toLowerCase())) throw new UsageError(`--header ${name} is given twice`)
    headers.set(name.toLowerCase(), [name, value])
  }
  return Object.fromEntries(headers.values())
}
