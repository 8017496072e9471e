import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject, type Json } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'
import { typeMismatch } from './decoder.js'
import type { DecodedOperation, Page } from './protocol.js'

/** The members of a page, and the decoder of its operations. */
export interface PageFormat {
  /** The member with the operations. */
  readonly operations: string
  /** The member with the locations that did not respond. */
  readonly unreachable?: string
  /** The collection of each operation, if it is not the requested collection. */
  readonly collections?: readonly string[]
  readonly decode: (operation: unknown, collection?: string) => Either<DecodeError, DecodedOperation>
}

/**
 * Decodes a page of a list. Absent members have no operations and no further page.
 *
 * Source: https://google.aip.dev/158 for the pages, https://google.aip.dev/217 for unreachable locations.
 */
export function decodePageWith(
  body: unknown,
  { operations: member, unreachable: unreachableMember = 'unreachable', collections, decode }: PageFormat,
): Either<DecodeError, Page> {
  if (!isJsonObject(body)) return typeMismatch('', 'an object', body)
  const operations = body[member] ?? []
  const nextPageToken = body.nextPageToken ?? ''
  const unreachable = body[unreachableMember] ?? []
  if (!Array.isArray(operations)) return typeMismatch(member, 'an array', operations)
  if (typeof nextPageToken !== 'string') return typeMismatch('nextPageToken', 'a string', nextPageToken)
  return right({
    operations: operations.map((operation: Json, index) => {
      const decoded = decode(operation, collections?.[index])
      if (!isLeft(decoded)) return decoded
      const { path, message } = decoded.left
      const name = isJsonObject(operation) && typeof operation.name === 'string' ? operation.name : ''
      return left({ path: [`${member}.${index}`, path].filter(Boolean).join('.'), message, name })
    }),
    unreachable: [unreachable].flat().filter((location) => typeof location === 'string'),
    warnings: [],
    nextPageToken: nextPageToken === '' ? undefined : nextPageToken,
  })
}
