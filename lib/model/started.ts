import type { Either } from 'fp-ts/lib/Either.js'
import { decodeOperation, type WireOperation } from './decode.js'
import { left, right } from './either.js'
import { isJsonObject, type JsonObject } from './json.js'
import { decodeStatus } from './status.js'

/**
 * Reads the operation in what a client of Google's returned when it started one: the JSON itself, the `{data}` of
 * googleapis, or the `[operation]` of google-gax, whose payloads are bytes, so that only its name is taken. The Left
 * says what is wrong with it.
 */
export function decodeStartedOperation(given: unknown): Either<string, WireOperation> {
  const first: unknown = Array.isArray(given) ? given[0] : given
  const operation = isJsonObject(first) && isJsonObject(first.data) && !('name' in first) ? first.data : first
  if (isJsonObject(operation) && isJsonObject(operation.latestResponse))
    return typeof operation.name === 'string' && operation.name !== ''
      ? right({ _tag: 'Running', name: operation.name, metadata: undefined })
      : fromGax(operation.latestResponse)
  const decoded = decodeOperation(operation)
  return decoded._tag === 'Right'
    ? decoded
    : left(`${decoded.left.path || 'the whole'}: ${decoded.left.message}`)
}

/** One that is done and has no name cannot be asked for, so it is taken without its payloads. */
function fromGax({ done, error }: JsonObject): Either<string, WireOperation> {
  const members = { name: undefined, metadata: undefined }
  if (done !== true) return left('it has no name')
  return right(
    isJsonObject(error)
      ? { _tag: 'Failed', ...members, status: decodeStatus(error) }
      : { _tag: 'Succeeded', ...members, response: undefined },
  )
}
