import { type Either, isLeft, left } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import { decodeErrorText } from './decoder.js'
import type { DecodedOperation, OperationProtocol } from './protocol.js'

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
  const decoded = protocol.decodeStarted(operation)
  if (isLeft(decoded)) return left(decodeErrorText(decoded.left))
  const { _tag, name = '' } = decoded.right
  return _tag === 'Running' && name === '' ? left('it has no complete name') : decoded
}
