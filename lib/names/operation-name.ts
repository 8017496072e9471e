import { formatValue } from '../messages/format-value.js'
import { type Either, left, right } from '../model/either.js'
import type { OperationProtocol } from '../wire/protocol.js'

const FORBIDDEN_CHARACTER = /[%?#\\\p{Cc}\p{Cf}\p{Cs}\p{Z}\s]/u

/**
 * Validates the name of an operation, such as `operations/cp.6403723248945195918`. The protocol decides which paths are
 * names.
 *
 * The function rejects empty, `.` and `..` segments, `%`, `?`, `#`, `\`, white space and control characters, because
 * they can change the URL of a request. The Left states why the name is not valid.
 *
 * Source: https://google.aip.dev/122 (resource names), https://google.aip.dev/151.
 */
export function parseName(
  name: unknown,
  nameProblem: OperationProtocol['nameProblem'],
): Either<string, string> {
  if (typeof name !== 'string')
    return left(`a name is a string such as "operations/cp.123", got ${formatValue(name)}`)
  const problem = pathProblem(name) ?? nameProblem(name)
  return problem === undefined ? right(name) : left(problem)
}

/**
 * Validates the parent of a list, such as `projects/p/locations/l`, and returns the name of its collection, such as
 * `projects/p/locations/l/operations`.
 *
 * The parent can also be the collection itself or the empty string. The Left states why the parent is not valid.
 */
export function parseParent(
  parent: unknown,
  { collectionOf, nameProblem }: OperationProtocol,
): Either<string, string> {
  if (typeof parent !== 'string')
    return left(`a parent is a string such as "projects/p/locations/l", got ${formatValue(parent)}`)
  const collection = collectionOf(parent)
  const problem = pathProblem(collection) ?? nameProblem(`${collection}/x`)
  return problem === undefined ? right(collection) : left(problem)
}

/** Returns a problem that names the first forbidden character of a text, or undefined if there is none. */
export function characterProblem(text: string, forbidden: RegExp): string | undefined {
  const character = forbidden.exec(text)?.[0]
  return character && `it contains ${formatCharacter(character)}`
}

/** Returns the reason why a text is not a path of safe segments. */
function pathProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(name)) return 'it is a URL'
  if (name.startsWith('/')) return 'it begins with "/"'
  const problem = characterProblem(name, FORBIDDEN_CHARACTER)
  if (problem !== undefined) return problem
  const segments = name.split('/')
  if (segments.includes('')) return 'it has an empty segment'
  const dotSegment = segments.find((segment) => segment === '.' || segment === '..')
  return dotSegment && `it has a segment "${dotSegment}"`
}

function formatCharacter(character: string): string {
  return /[\p{C}\p{Z}\s]/u.test(character)
    ? `the character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : `"${character}"`
}
