import { type Either, left, right } from 'fp-ts/lib/Either.js'
import { decodeOperation, type WireOperation } from './decode.js'
import { isJsonObject } from './json.js'

/**
 * Reads the operation in what a client of Google's returned when it started one: the JSON itself, the `{data}` of
 * googleapis, or the `[operation]` of google-gax, whose payloads are bytes, so that only its name is taken. The Left
 * says what is wrong with it.
 */
export const decodeStarted = (given: unknown): Either<string, WireOperation> => {
  const first: unknown = Array.isArray(given) ? given[0] : given
  const operation = isJsonObject(first) && isJsonObject(first.data) && !('name' in first) ? first.data : first
  if (isJsonObject(operation) && 'latestResponse' in operation) return named(operation.name)
  const decoded = decodeOperation(operation)
  return decoded._tag === 'Right'
    ? decoded
    : left(`${decoded.left.path || 'the whole'}: ${decoded.left.message}`)
}

const named = (name: unknown): Either<string, WireOperation> =>
  typeof name === 'string' ? right({ _tag: 'Running', name, metadata: undefined }) : left('it has no name')
