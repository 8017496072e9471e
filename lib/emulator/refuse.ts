import { inspect } from 'node:util'

/** What was given, by the names of its members. */
export type Members = Readonly<Record<string, unknown>>

/** The members of an object, or a refusal. */
export function asObject(where: string, value: unknown): Members {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value }
  return reject(where, 'an object', value)
}

/** Refuses members that are not among those allowed. */
export function allowOnly(where: string, given: Members, allowed: readonly string[]): void {
  for (const name of Object.keys(given)) {
    if (!allowed.includes(name))
      reject(`${where}: ${name}`, `absent: it takes ${allowed.join(', ')}`, given[name])
  }
}

/** Throws a RangeError that names a thing, its range and what was given. */
export function reject(thing: string, range: string, given: unknown): never {
  throw new RangeError(`${thing} must be ${range}, given ${inspect(given, { depth: 2 })}`)
}
