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

/** The recursion limit of protobuf JSON parsers. Recursion over deeper JSON can overflow the stack. */
const MAX_DEPTH = 100

/** Returns whether a JSON value has more than `maxDepth` levels of nesting. */
export function isTooDeep(value: unknown, maxDepth: number = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return false
  for (const member of Object.values(value))
    if (maxDepth === 0 || isTooDeep(member, maxDepth - 1)) return true
  return false
}

/** Parses JSON; returns the text itself if it is not JSON or is nested too deeply. */
export function parseText(text: string): unknown {
  try {
    const json: unknown = JSON.parse(text)
    return isTooDeep(json) ? text : json
  } catch {
    return text
  }
}
