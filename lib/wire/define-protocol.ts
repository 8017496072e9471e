import { InvalidOption } from '../messages/invalid-option.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'
import { operationsOf } from './collection-name.js'
import { decodeError, decodeWith } from './decoder.js'
import type { DecodedOperation, OperationProtocol, Page } from './protocol.js'

/**
 * The definition of a protocol. Only `name`, `get` and `decode` are required. A method that is absent is rejected without
 * a request.
 *
 * The Left of a decoder is the reason, or the reason with the path of the invalid member.
 */
export interface ProtocolDefinition
  extends Pick<
    OperationProtocol,
    'name' | 'get' | 'wait' | 'cancel' | 'delete' | 'list' | 'hasMethod' | 'usesWait' | 'hasUsableProgress'
  > {
  /** Decodes a snapshot. `name` is the requested name. */
  readonly decode: (body: unknown, name: string) => Either<DecodeError | string, DecodedOperation>
  /**
   * Decodes what a client library returns for the call that starts an operation. The name of a running operation must be
   * complete.
   * @defaultValue `decode` with an empty name
   */
  readonly decodeStarted?: (value: unknown) => Either<DecodeError | string, DecodedOperation>
  /** Decodes a page of a list. Required if there is a `list`. */
  readonly decodePage?: (
    body: unknown,
    collection: string,
  ) => Either<DecodeError | string, Pick<Page, 'operations'> & Partial<Page>>
  /**
   * Returns the reason why a path is not the name of an operation, or undefined if it is valid. The path has only safe
   * characters and no empty segments.
   * @defaultValue accepts every path
   */
  readonly nameProblem?: (name: string) => string | undefined
  /**
   * Returns the collection that a list requests. The argument of `client.list` is the parent of the collection, such as
   * `projects/p`, or the collection itself, such as `projects/p/operations`.
   * @defaultValue the parent, followed by `/operations`
   */
  readonly collectionOf?: (parent: string) => string
  /** The members of a snapshot that a field mask must contain. @defaultValue none */
  readonly requiredFields?: readonly string[]
}

/**
 * Returns a protocol for the option `protocol` of a client. Throws {@link InvalidOption} if the definition is invalid.
 *
 * If a decoder throws or returns no operation, the response is malformed, and the poll is retried. If another function
 * throws, the Observable errors. If `nameProblem` throws, the name is invalid.
 *
 * @example
 * {@includeCode ../../examples/recipes/cloud-build.ts}
 */
export function defineProtocol(definition: ProtocolDefinition): OperationProtocol {
  checkDefinition(definition)
  const { decode, decodePage, nameProblem } = definition
  const { decodeStarted = (value: unknown) => decode(value, '') } = definition
  return {
    collectionOf: operationsOf,
    requiredFields: [],
    ...definition,
    nameProblem: (name) => problemOf(name, nameProblem),
    decode: (body, name) => requireOperation(decodeWith((value) => decode(value, name))(body)),
    decodeStarted: (value) => requireOperation(decodeWith(decodeStarted)(value)),
    decodePage: (body, collection) => {
      if (decodePage === undefined) return decodeError('the protocol has no list')
      const page = decodeWith((value) => decodePage(value, collection))(body)
      return isLeft(page) ? page : pageIn(page.right)
    },
  }
}

/** Returns the page that a decoder returned. An item that is not an operation becomes a Left; the other items stay. */
function pageIn(decoded: Partial<Page>): Either<DecodeError, Page> {
  const { operations, unreachable = [], warnings = [], nextPageToken } = Object(decoded) as Partial<Page>
  if (!Array.isArray(operations)) return decodeError('the decoder returned no operations')
  return right({
    operations: operations.map((operation: Page['operations'][number], index) => {
      const checked = requireOperation(decodeWith(() => operation)(undefined))
      if (!isLeft(checked)) return checked
      const { path, message } = checked.left
      return left({
        path: path || `operations.${index}`,
        message,
        name: String(Object(Object(operation).left).name ?? ''),
      })
    }),
    unreachable,
    warnings,
    nextPageToken: nextPageToken || undefined,
  })
}

/**
 * Returns the result of a decoder, or a decode error if it is not an operation, because a watch would otherwise end with
 * an invalid result.
 */
function requireOperation(
  decoded: Either<DecodeError, DecodedOperation>,
): Either<DecodeError, DecodedOperation> {
  if (isLeft(decoded)) return decoded
  const operation = Object(decoded.right)
  if (!['Running', 'Succeeded', 'Failed'].includes(operation._tag))
    return decodeError('the decoder returned no Running, Succeeded or Failed')
  const { codeName, message, details } = Object(operation.status)
  if (operation._tag === 'Failed' && !(isText(codeName) && isText(message) && Array.isArray(details)))
    return decodeError('the decoder returned Failed without a Status')
  if (operation.name !== undefined && !isText(operation.name))
    return decodeError('the decoder returned a name that is no string')
  return decoded
}

function isText(value: unknown): value is string {
  return typeof value === 'string'
}

function problemOf(name: string, nameProblem: ProtocolDefinition['nameProblem']): string | undefined {
  try {
    return nameProblem?.(name)
  } catch (thrown) {
    return `nameProblem threw a ${thrown instanceof Error ? thrown.name : typeof thrown}`
  }
}

/** The expected form of a member, and its test. */
type Form = readonly [expected: string, isValid: (value: unknown) => boolean]

const FUNCTION: Form = ['a function', (value) => typeof value === 'function']
const BOOLEAN: Form = ['true or false', (value) => typeof value === 'boolean']
const FORMS: Readonly<Record<keyof OperationProtocol, Form>> = {
  name: ['a name such as "bigquery"', (value) => isText(value) && value !== ''],
  get: FUNCTION,
  decode: FUNCTION,
  decodeStarted: FUNCTION,
  wait: FUNCTION,
  cancel: FUNCTION,
  delete: FUNCTION,
  list: FUNCTION,
  decodePage: FUNCTION,
  nameProblem: FUNCTION,
  collectionOf: FUNCTION,
  hasMethod: FUNCTION,
  usesWait: BOOLEAN,
  hasUsableProgress: BOOLEAN,
  requiredFields: ['an array of strings', (value) => Array.isArray(value) && value.every(isText)],
}

function checkDefinition(definition: ProtocolDefinition): void {
  if (!isJsonObject(definition))
    throw new InvalidOption('protocol', 'an object with name, get and decode', definition)
  // Inherited members, such as the methods of a class, would not be copied into the protocol.
  const { name, get, decode, list, decodePage, usesWait, wait } = { ...definition }
  const required = { name, get, decode, ...(list && { decodePage }), ...(usesWait && { wait }) }
  const unknown: Form = [`absent, because a protocol has only ${Object.keys(FORMS).join(', ')}`, () => false]
  for (const [member, value] of Object.entries({ ...definition, ...required })) {
    const [expected, isValid] = Object.hasOwn(FORMS, member) ? FORMS[member as keyof typeof FORMS] : unknown
    const isAbsent = value === undefined && !Object.hasOwn(required, member)
    if (!isAbsent && !isValid(value)) throw new InvalidOption(`protocol.${member}`, expected, value)
  }
}
