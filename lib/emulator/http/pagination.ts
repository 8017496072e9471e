import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.js'
import type { Query } from './format.js'
import { jsonObject } from './json-text.js'
import { badField } from './responses.js'

/**
 * An item and its serial number. A page begins after a serial number, so the removal of an item shifts no
 * page.
 */
export interface Numbered<T> {
  readonly number: number
  readonly item: T
}

/** The limits for the number of items on a page. */
interface PageSizes {
  /** Applies if the page size of the request is absent or 0. */
  readonly byDefault: number
  readonly max: number
}

/**
 * Returns the page that the query parameters `pageSize` and `pageToken` select. Throws a 400 if one is invalid.
 *
 * A page token is valid only for the `field` and the `scope` of the page that contained the token.
 *
 * Source: https://google.aip.dev/158
 */
export function pageOf(
  field: string,
  items: readonly Numbered<JsonObject>[],
  query: Query,
  scope: string,
  sizes: PageSizes,
): JsonObject {
  const key = `${field} ${scope}`
  const size = readPageSize(query.pageSize, sizes)
  const previous = readPageToken(query.pageToken, key)
  const rest = items.filter(({ number }) => number > previous)
  const page = rest.slice(0, size)
  const last = page.at(-1)
  return jsonObject({
    // As in proto3, an empty list is omitted.
    [field]: page.length > 0 ? page.map(({ item }) => item) : undefined,
    nextPageToken: last && rest.length > size ? pageToken(last.number, key) : undefined,
  })
}

function readPageSize(text: string | undefined, { byDefault, max }: PageSizes): number {
  const size = Number(text ?? '')
  if (!Number.isInteger(size) || size < 0) throw badField('pageSize', 'must be a whole number from 0.')
  return size === 0 ? byDefault : Math.min(size, max)
}

function readPageToken(token: string | undefined, key: string): number {
  if (token === undefined || token === '') return 0
  const number = Number.parseInt(Buffer.from(token, 'base64url').toString(), 10)
  if (pageToken(number, key) === token) return number
  throw badField('pageToken', 'must be the nextPageToken of a response to the same request.')
}

function pageToken(number: number, key: string): string {
  const seal = createHash('sha256').update(`${number} ${key}`).digest('base64url').slice(0, 12)
  return Buffer.from(`${number} ${seal}`).toString('base64url')
}
