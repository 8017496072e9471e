import { createHash } from 'node:crypto'
import type { Query } from './format.js'
import { badField } from './responses.js'

/** An item with its number in a list that only grows, so that a page can go on from it whatever was removed. */
export interface Numbered<T> {
  readonly number: number
  readonly item: T
}

/** How many items a page has. */
export interface PageSizes {
  /** Where the request does not say, or says 0. */
  readonly usual: number
  /** Where it asks for more. */
  readonly most: number
}

/** A page of a list. */
export interface Page<T> {
  readonly items: readonly T[]
  /** Absent on the last page. */
  readonly nextPageToken: string | undefined
}

/**
 * The page of a list that `pageSize` and `pageToken` ask for; a bad one is a 400.
 *
 * A token goes on only with the request that it came from: `scope` is what that must share.
 *
 * Source: https://google.aip.dev/158
 */
export function pageOf<T>(
  numbered: readonly Numbered<T>[],
  query: Query,
  scope: string,
  sizes: PageSizes,
): Page<T> {
  const size = sizeOf(query.pageSize, sizes)
  const after = afterOf(query.pageToken, scope)
  const rest = numbered.filter(({ number }) => number > after)
  const last = rest[size - 1]
  return {
    items: rest.slice(0, size).map(({ item }) => item),
    nextPageToken: last !== undefined && rest.length > size ? tokenOf(last.number, scope) : undefined,
  }
}

function sizeOf(text: string | undefined, { usual, most }: PageSizes): number {
  const size = text === undefined || text === '' ? 0 : Number(text)
  if (!Number.isInteger(size) || size < 0) throw badField('pageSize', 'must be a whole number from 0.')
  return size === 0 ? usual : Math.min(size, most)
}

function tokenOf(number: number, scope: string): string {
  const seal = createHash('sha256').update(`${number} ${scope}`).digest('base64url').slice(0, 12)
  return Buffer.from(`${number} ${seal}`).toString('base64url')
}

function afterOf(token: string | undefined, scope: string): number {
  if (token === undefined || token === '') return 0
  const number = Number.parseInt(Buffer.from(token, 'base64url').toString(), 10)
  if (tokenOf(number, scope) === token) return number
  throw badField('pageToken', 'must be the nextPageToken of an answer to the same request.')
}
