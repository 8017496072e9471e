import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.js'
import type { Query } from './format.js'
import { jsonObject } from './json-text.js'
import { badField } from './responses.js'

/** An item and its serial number. */
export interface Numbered<T> {
  readonly number: number
  readonly item: T
}

/** Options of a list. */
interface PageOptions {
  /** Identifies the list, with its parent and filter. A page token is valid only for the same list. */
  readonly scope: string
  /** The page size if the request has none, or if it is 0. */
  readonly defaultSize?: number
  readonly maxSize?: number
  /** Returns the text that sorts the items. By default, their serial numbers sort them. */
  readonly orderBy?: (item: JsonObject) => string
  readonly format?: ((item: JsonObject) => JsonObject) | undefined
}

/** The place of an item in a list. A page continues after a place, so removed items do not shift it. */
interface Place {
  readonly order: string
  readonly number: number
}

/**
 * Returns the page that the query parameters `pageSize` and `pageToken` select. Throws a 400 if one is invalid.
 *
 * By default, a page has 100 items, and at most 300. These are the sizes of the lists of tags.
 *
 * Source: https://google.aip.dev/158
 */
export function pageOf(
  field: string,
  items: readonly Numbered<JsonObject>[],
  query: Query,
  { scope, defaultSize = 100, maxSize = 300, orderBy = () => '', format = (item) => item }: PageOptions,
): JsonObject {
  const key = `${field} ${scope}`
  const size = readPageSize(query.pageSize) || defaultSize
  const previous = readPageToken(query.pageToken, key)
  const placed = items.map(({ number, item }) => ({ order: orderBy(item), number, item }))
  const rest = placed.filter((place) => previous === undefined || compare(place, previous) > 0).sort(compare)
  const page = rest.slice(0, Math.min(size, maxSize))
  const last = page.at(-1)
  return jsonObject({
    // As in proto3, an empty list is omitted.
    [field]: page.length > 0 ? page.map(({ item }) => format(item)) : undefined,
    nextPageToken: last && rest.length > page.length ? pageToken(last, key) : undefined,
  })
}

function compare(a: Place, b: Place): number {
  if (a.order !== b.order) return a.order < b.order ? -1 : 1
  return a.number - b.number
}

function readPageSize(text: string | undefined): number {
  const size = Number(text ?? '')
  if (!Number.isInteger(size) || size < 0) throw badField('pageSize', 'must be a whole number from 0.')
  return size
}

function readPageToken(token: string | undefined, key: string): Place | undefined {
  if (token === undefined || token === '') return undefined
  const [number = '', , ...order] = Buffer.from(token, 'base64url').toString().split(' ')
  const place = { number: Number(number), order: order.join(' ') }
  if (pageToken(place, key) === token) return place
  throw badField('pageToken', 'must be the nextPageToken of a response to the same request.')
}

function pageToken({ number, order }: Place, key: string): string {
  const seal = createHash('sha256').update(`${number} ${order} ${key}`).digest('base64url').slice(0, 12)
  return Buffer.from(`${number} ${seal} ${order}`).toString('base64url')
}
