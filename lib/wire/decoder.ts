import { describeType } from '../messages/format-value.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import type { DecodeError } from '../model/operation.js'

/** Standard Schema v1, the interface of zod, valibot, arktype and others. Source: https://standardschema.dev. */
export interface StandardSchema<A> {
  readonly '~standard': {
    readonly version: 1
    readonly vendor: string
    /** Validates a value. An asynchronous result is a decode error. */
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

/** A codec with the `decode` method of io-ts. */
export interface Codec<A> {
  /** Decodes a value. The path of a decode error comes from the Left if it is an array of io-ts errors. */
  readonly decode: (value: unknown) => Either<unknown, A>
}

/**
 * A decoder of a response or metadata: a Standard Schema v1, an object with the `decode` method of io-ts, or a
 * function. These forms are checked in this order, because a schema can also be a function.
 *
 * The decoder receives the whole JSON value, including its `@type`, or undefined if the server sent none. The value is
 * rejected if the decoder throws or returns a Promise. The Left of a function is the reason, or the reason and the path.
 */
export type Decoder<A> = StandardSchema<A> | Codec<A> | ((value: unknown) => Either<string | DecodeError, A>)

/** Returns whether a value has one of the three forms of a {@link Decoder}. */
export function isDecoder(value: unknown): boolean {
  return (
    typeof value === 'function' ||
    (isJsonObject(value) &&
      (typeof value.decode === 'function' || typeof Object(value['~standard']).validate === 'function'))
  )
}

/** Returns a function that decodes a value and never throws. */
export function decodeWith<A>(decoder: Decoder<A>) {
  return (value: unknown): Either<DecodeError, A> => {
    try {
      if ('~standard' in decoder) return unlessPromise(decoder['~standard'].validate(value), fromSchema)
      if ('decode' in decoder) return unlessPromise(decoder.decode(value), fromCodec)
      return unlessPromise(decoder(value), fromFunction)
    } catch (thrown) {
      // The message of an error may contain the value.
      return decodeError(`the decoder threw a ${thrown instanceof Error ? thrown.name : typeof thrown}`)
    }
  }
}

/** Returns a Left with a {@link DecodeError}. */
export function decodeError(message: string, path = ''): Either<DecodeError, never> {
  return left({ path, message })
}

/** Returns a Left for a value of another type than the expected one. `undefined` means that the value is absent. */
export function typeMismatch(path: string, expected: string, value: unknown): Either<DecodeError, never> {
  return decodeError(
    `expected ${expected}, got ${value === undefined ? 'nothing' : describeType(value)}`,
    path,
  )
}

export function decodeErrorText({ path, message }: DecodeError): string {
  return path ? `${path}: ${message}` : message
}

// A Promise is a decode error.
// `instanceof Promise` would miss a promise of another realm or library, whose rejection would be unhandled.
function unlessPromise<T, A>(
  result: T | PromiseLike<T>,
  toEither: (result: T) => Either<DecodeError, A>,
): Either<DecodeError, A> {
  if (typeof Object(result).then !== 'function') return toEither(result as T)
  void (result as PromiseLike<T>).then(undefined, () => undefined)
  return decodeError('the decoder returned a Promise')
}

function fromFunction<A>(result: Either<string | DecodeError, A>): Either<DecodeError, A> {
  if (result?._tag === 'Left') {
    const { message, path = '' }: Partial<DecodeError> = Object(result.left)
    return decodeError(String(message ?? result.left), String(path))
  }
  return result?._tag === 'Right' ? right(result.right) : decodeError('the decoder did not return an Either')
}

function fromSchema<A>(result: SchemaResult<A>): Either<DecodeError, A> {
  if (result.issues === undefined) return right(result.value)
  const [issue] = result.issues
  const path = issue?.path?.map((step) => String(typeof step === 'object' ? step.key : step)).join('.')
  return decodeError(issue?.message ?? 'the schema gave no reason', path)
}

function fromCodec<A>(result: Either<unknown, A>): Either<DecodeError, A> {
  return isLeft(result)
    ? decodeError('the codec rejected the value', errorPath(result.left))
    : right(result.right)
}

/** Returns the path of the first io-ts error, whose `context` is an array of entries with a `key`. */
function errorPath(errors: unknown): string {
  const context: unknown = Array.isArray(errors) ? Object(errors[0]).context : undefined
  const entries: readonly { readonly key?: unknown }[] = Array.isArray(context) ? context : []
  const keys = entries.map((entry) => String(entry?.key ?? ''))
  return keys.filter((key) => key !== '').join('.')
}
