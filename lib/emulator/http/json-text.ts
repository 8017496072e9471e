/** What a JSON text can hold. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject

/** A JSON object; its members are written in the order in which they were added. */
export interface JsonObject {
  readonly [member: string]: Json
}

/** Is this a JSON object, and neither an array nor null? */
export function isJsonObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Could this value be written as JSON without a loss? NaN, undefined, functions and class instances could not. */
export function isJson(value: unknown): value is Json {
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return true
  if (typeof value === 'number') return Number.isFinite(value)
  if (Array.isArray(value)) return value.every(isJson)
  if (typeof value !== 'object') return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return (prototype === Object.prototype || prototype === null) && Object.values(value).every(isJson)
}

/** The object of those members that are there: an undefined one is left out. */
export function jsonObject(members: Readonly<Record<string, Json | undefined>>): JsonObject {
  const object: Record<string, Json> = {}
  for (const [name, value] of Object.entries(members)) if (value !== undefined) object[name] = value
  return object
}

/** JSON as Google's front end writes it: two spaces and a last newline when pretty, neither when compact. */
export function jsonText(value: Json, pretty: boolean): string {
  return pretty ? `${JSON.stringify(value, null, 2)}\n` : JSON.stringify(value)
}

/** The JSON of a text, or the text itself where it is none. */
export function parseJson(text: string): Json {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
