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

/** The position of an item in a list. A page starts after a position, so removed items do not shift the page. */
interface Position {
  readonly sortKey: string
  readonly number: number
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
  const start = readPageToken(query.pageToken, listKey)
  const positioned = items.map(({ number, item }) => ({ sortKey: orderBy(item), number, item }))
  const remaining = positioned.filter((position) => !start || compare(position, start) > 0).sort(compare)
  const page = remaining.slice(0, Math.min(size, maxSize))
  const last = page.at(-1)
  return jsonObject({
    // As in proto3, an empty list is omitted.
    [field]: page.length > 0 ? page.map(({ item }) => format(item)) : undefined,
    nextPageToken: last && remaining.length > page.length ? pageToken(last, listKey) : undefined,
  })
}

function compare(a: Position, b: Position): number {
  if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -1 : 1
  return a.number - b.number
}

function readPageSize(text: string | undefined): number {
  const size = Number(text ?? '')
  if (!Number.isInteger(size) || size < 0) throw badField('pageSize', 'must be a whole number from 0.')
  return size
}

/** Returns the position after which the page starts; undefined for the first page. */
function readPageToken(token: string | undefined, listKey: string): Position | undefined {
  if (token === undefined || token === '') return undefined
  const [number = '', , ...words] = Buffer.from(token, 'base64url').toString().split(' ')
  const position = { number: Number(number), sortKey: words.join(' ') }
  if (pageToken(position, listKey) === token) return position
  throw badField('pageToken', 'must be the nextPageToken of a response to the same request.')
}

/** Returns the token of the page that starts after a position. The hash makes the token invalid for another list. */
function pageToken({ number, sortKey }: Position, listKey: string): string {
  const hash = createHash('sha256').update(`${number} ${sortKey} ${listKey}`).digest('base64url').slice(0, 12)
  return Buffer.from(`${number} ${hash} ${sortKey}`).toString('base64url')
}
