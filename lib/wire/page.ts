import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject, type Json, type JsonObject } from '../model/json.js'
import type { DecodeError, Warning } from '../model/operation.js'
import { typeMismatch } from './decoder.js'
import type { DecodedOperation, Page } from './protocol.js'

/** The members of a page. */
export interface PageMembers {
  /** The name of the member with the operations. */
  readonly member: string
  /** @defaultValue the value of `member` */
  readonly operations?: Json | undefined
  /** The collection of each operation, if it is not the requested collection. */
  readonly collections?: readonly string[]
  /** The locations that did not respond. @defaultValue the value of `unreachable` */
  readonly unreachable?: Json | undefined
  /** @defaultValue none */
  readonly warnings?: readonly Warning[]
}

/**
 * Decodes a page of a list. Absent members have no operations and no further page.
 *
 * Source: https://google.aip.dev/158 for the pages, https://google.aip.dev/217 for unreachable locations.
 */
export function decodePageWith(
  body: unknown,
  membersOf: (body: JsonObject) => PageMembers,
  decode: (operation: unknown, collection?: string) => Either<DecodeError, DecodedOperation>,
): Either<DecodeError, Page> {
  if (!isJsonObject(body)) return typeMismatch('', 'an object', body)
  const page = membersOf(body)
  const { member, collections, warnings = [] } = page
  const operations = page.operations ?? body[member] ?? []
  const unreachable = page.unreachable ?? body.unreachable
  const nextPageToken = body.nextPageToken ?? ''
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
    warnings,
    nextPageToken: nextPageToken === '' ? undefined : nextPageToken,
  })
}
