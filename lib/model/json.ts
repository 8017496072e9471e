/** Any value that JSON can write. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object. */
export interface JsonObject {
  readonly [member: string]: Json
}

/** Whether a value is a JSON object: neither null nor an array. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** How deep JSON may be nested, as parsers of protobuf JSON have it; deeper, recursion over it may not end well. */
const MAX_DEPTH = 100

/** Whether a JSON value is nested deeper than anything an API means. */
export function isTooDeep(value: unknown, deepest: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false
  for (const member of Object.values(value)) if (deepest === 0 || isTooDeep(member, deepest - 1)) return true
  return false
}

/** The JSON value of a text, or the text itself where it is none, or is too deep to be meant. */
export function parseText(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return isTooDeep(json) ? text : json
  } catch {
    return text
  }
}
