/** Any JSON value. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [member: string]: Json
}

/** Returns whether a value is a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Returns whether a value is an object without a class. The entries of a Headers object or a Map would not be read. */
export function isPlainObject(value: unknown): value is object {
  return isJsonObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
}

/** Returns the objects in a list. A value of another type has none. */
export function objectsIn(value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : []
}

/** Returns a string, or the empty string for any other value. A number is formatted. */
export function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

/** The recursion limit of protobuf JSON parsers. Recursion over deeper JSON can overflow the stack. */
const MAX_DEPTH = 100

/** Returns whether a JSON value has more than `maxDepth` levels of nesting. */
export function isTooDeep(value: unknown, maxDepth: number = MAX_DEPTH): boolean {
  // Has no closure for the members, because one for each object takes 3 % of the CPU time of a poll in a batch.
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return value.some((member) => maxDepth === 0 || isTooDeep(member, maxDepth - 1))
  for (const name in value) if (maxDepth === 0 || isTooDeep(value[name as never], maxDepth - 1)) return true
  return false
}

/** Parses JSON; returns the text itself if it is not JSON or is nested too deeply. */
export function parseJsonOrText(text: string): Json {
  try {
    const json: Json = JSON.parse(text)
    return isTooDeep(json) ? text : json
  } catch {
    return text
  }
}
