import { createHash } from 'node:crypto'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { badField, RejectedRequest } from '../http/errors.js'
import { jsonObject } from '../http/json-text.js'

/** The members of a resource. */
export type Fields = Readonly<Record<string, Json | undefined>>

/** Returns the object in a request body; an empty object for an empty body. Rejects other values. */
export function readBody(body: Json | undefined): JsonObject {
  if (body === undefined) return {}
  if (isJsonObject(body)) return body
  throw new RejectedRequest('INVALID_ARGUMENT', 'Invalid JSON payload received. A JSON object was expected.')
}

/** Reads a string field; undefined if the field is absent or empty. In proto3, both mean the same. */
export function readText(body: JsonObject, field: string): string | undefined {
  const value = body[field]
  if (value === undefined || value === null || value === '') return undefined
  if (typeof value === 'string') return value
  throw badField(field, 'must be a string.')
}

/** Reads a required string field that must match a pattern. Rejects other values with `description`. */
export function requireText(body: JsonObject, field: string, pattern: RegExp, description: string): string {
  const value = readText(body, field)
  if (value !== undefined && pattern.test(value)) return value
  throw badField(field, description)
}

/** Reads a required ID of a project or of a capability config. */
export function requireId(body: JsonObject, field: string): string {
  const description =
    'must be 6 to 30 lowercase letters, digits or hyphens, begin with a letter and not end with a hyphen.'
  return requireText(body, field, /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, description)
}

/** Reads a required field that is the name of an organization or folder. */
export function requireParent(body: JsonObject, field: string): string {
  const pattern = /^(organizations|folders)\/\d+$/
  return requireText(body, field, pattern, 'must be organizations/NUMBER or folders/NUMBER.')
}

/** Reads a list field; undefined if the list is absent or empty. Rejects a list with an invalid item. */
export function readList(
  body: JsonObject,
  field: string,
  isValid: (item: Json) => boolean,
  description: string,
): readonly Json[] | undefined {
  const value = body[field] ?? []
  if (!Array.isArray(value) || !value.every((item: Json) => isValid(item))) throw badField(field, description)
  return value.length > 0 ? value : undefined
}

/** Reads a field that is a map of strings; undefined if the map is absent or empty. */
export function readMap(body: JsonObject, field: string): JsonObject | undefined {
  const value = body[field] ?? {}
  if (isJsonObject(value) && Object.values(value).every((entry) => typeof entry === 'string'))
    return Object.keys(value).length > 0 ? value : undefined
  throw badField(field, 'must be a map of strings.')
}

/** Returns the members of both objects with an etag between them. The etag is a checksum of all members. */
export function withEtag(first: JsonObject, rest: JsonObject = {}): JsonObject {
  const checksum = createHash('sha256')
    .update(JSON.stringify({ ...first, ...rest }))
    .digest('hex')
  return { ...first, etag: `W/"${checksum.slice(0, 16)}"`, ...rest }
}

/** Returns the named members in the order of the names, with a new etag between them. Spaces separate the names. */
export function orderMembers(fields: Fields, beforeEtag: string, afterEtag = ''): JsonObject {
  const select = (names: string) =>
    jsonObject(Object.fromEntries(names.split(' ').map((name) => [name, fields[name]])))
  return withEtag(select(beforeEtag), select(afterEtag))
}

/**
 * Returns the fields that a patch changes. A field with the value undefined is cleared. Without a mask, returns all
 * fields that have a value.
 *
 * A path in the mask may be a JSON name or a proto name, such as `displayName` or `display_name`.
 *
 * Source: https://google.aip.dev/134
 */
export function maskFields<T extends Readonly<Record<string, unknown>>>(
  mask: string | undefined,
  fields: T,
): Partial<T> {
  const paths = mask === undefined || mask === '' ? undefined : mask.split(',').map(jsonName)
  for (const path of paths ?? []) {
    if (path !== 'etag' && !Object.hasOwn(fields, path))
      throw badField('updateMask', `may contain only ${Object.keys(fields).join(', ')} and etag.`)
  }
  const isChanged = ([field, value]: [string, unknown]): boolean =>
    paths === undefined ? value !== undefined : paths.includes(field)
  return Object.fromEntries(Object.entries(fields).filter(isChanged)) as Partial<T>
}

/** Converts a proto name to a JSON name: `display_name` to `displayName`. */
export function jsonName(path: string): string {
  return path.trim().replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
