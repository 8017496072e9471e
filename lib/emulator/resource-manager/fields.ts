import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject, jsonText } from '../http/json-text.js'
import { badField, RejectedRequest } from '../http/responses.js'

/** The object in the body of a request; an empty body is an empty message, anything else is refused. */
export function bodyObject(body: Json | undefined): JsonObject {
  if (body === undefined) return {}
  if (isJsonObject(body)) return body
  throw new RejectedRequest({
    status: 'INVALID_ARGUMENT',
    message: 'Invalid JSON payload received. A JSON object was expected.',
  })
}

/** A string field, or undefined where it is absent; empty is absent, as in proto3. */
export function textField(body: JsonObject, field: string): string | undefined {
  const value = body[field]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw badField(field, 'must be a string.')
}

/** A string field that must be there and match. */
export function requiredText(body: JsonObject, field: string, pattern: RegExp, description: string): string {
  const value = textField(body, field)
  if (value !== undefined && pattern.test(value)) return value
  throw badField(field, description)
}

/** A field that is a map of strings, or undefined where it is absent or empty. */
export function mapField(body: JsonObject, field: string): JsonObject | undefined {
  const value = body[field] ?? {}
  if (isJsonObject(value) && Object.values(value).every((entry) => typeof entry === 'string')) {
    return Object.keys(value).length > 0 ? value : undefined
  }
  throw badField(field, 'must be a map of strings.')
}

/** A resource with its etag, a checksum of its other members, between the first of them and the rest. */
export function withEtag(first: JsonObject, rest: JsonObject = {}): JsonObject {
  const told = jsonText({ ...first, ...rest }, false)
  const etag = `W/"${createHash('sha256').update(told).digest('hex').slice(0, 16)}"`
  return { ...first, etag, ...rest }
}

/**
 * Those of the fields that a patch sets, an undefined one being cleared; without a mask those that have a value.
 *
 * A path may be written as in JSON or as in the proto: `displayName`, `display_name`.
 *
 * Source: https://google.aip.dev/134
 */
export function maskedFields<Fields extends Readonly<Record<string, unknown>>>(
  mask: string | undefined,
  fields: Fields,
): Partial<Fields> {
  const paths = mask === undefined || mask === '' ? undefined : mask.split(',').map(jsonName)
  for (const path of paths ?? []) {
    if (path !== 'etag' && !Object.hasOwn(fields, path)) {
      throw badField('updateMask', `may name only ${Object.keys(fields).join(', ')} and etag.`)
    }
  }
  const set = Object.entries(fields).filter(([field, value]) => paths?.includes(field) ?? value !== undefined)
  return Object.fromEntries(set) as Partial<Fields>
}

function jsonName(path: string): string {
  return path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
