import { expect } from 'chai'
import fc from 'fast-check'
import { type Either, isRight, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { z } from 'zod'
import { type Decoder, decodeWith, isDecoder, type StandardSchema } from '../../lib/wire/decoder.js'

/** Returns a Standard Schema with a `validate` function. */
function schema<A>(validate: StandardSchema<A>['~standard']['validate']): StandardSchema<A> {
  return {
    '~standard': { version: 1, vendor: 'spec', validate },
  }
}
function codec<A>(decode: (value: unknown) => Either<unknown, A>) {
  return { decode }
}
const thenable = Object.fromEntries([
  ['then', (_: unknown, reject: (reason: unknown) => void) => reject('SECRET')],
])
function rejection(message: string, path = '') {
  return left({ path, message })
}

describe('wire/decoder', () => {
  const acceptingSchema = schema(() => ({ value: 'standard' }))
  const acceptingCodec = codec(() => right('codec'))
  const decoderFunction = () => right('function')
  const forms: readonly (readonly [string, Decoder<string>, string])[] = [
    ['a Standard Schema', acceptingSchema, 'standard'],
    ['a Standard Schema that has a decode method', { ...acceptingSchema, ...acceptingCodec }, 'standard'],
    [
      'a Standard Schema that is a function',
      Object.assign(() => right('function'), acceptingSchema),
      'standard',
    ],
    [
      'a Standard Schema that is a function and has a decode method',
      Object.assign(() => right('function'), acceptingSchema, acceptingCodec),
      'standard',
    ],
    ['a codec', acceptingCodec, 'codec'],
    ['a codec that is a function', Object.assign(() => right('function'), acceptingCodec), 'codec'],
    ['a function', decoderFunction, 'function'],
  ]
  for (const [what, decoder, form] of forms)
    it(`should call ${what} as a ${form === 'standard' ? 'schema' : form}`, () => {
      expect(isDecoder(decoder)).to.equal(true)
      expect(decodeWith(decoder)(1)).to.deep.equal(right(form))
    })

  const notDecoders: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['null', null],
    ['a string', 'decode'],
    ['a number', 1],
    ['an empty object', {}],
    ['an object with a parse method', { parse: () => 1 }],
    ['an object whose decode is not a function', { decode: 5 }],
    ['a schema that is null', { '~standard': null }],
    ['an array', [decoderFunction]],
  ]
  for (const [what, value] of notDecoders)
    it(`should reject ${what} as a decoder, and return a Left if ${what} is still used as a decoder`, () => {
      expect(isDecoder(value)).to.equal(false)
      expect(decodeWith(value as Decoder<unknown>)(1)).to.deep.equal(
        rejection('the decoder threw a TypeError'),
      )
    })

  it('should pass the value unchanged, and call the method of a decoder with the decoder as `this`', () => {
    const value = { '@type': 'x' }
    const receivedInputs: unknown[] = []
    const record = (input: unknown): Either<string, unknown> => {
      receivedInputs.push(input)
      return right(input)
    }
    const validate = (input: unknown) => {
      receivedInputs.push(input)
      return { value: input }
    }
    class ClassDecoder {
      readonly self = 'this'
      decode(input: unknown): Either<unknown, unknown> {
        receivedInputs.push(this.self)
        return record(input)
      }
    }
    for (const decoder of [record, new ClassDecoder(), schema(validate)])
      for (const input of [value, undefined])
        expect(decodeWith<unknown>(decoder)(input)).to.deep.equal(right(input))
    expect(receivedInputs).to.deep.equal([
      value,
      undefined,
      'this',
      value,
      'this',
      undefined,
      value,
      undefined,
    ])
  })

  const symbol = Symbol('s')
  const rejections: readonly (readonly [string, Decoder<unknown>, Either<unknown, unknown>])[] = [
    ['the string in the Left of a function', () => left('no id'), rejection('no id')],
    ['the number in the Left of a function, as a string', () => left(5) as never, rejection('5')],
    ['the message of a schema', schema(() => ({ issues: [{ message: 'no id' }] })), rejection('no id')],
    [
      'the first message of a schema',
      schema(() => ({ issues: [{ message: 'a', path: ['x'] }, { message: 'b' }] })),
      rejection('a', 'x'),
    ],
    [
      'the path of a schema with keys, numbers and symbols',
      schema(() => ({ issues: [{ message: 'm', path: ['a', 0, symbol] }] })),
      rejection('m', 'a.0.Symbol(s)'),
    ],
    [
      'the path of a schema with segments',
      schema(() => ({ issues: [{ message: 'm', path: [{ key: 'a' }, 'b', { key: 1 }] }] })),
      rejection('m', 'a.b.1'),
    ],
    ['the empty path of a schema', schema(() => ({ issues: [{ message: 'm', path: [] }] })), rejection('m')],
    [
      'a default message if the issues of a schema are empty',
      schema(() => ({ issues: [] })),
      rejection('the schema gave no reason'),
    ],
    [
      'the issue of a schema that also returns a value',
      schema(() => ({ value: 1, issues: [{ message: 'm' }] }) as never),
      rejection('m'),
    ],
    [
      'the path of an io-ts codec',
      t.type({ parent: t.type({ id: t.string }) }),
      rejection('the codec rejected the value', 'parent.id'),
    ],
    [
      'the message and path of a zod schema',
      z.object({ a: z.array(z.string()) }),
      rejection(zodMessage(), 'a.1'),
    ],
    [
      'a message if the result is not an Either',
      (() => 5) as never,
      rejection('the decoder did not return an Either'),
    ],
    [
      'a message if the result is a thenable of another library',
      schema(() => thenable as never),
      rejection('the decoder returned a Promise'),
    ],
    [
      'a default message if the Left of a codec is undefined',
      codec(() => left(undefined)),
      rejection('the codec rejected the value'),
    ],
    [
      'a default message if the Left of a codec is a string',
      codec(() => left('SECRET')),
      rejection('the codec rejected the value'),
    ],
    [
      'a default message if the Left of a codec is an empty array',
      codec(() => left([])),
      rejection('the codec rejected the value'),
    ],
    [
      'a default message if the error of a codec is null',
      codec(() => left([null])),
      rejection('the codec rejected the value'),
    ],
    [
      'a default message if the error of a codec has no context',
      codec(() => left([{}])),
      rejection('the codec rejected the value'),
    ],
    [
      'a default message if the context of a codec is not an array',
      codec(() => left([{ context: 'a' }])),
      rejection('the codec rejected the value'),
    ],
    [
      'the path of a codec without its empty keys',
      codec(() => left([{ context: [{ key: '' }, null, {}, { key: 'a' }, { key: 0 }] }])),
      rejection('the codec rejected the value', 'a.0'),
    ],
  ]
  for (const [what, decoder, expected] of rejections)
    it(`should return a Left with ${what}`, () => {
      expect(decodeWith(decoder)({ parent: { id: 5 }, a: ['x', 5] })).to.deep.equal(expected)
    })

  const throwing = (value: unknown) => () => {
    throw value
  }
  class OwnError extends Error {
    override readonly name = 'OwnError'
  }
  const thrownValues: readonly (readonly [string, unknown, string])[] = [
    ['an Error', new Error('SECRET'), 'Error'],
    ['a TypeError', new TypeError('SECRET'), 'TypeError'],
    ['an error of a subclass', new OwnError('SECRET'), 'OwnError'],
    ['a string', 'SECRET', 'string'],
    ['an object', { message: 'SECRET' }, 'object'],
    ['null', null, 'object'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('SECRET'), 'symbol'],
  ]
  for (const [what, value, typeName] of thrownValues)
    it(`should return a Left with only the type if a decoder of any kind throws ${what}`, () => {
      const expected = rejection(`the decoder threw a ${typeName}`)
      for (const decoder of [throwing(value), codec(throwing(value)), schema(throwing(value))])
        expect(decodeWith(decoder as Decoder<unknown>)(1)).to.deep.equal(expected)
    })

  it('should return a Left and handle the rejection if a decoder of any kind returns a Promise', async () => {
    const unhandledReasons: unknown[] = []
    const recordReason = (reason: unknown) => unhandledReasons.push(reason)
    process.on('unhandledRejection', recordReason)
    const rejecting = () => Promise.reject(new Error('SECRET')) as never
    const resolving = () => Promise.resolve(right(1)) as never
    for (const returnPromise of [rejecting, resolving])
      for (const decoder of [returnPromise, codec(returnPromise), schema(returnPromise)])
        expect(decodeWith(decoder)(1)).to.deep.equal(rejection('the decoder returned a Promise'))
    await new Promise(setImmediate)
    process.off('unhandledRejection', recordReason)
    expect(unhandledReasons).to.deep.equal([])
  })

  it('should return the result of a zod schema for any JSON value', () => {
    const lengthSchema = z.string().transform((value) => value.length)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const decoded = decodeWith(lengthSchema)(value)
        expect(isRight(decoded) ? decoded.right : decoded.left.path).to.equal(
          typeof value === 'string' ? value.length : '',
        )
      }),
    )
  })
})

/**
 * Returns the message of zod for a number instead of a string. The message depends on the installed version.
 */
function zodMessage(): string {
  return z.string().safeParse(5).error?.issues[0]?.message ?? 'zod accepted a number as a string'
}
