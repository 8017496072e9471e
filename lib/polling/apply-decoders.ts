import type { Either } from 'fp-ts/lib/Either.js'
import { makeOperationError } from '../messages/error-message.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft, left, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { DecodeError, Operation, Running, Snapshot } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/target.js'
import { type Decoder, decodeWith, isDecoder } from '../wire/decoder.js'
import type { Emission } from './emission.js'

/** What reads the two open places of an operation. */
export interface Decoders<R, M> {
  /** Reads the response; by default it stays JSON. One that is refused is a `MalformedResponse`. */
  readonly response?: Decoder<R> | undefined
  /** Reads the metadata; by default it stays JSON. Refused metadata is undefined, and `metadataError` says why. */
  readonly metadata?: Decoder<M> | undefined
}

/** What an error that a decoder makes of a word has to tell. */
interface EmissionContext {
  readonly resume: ResumeToken
  readonly lastSeen?: Running<Json> | undefined
}

/** Throws {@link InvalidOption} where an option is no decoder. */
export function checkDecoders({ response, metadata }: Decoders<unknown, unknown>): void {
  for (const [option, decoder] of Object.entries({ response, metadata }))
    if (decoder !== undefined && !isDecoder(decoder))
      throw new InvalidOption(option, 'a Standard Schema, a codec with decode, or a function', decoder)
}

/** Reads a word by the decoders of one subscriber. */
export type EmissionDecoder<R, M> = (
  word: Emission,
  context: EmissionContext,
) => Either<OperationError<M>, Operation<R, M>>

// Without a decoder, R and M are by their defaults what JSON holds: the types of the options say so, the compiler cannot.
function withoutDecoders(word: Emission): never {
  return word as never
}

/** A word as its subscriber's decoders read it. */
export function applyDecoders<R, M>({ response, metadata }: Decoders<R, M>): EmissionDecoder<R, M> {
  if (response === undefined && metadata === undefined) return withoutDecoders
  const readResponse = valueDecoder(response)
  const reread = metadataDecoder(valueDecoder(metadata))
  return (word, { resume, lastSeen }) => {
    if (isLeft(word)) return left(errorOf(word.left, reread))
    if (!word.right.done) return right(reread(word.right))
    const read = readResponse(word.right.response)
    if (!isLeft(read)) return right({ ...reread(word.right), response: read.right })
    const sent = word.right.response
    return left(
      makeOperationError<M>({
        _tag: 'MalformedResponse',
        name: word.right.name,
        path: ['response', read.left.path].filter(Boolean).join('.'),
        reason: read.left.message,
        outcome: 'succeeded',
        ...(sent !== undefined && { response: sent }),
        ...reread(word.right.metadata === undefined ? {} : { metadata: word.right.metadata }),
        resume,
        ...(lastSeen && { lastSeen: reread(lastSeen) }),
      }),
    )
  }
}

type ValueDecoder<A> = (value: Json | undefined) => Either<DecodeError, A>

// Without a decoder, A is by its default what JSON holds: the types of the options say so, the compiler cannot.
function valueDecoder<A>(decoder: Decoder<A> | undefined): ValueDecoder<A> {
  return decoder === undefined ? (right as ValueDecoder<A>) : decodeWith(decoder)
}

type Metadata<M> = Pick<Snapshot<M>, 'metadata' | 'metadataError'>
type MetadataDecoder<M> = <S extends Metadata<Json>>(
  sent: S,
) => Omit<S, 'metadata' | 'metadataError'> & Metadata<M>

function metadataDecoder<M>(read: ValueDecoder<M>): MetadataDecoder<M> {
  return ({ metadata, metadataError, ...rest }) => {
    // A queue may have left out what was too large for it, and says so there.
    if (metadata === undefined) return { ...rest, ...(metadataError && { metadataError }) }
    const outcome = read(metadata)
    return isLeft(outcome) ? { ...rest, metadataError: outcome.left } : { ...rest, metadata: outcome.right }
  }
}

function errorOf<M>(error: OperationError<Json>, reread: MetadataDecoder<M>): OperationError<M> {
  if (error._tag === 'InvalidName') return error
  if (error._tag === 'OperationFailed') return reread(error)
  const { lastSeen, ...rest } = error._tag === 'MalformedResponse' ? reread(error) : error
  return { ...rest, ...(lastSeen && { lastSeen: reread(lastSeen) }) }
}
