import { formatChoices, quote } from '../messages/format-value.js'
import { type Either, isLeft, left } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import { decodeHttpError } from '../model/status.js'
import { decodeErrorText } from './decoder.js'
import type { DecodedOperation, OperationProtocol } from './protocol.js'
import { PROTOCOLS } from './protocols.js'

/**
 * The type of the response of a call that started an operation. If the type `S` is a known mistake, such as a Promise, it
 * is a text with the correction, so that the compiler shows the correction.
 */
export type Followable<S> = unknown extends S
  ? unknown
  : [Exclude<S, object>] extends [never]
    ? [Extract<S, PromiseLike<unknown>>] extends [never]
      ? S extends readonly []
        ? 'the array is empty'
        : S extends readonly unknown[]
          ? Followable<S[0]>
          : S extends { readonly subscribe: unknown }
            ? 'use the operator follow(client) for an Observable'
            : S extends { readonly bodyUsed: boolean; readonly data?: never }
              ? 'pass the result of response.json()'
              : unknown
      : 'await the Promise first'
    : 'pass the response of the call that started the operation'

/**
 * Decodes the operation in the result of the call that started it.
 *
 * The result can be the JSON of the API, an object `{data}` of googleapis, or an array `[operation]` of google-gax. The
 * Left states why there is no valid operation.
 */
export function decodeStarted(
  result: unknown,
  protocol: OperationProtocol,
): Either<string, DecodedOperation> {
  const value: unknown = Array.isArray(result) ? result[0] : result
  const operation = isJsonObject(value) && isJsonObject(value.data) && !('name' in value) ? value.data : value
  const mistake = knownMistake(value)
  if (mistake !== undefined)
    return left(Array.isArray(result) ? `the first member of the array: ${mistake}` : mistake)
  const decoded = protocol.decodeStarted(operation)
  if (isLeft(decoded)) return left(undecodedReason(operation, protocol) ?? decodeErrorText(decoded.left))
  const { _tag, name = '' } = decoded.right
  return _tag === 'Running' && name === '' ? left('it has no complete name') : decoded
}

/** Returns the correction for a value that is not the response of a call. */
function knownMistake(value: unknown): string | undefined {
  const { then, subscribe, json, data }: Partial<Record<string, unknown>> = Object(value)
  if (value === undefined) return 'it is undefined; pass the response of the call that started the operation'
  if (typeof value === 'string') return 'it is a string; for the name of an operation, use client.watch(name)'
  if (typeof value === 'function') return 'it is a function; call it, and await its result'
  if (Array.isArray(value)) return 'it is an array; pass one operation'
  if (typeof then === 'function') return 'it is a Promise; await it first'
  if (typeof subscribe === 'function') return 'it is an Observable; use the operator follow(client)'
  // gaxios adds `data` to a Response.
  if (typeof json === 'function' && data === undefined)
    return 'it is a Response; pass the result of its json()'
  return undefined
}

/** Returns what a value is that the protocol cannot decode: an error, or an operation of another protocol. */
function undecodedReason(value: unknown, { name }: OperationProtocol): string | undefined {
  const error = decodeHttpError(0, value)
  if (error !== undefined) return `it is the error ${error.codeName} of a call that failed`
  const others = Object.values(PROTOCOLS).filter((protocol) => !isLeft(protocol.decodeStarted(value)))
  if (others.length === 0) return undefined
  const names = formatChoices(others.map((protocol) => protocol.name))
  return `it is an operation of ${names}, but the client uses ${quote(name)}; pass service(NAME) to the client`
}
