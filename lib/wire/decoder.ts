import type { Either } from 'fp-ts/lib/Either.js'
import { isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'

/** Standard Schema v1, as zod, valibot, arktype and others give it. Source: https://standardschema.dev. */
export interface StandardSchema<A> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    /** Reads a value; a Promise is a refusal. */
    readonly validate: (value: unknown) => SchemaResult<A> | Promise<SchemaResult<A>>
  }
}

type SchemaResult<A> =
  | { readonly value: A; readonly issues?: undefined }
  | { readonly issues: readonly SchemaIssue[] }

interface SchemaIssue {
  readonly message: string
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined
}

/** A codec with a `decode` as io-ts has it; its Left is not read. */
export interface Codec<A> {
  /** Reads a value, or refuses it. */
  readonly decode: (value: unknown) => Either<unknown, A>
}

/**
 * What reads a response or metadata: a Standard Schema v1, an object with an io-ts-like `decode`, or a function.
 * They are told apart in this order, for a schema may be a function too.
 *
 * It sees the whole JSON value, its `@type` included, or undefined where the API sent none. One that throws has
 * refused; so has one that answers with a Promise.
 */
export type Decoder<A> = StandardSchema<A> | Codec<A> | ((value: unknown) => Either<string, A>)

/** Whether a value has one of the three forms of a {@link Decoder}. */
export function isDecoder(value: unknown): boolean {
  return (
    typeof value === 'function' ||
    (isJsonObject(value) &&
      (typeof value.decode === 'function' || typeof Object(value['~standard']).validate === 'function'))
  )
}

/** Runs a decoder; every way of refusing comes back as a Left. */
export function decodeWith<A>(decoder: Decoder<A>) {
  return (value: unknown): Either<DecodeError, A> => {
    try {
      if ('~standard' in decoder) return fromStandard(settledResult(decoder['~standard'].validate(value)))
      if ('decode' in decoder) return fromCodec(settledResult(decoder.decode(value)))
      return fromFunction(settledResult(decoder(value)))
    } catch (thrown) {
      return valueError(thrown === ASYNCHRONOUS ? 'the decoder answers with a Promise' : decoderThrew(thrown))
    }
  }
}

function valueError(message: string, path = ''): Either<DecodeError, never> {
  return left({ path, message })
}

// What was thrown may hold the value that was read, so only its kind is told.
function decoderThrew(thrown: unknown): string {
  return `the decoder threw a ${thrown instanceof Error ? thrown.name : typeof thrown}`
}

const ASYNCHRONOUS = Symbol()

// Not `instanceof Promise`: it may come from another realm or library, and its rejection must not go uncaught.
function settledResult<A>(result: A | PromiseLike<A>): A {
  if (!isPromiseLike(result)) return result
  result.then(undefined, () => undefined)
  throw ASYNCHRONOUS
}

function isPromiseLike<A>(result: A | PromiseLike<A>): result is PromiseLike<A> {
  return (
    typeof result === 'object' && result !== null && 'then' in result && typeof result.then === 'function'
  )
}

function fromFunction<A>(decoded: Either<string, A>): Either<DecodeError, A> {
  if (decoded._tag === 'Left') return valueError(String(decoded.left))
  return decoded._tag === 'Right' ? right(decoded.right) : valueError('the decoder answers with no Either')
}

function fromStandard<A>(result: SchemaResult<A>): Either<DecodeError, A> {
  if (result.issues === undefined) return right(result.value)
  const [issue] = result.issues
  const path = issue?.path?.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
  return valueError(issue?.message ?? 'the schema did not say why', path)
}

function fromCodec<A>(decoded: Either<unknown, A>): Either<DecodeError, A> {
  return isLeft(decoded) ? valueError('the codec refused it', pathOf(decoded.left)) : right(decoded.right)
}

/** The path in an io-ts error: each entry of its first context has a `key`. */
function pathOf(errors: unknown): string {
  const first: unknown = Array.isArray(errors) ? errors[0] : undefined
  const context: unknown =
    typeof first === 'object' && first !== null && 'context' in first ? first.context : []
  const keys = Array.isArray(context)
    ? context.map((entry: { key?: unknown }) => String(entry?.key ?? ''))
    : []
  return keys.filter((key) => key !== '').join('.')
}
