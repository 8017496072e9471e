import { isPlainObject, type Json, type JsonObject } from '../../model/json.js'

/** Returns whether JSON can represent a value. It cannot represent NaN, undefined, functions and class instances. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  return isPlainObject(value) && Object.values(value).every(isJson)
}

/** Returns a copy of an object without undefined members. Keeps the member order. */
export function jsonObject(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const object: Record<string, Json> = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined) object[name] = value
  return object
}

/**
 * Formats JSON like Google's front end: if `pretty`, with an indent and a final newline; otherwise compact.
 */
export function jsonText(value: Json, pretty: boolean): string {
  return pretty ? `${JSON.stringify(value, null, 2)}\n` : JSON.stringify(value)
}
