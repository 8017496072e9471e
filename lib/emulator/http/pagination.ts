import { createHash } from 'node:crypto'
import type { JsonObject } from '../../model/json.js'
import { badField } from './errors.js'
import type { Query } from './format.js'
import { jsonObject } from './json-text.js'

/** An item and its serial number. */
export interface Numbered<T> {
  readonly number: number
  readonly item: T
}

/** The number of characters of the hash in a page token. */
const HASH_LENGTH = 12

/** Options of a list. */
interface PageOptions {
  /** Identifies the list, with its parent and filter. A page token is valid only for the same list. */
  readonly scope: string
  /** The page size if the request has none, or if it is 0. */
  readonly defaultSize?: number
  readonly maxSize?: number
  /** Returns the sort key of an item. By default, the items are sorted by their serial numbers. */
  readonly orderBy?: (item: JsonObject) => string
  readonly format?: ((item: JsonObject) => JsonObject) | undefined
}

/**
 * Returns the page that the query parameters `pageSize` and `pageToken` select. Throws a 400 if one is invalid.
 *
 * By default, a page has 100 items. The maximum is 300. The lists of tags have these sizes.
 *
 * Source: https://google.aip.dev/158
 */
export function pageOf(
  field: string,
  items: readonly Numbered<JsonObject>[],
  query: Query,
  { scope, defaultSize = 100, maxSize = 300, orderBy = () => '', format = (item) => item }: PageOptions,
): JsonObject {
  const listKey = `${field} ${scope}`
  const size = readPageSize(query.pageSize) || defaultSize
  const start = readPageToken(query.pageToken ?? '', listKey)
  // A page starts after a key, so removed items do not shift the page. The sum has 16 digits for every serial number, also for
  // a negative one.
  const keyed = items.map(({ number, item }) => ({ key: `${orderBy(item)}\0${5e15 + number}`, item }))
  const remaining = keyed.filter(({ key }) => key > start).sort((a, b) => (a.key < b.key ? -1 : 1))
  const page = remaining.slice(0, Math.min(size, maxSize))
  const last = page.at(-1)
  return jsonObject({
    // As in proto3, an empty list is omitted.
    [field]: page.length > 0 ? page.map(({ item }) => format(item)) : undefined,
    nextPageToken: last && remaining.length > page.length ? pageToken(last.key, listKey) : undefined,
  })
}

function readPageSize(text: string | undefined): number {
  const size = Number(text ?? '')
  if (!Number.isInteger(size) || size < 0) throw badField('pageSize', 'must be a whole number from 0.')
  return size
}

/** Returns the key after which the page starts; an empty text for the first page. */
function readPageToken(token: string, listKey: string): string {
  const key = Buffer.from(token, 'base64url').toString().slice(HASH_LENGTH)
  if (token === '' || pageToken(key, listKey) === token) return key
  throw badField('pageToken', 'must be the nextPageToken of a response to the same request.')
}

/** Returns the token of the page that starts after a key. The hash makes the token invalid for another list. */
function pageToken(key: string, listKey: string): string {
  const hash = createHash('sha256').update(`${key} ${listKey}`).digest('base64url')
  return Buffer.from(hash.slice(0, HASH_LENGTH) + key).toString('base64url')
}
