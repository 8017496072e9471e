import type { Either } from 'fp-ts/lib/Either.js'
import { decodeOperation, type WireOperation } from './decode.js'
import { left, right } from './either.js'
import { isJsonObject, type Json } from './json.js'
import type { DecodeError } from './operation.js'
import { describeType } from './shown.js'

/** One page of a list of operations. */
export interface Page {
  /** One that cannot be read does not hide the others. */
  readonly operations: readonly Either<DecodeError & { readonly name: string }, WireOperation>[]
  /** Undefined on the last page. */
  readonly nextPageToken: string | undefined
}

/**
 * Reads the JSON of `google.longrunning.ListOperationsResponse`; the Left says what is wrong with the whole.
 *
 * Source: google/longrunning/operations.proto, https://google.aip.dev/158.
 */
export function decodePage(body: unknown): Either<DecodeError, Page> {
  if (!isJsonObject(body)) return pageError('', `expected an object, got ${describeType(body)}`)
  const operations = body.operations ?? []
  const nextPageToken = body.nextPageToken ?? ''
  if (!Array.isArray(operations))
    return pageError('operations', `expected an array, got ${describeType(operations)}`)
  if (typeof nextPageToken !== 'string')
    return pageError('nextPageToken', `expected a string, got ${describeType(nextPageToken)}`)
  return right({
    operations: (operations as readonly Json[]).map((operation, n) => {
      const read = decodeOperation(operation)
      if (read._tag === 'Right') return read
      const { path, message } = read.left
      const name = isJsonObject(operation) && typeof operation.name === 'string' ? operation.name : ''
      return left({ path: [`operations.${n}`, path].filter(Boolean).join('.'), message, name })
    }),
    nextPageToken: nextPageToken === '' ? undefined : nextPageToken,
  })
}

function pageError(path: string, message: string): Either<DecodeError, never> {
  return left({ path, message })
}
