import { formatValue } from '../messages/format-value.js'
import { type Either, left, right } from '../model/either.js'

const FORBIDDEN_CHARACTER = /[%?#\\\p{Cc}\p{Cf}\p{Cs}\p{Z}\s]/u
const COLLECTION_SEGMENT = /^(?:operations|[a-z][A-Za-z]*Operations)$/

/**
 * Validates the name of an operation, such as `operations/cp.6403723248945195918`.
 *
 * A name is a path with a segment `operations` or `xOperations`, and at least one segment after it. The function rejects
 * empty, `.` and `..` segments, `%`, `?`, `#`, `\`, white space and control characters, because they can change the URL
 * of a request. The Left states why the name is not valid.
 *
 * Source: https://google.aip.dev/122 (resource names), https://google.aip.dev/151.
 */
export function parseName(name: unknown): Either<string, string> {
  if (typeof name !== 'string')
    return left(`a name is a string such as "operations/cp.123", got ${formatValue(name)}`)
  const problem = nameProblem(name)
  return problem === undefined ? right(name) : left(problem)
}

/**
 * Validates the parent of a list, such as `projects/p/locations/l`, and returns the name of its collection, such as
 * `projects/p/locations/l/operations`.
 *
 * The parent can also be the collection itself or the empty string. The Left states why the parent is not valid.
 */
export function parseParent(parent: unknown): Either<string, string> {
  if (typeof parent !== 'string')
    return left(`a parent is a string such as "projects/p/locations/l", got ${formatValue(parent)}`)
  const isCollection = COLLECTION_SEGMENT.test(parent.slice(parent.lastIndexOf('/') + 1))
  const collection = isCollection ? parent : `${parent}${parent && '/'}operations`
  const problem = nameProblem(`${collection}/x`)
  return problem === undefined ? right(collection) : left(problem)
}

/** Returns a problem that names the first forbidden character of a text, or undefined if there is none. */
export function characterProblem(text: string, forbidden: RegExp): string | undefined {
  const character = forbidden.exec(text)?.[0]
  return character && `it contains ${formatCharacter(character)}`
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(name)) return 'it is a URL'
  if (name.startsWith('/')) return 'it begins with "/"'
  const problem = characterProblem(name, FORBIDDEN_CHARACTER)
  if (problem !== undefined) return problem
  const segments = name.split('/')
  if (segments.includes('')) return 'it has an empty segment'
  const dotSegment = segments.find((segment) => segment === '.' || segment === '..')
  if (dotSegment !== undefined) return `it has a segment "${dotSegment}"`
  const collectionIndex = segments.findIndex((segment) => COLLECTION_SEGMENT.test(segment))
  if (collectionIndex === -1) return 'it has no segment "operations"'
  if (collectionIndex === segments.length - 1) return `it has no segment after "${segments.at(-1)}"`
  return undefined
}

function formatCharacter(character: string): string {
  return /[\p{C}\p{Z}\s]/u.test(character)
    ? `the character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : `"${character}"`
}
