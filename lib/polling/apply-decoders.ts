import { leftError } from '../messages/error-message.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { type Either, isLeft, left, right } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { DecodeError, Running, Snapshot } from '../model/operation.js'
import type { OperationError } from '../model/operation-error.js'
import type { ResumeToken } from '../model/resume-token.js'
import { type Decoder, decodeWith, isDecoder } from '../wire/decoder.js'
import type { Emission, JsonEmission } from './emission.js'

/** Decoders for the response and the metadata of an operation. */
export interface Decoders<R, M> {
  /**
   * Decodes the response. If the decoder fails, the final result is `MalformedResponse`. By default the response stays
   * JSON.
   */
  readonly response?: Decoder<R> | undefined
  /**
   * Decodes the metadata. If the decoder fails, the snapshot has `metadataError` instead of `metadata`. By default the
   * metadata stays JSON.
   */
  readonly metadata?: Decoder<M> | undefined
}

/** The fields of a `MalformedResponse` that come from the watch. */
interface EmissionContext {
  readonly resume: ResumeToken
  readonly lastSeen?: Running | undefined
}

/** Decodes an emission for one subscriber. */
export type EmissionDecoder<R, M> = (emission: JsonEmission, context: EmissionContext) => Emission<R, M>

/** Validates decoders. Throws {@link InvalidOption}. */
export function checkDecoders({ response, metadata }: Decoders<unknown, unknown>): void {
  for (const [option, decoder] of Object.entries({ response, metadata }))
    if (decoder !== undefined && !isDecoder(decoder))
      throw new InvalidOption(option, 'a Standard Schema, a codec with decode, or a function', decoder)
}

/** Returns a function that applies the decoders to each emission. */
export function applyDecoders<R, M>({ response, metadata }: Decoders<R, M>): EmissionDecoder<R, M> {
  if (response === undefined && metadata === undefined) return keepJson
  const decodeResponse = valueDecoder(response)
  const decodeMetadata = metadataDecoder(valueDecoder(metadata))
  return (emission, { resume, lastSeen }) => {
    if (isLeft(emission)) return left(withDecodedMetadata(emission.left, decodeMetadata))
    const operation = emission.right
    if (!operation.done) return right(decodeMetadata(operation))
    const { name, metadata, response: json } = operation
    const decoded = decodeResponse(json)
    if (!isLeft(decoded)) return right({ ...decodeMetadata(operation), response: decoded.right })
    return leftError<M>({
      _tag: 'MalformedResponse',
      name,
      path: ['response', decoded.left.path].filter(Boolean).join('.'),
      reason: decoded.left.message,
      outcome: 'succeeded',
      ...(json !== undefined && { response: json }),
      ...decodeMetadata(metadata === undefined ? {} : { metadata }),
      resume,
      ...(lastSeen && { lastSeen: decodeMetadata(lastSeen) }),
    })
  }
}

// Without decoders, R and M have their default, which is JSON. The compiler cannot prove this.
function keepJson(emission: JsonEmission): never {
  return emission as never
}

type ValueDecoder<A> = (value: Json | undefined) => Either<DecodeError, A>

// Without a decoder, A has its default, which is JSON. The compiler cannot prove this.
function valueDecoder<A>(decoder: Decoder<A> | undefined): ValueDecoder<A> {
  return decoder === undefined ? (right as ValueDecoder<A>) : decodeWith(decoder)
}

type Metadata<M> = Pick<Snapshot<M>, 'metadata' | 'metadataError'>
type MetadataDecoder<M> = <S extends Metadata<Json>>(
  undecoded: S,
) => Omit<S, 'metadata' | 'metadataError'> & Metadata<M>

function metadataDecoder<M>(decode: ValueDecoder<M>): MetadataDecoder<M> {
  return ({ metadata, metadataError, ...rest }) => {
    // metadataError is already set if the BullMQ worker removed metadata that was too large.
    if (metadata === undefined) return { ...rest, ...(metadataError && { metadataError }) }
    const decoded = decode(metadata)
    return isLeft(decoded) ? { ...rest, metadataError: decoded.left } : { ...rest, metadata: decoded.right }
  }
}

function withDecodedMetadata<M>(error: OperationError<Json>, decode: MetadataDecoder<M>): OperationError<M> {
  const { lastSeen, ...rest } = 'metadata' in error ? decode(error) : error
  // The compiler cannot prove that the decoded error has the same tag.
  return { ...rest, ...(lastSeen && { lastSeen: decode(lastSeen) }) } as OperationError<M>
}
