import type { Either } from 'fp-ts/lib/Either.js'
import { formatValue } from '../messages/format-value.js'
import { left, right } from '../model/either.js'

const FORBIDDEN = /[%?#\\\p{Cc}\p{Cf}\p{Cs}\p{Z}\s]/u
const COLLECTION = /^(?:operations|[a-z][A-Za-z]*Operations)$/

/**
 * Reads the name of an operation, such as `operations/cp.6403723248945195918`.
 *
 * A name is segments joined by `/`, of which one is a collection of operations and at least one more follows;
 * whatever could lead a URL elsewhere is refused: an empty, `.` or `..` segment, `%`, `?`, `#`, `\`, white space
 * and control characters. The Left says why, in words.
 *
 * Source: https://google.aip.dev/122 (resource names), https://google.aip.dev/151.
 */
export function parseName(given: unknown): Either<string, string> {
  if (typeof given !== 'string')
    return left(`a name is a string such as "operations/cp.123", got ${formatValue(given)}`)
  const reason = nameProblem(given)
  return reason === undefined ? right(given) : left(reason)
}

/**
 * Reads what operations are listed under, such as `projects/p/locations/l`, as the name of their collection, such as
 * `projects/p/locations/l/operations`. Nothing, or the collection itself, is a parent too.
 */
export function parseParent(given: unknown): Either<string, string> {
  if (typeof given !== 'string')
    return left(`a parent is a string such as "projects/p/locations/l", got ${formatValue(given)}`)
  const isCollection = COLLECTION.test(given.slice(given.lastIndexOf('/') + 1))
  const collection = isCollection ? given : `${given}${given && '/'}operations`
  const reason = nameProblem(`${collection}/x`)
  return reason === undefined ? right(collection) : left(reason)
}

function nameProblem(name: string): string | undefined {
  if (name === '') return 'it is empty'
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(name)) return 'it is a URL, not the name of an operation'
  if (name.startsWith('/')) return 'it begins with "/"'
  const forbidden = FORBIDDEN.exec(name)?.[0]
  if (forbidden !== undefined) return `it holds ${drawn(forbidden)}`
  const segments = name.split('/')
  if (segments.includes('')) return 'it has an empty segment'
  const dots = segments.find((segment) => segment === '.' || segment === '..')
  if (dots !== undefined) return `it has a segment "${dots}"`
  const collection = segments.findIndex((segment) => COLLECTION.test(segment))
  if (collection === -1) return 'it has no segment "operations"'
  if (collection === segments.length - 1) return `nothing follows "${segments[collection]}"`
  return undefined
}

function drawn(character: string): string {
  return /[\p{C}\p{Z}\s]/u.test(character)
    ? `the character U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
    : `"${character}"`
}
