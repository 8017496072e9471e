import { expect } from 'chai'
import fc from 'fast-check'
import { type Either, isRight, left, right } from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { z } from 'zod'
import { type Decoder, decodeWith, isDecoder, type StandardSchema } from '../../lib/wire/decoder.js'

/** A schema that answers with what it is told. */
function schema<A>(validate: StandardSchema<A>['~standard']['validate']): StandardSchema<A> {
  return {
    '~standard': { version: 1, vendor: 'spec', validate },
  }
}
function codec<A>(decode: (value: unknown) => Either<unknown, A>) {
  return { decode }
}
const thenable = Object.fromEntries([
  ['then', (_: unknown, rejected: (thrown: unknown) => void) => rejected('SECRET')],
])
function refusal(message: string, path = '') {
  return left({ path, message })
}

describe('model/decoder', () => {
  const standard = schema(() => ({ value: 'standard' }))
  const decodes = codec(() => right('codec'))
  const calls = () => right('function')
  const forms: readonly (readonly [string, Decoder<string>, string])[] = [
    ['a Standard Schema', standard, 'standard'],
    ['a Standard Schema that has a decode', { ...standard, ...decodes }, 'standard'],
    ['a Standard Schema that is a function', Object.assign(() => right('function'), standard), 'standard'],
    [
      'a Standard Schema that is a function and has a decode',
      Object.assign(() => right('function'), standard, decodes),
      'standard',
    ],
    ['a codec', decodes, 'codec'],
    ['a codec that is a function', Object.assign(() => right('function'), decodes), 'codec'],
    ['a function', calls, 'function'],
  ]
  for (const [what, decoder, form] of forms)
    it(`should take ${what} for a ${form}`, () => {
      expect(isDecoder(decoder)).to.equal(true)
      expect(decodeWith(decoder)(1)).to.deep.equal(right(form))
    })

  const none: readonly (readonly [string, unknown])[] = [
    ['undefined', undefined],
    ['null', null],
    ['a string', 'decode'],
    ['a number', 1],
    ['an empty object', {}],
    ['an object with a parse', { parse: () => 1 }],
    ['a decode that is no function', { decode: 5 }],
    ['a schema that is none', { '~standard': null }],
    ['a list', [calls]],
  ]
  for (const [what, value] of none)
    it(`should not take ${what} for a decoder, and refuse by it without throwing`, () => {
      expect(isDecoder(value)).to.equal(false)
      expect(decodeWith(value as Decoder<unknown>)(1)).to.deep.equal(refusal('the decoder threw a TypeError'))
    })

  it('should hand over the value as it is, and the method its object', () => {
    const value = { '@type': 'x' }
    const seen: unknown[] = []
    const see = (of: unknown): Either<string, unknown> => {
      seen.push(of)
      return right(of)
    }
    const validate = (of: unknown) => {
      seen.push(of)
      return { value: of }
    }
    class Methodical {
      readonly told = 'this'
      decode(of: unknown): Either<unknown, unknown> {
        seen.push(this.told)
        return see(of)
      }
    }
    for (const decoder of [see, new Methodical(), schema(validate)])
      for (const of of [value, undefined]) expect(decodeWith<unknown>(decoder)(of)).to.deep.equal(right(of))
    expect(seen).to.deep.equal([value, undefined, 'this', value, 'this', undefined, value, undefined])
  })

  const symbol = Symbol('s')
  const refusals: readonly (readonly [string, Decoder<unknown>, Either<unknown, unknown>])[] = [
    ['a function with its text', () => left('no id'), refusal('no id')],
    ['a function with what is no text', () => left(5) as never, refusal('5')],
    ['a schema with a message', schema(() => ({ issues: [{ message: 'no id' }] })), refusal('no id')],
    [
      'a schema with the first of its messages',
      schema(() => ({ issues: [{ message: 'a', path: ['x'] }, { message: 'b' }] })),
      refusal('a', 'x'),
    ],
    [
      'a schema with a path of keys, numbers and symbols',
      schema(() => ({ issues: [{ message: 'm', path: ['a', 0, symbol] }] })),
      refusal('m', 'a.0.Symbol(s)'),
    ],
    [
      'a schema with a path of segments',
      schema(() => ({ issues: [{ message: 'm', path: [{ key: 'a' }, 'b', { key: 1 }] }] })),
      refusal('m', 'a.b.1'),
    ],
    ['a schema with an empty path', schema(() => ({ issues: [{ message: 'm', path: [] }] })), refusal('m')],
    ['a schema without a reason', schema(() => ({ issues: [] })), refusal('the schema did not say why')],
    [
      'a schema with an issue and a value',
      schema(() => ({ value: 1, issues: [{ message: 'm' }] }) as never),
      refusal('m'),
    ],
    [
      'a codec of io-ts',
      t.type({ parent: t.type({ id: t.string }) }),
      refusal('the codec refused it', 'parent.id'),
    ],
    ['a schema of zod', z.object({ a: z.array(z.string()) }), refusal(zodMessage(), 'a.1')],
    [
      'a function that answers with no Either',
      (() => 5) as never,
      refusal('the decoder answers with no Either'),
    ],
    [
      'a schema that answers with a thenable of another library',
      schema(() => thenable as never),
      refusal('the decoder answers with a Promise'),
    ],
    ['a codec that says nothing', codec(() => left(undefined)), refusal('the codec refused it')],
    ['a codec that says a text', codec(() => left('SECRET')), refusal('the codec refused it')],
    ['a codec without errors', codec(() => left([])), refusal('the codec refused it')],
    ['a codec with an error that is none', codec(() => left([null])), refusal('the codec refused it')],
    ['a codec without a context', codec(() => left([{}])), refusal('the codec refused it')],
    [
      'a codec with a context that is no list',
      codec(() => left([{ context: 'a' }])),
      refusal('the codec refused it'),
    ],
    [
      'a codec with gaps in its context',
      codec(() => left([{ context: [{ key: '' }, null, {}, { key: 'a' }, { key: 0 }] }])),
      refusal('the codec refused it', 'a.0'),
    ],
  ]
  for (const [what, decoder, expected] of refusals)
    it(`should tell the refusal of ${what}`, () => {
      expect(decodeWith(decoder)({ parent: { id: 5 }, a: ['x', 5] })).to.deep.equal(expected)
    })

  const throws = (thrown: unknown) => () => {
    throw thrown
  }
  class OwnError extends Error {
    override readonly name = 'OwnError'
  }
  const thrown: readonly (readonly [string, unknown, string])[] = [
    ['an Error', new Error('SECRET'), 'Error'],
    ['a TypeError', new TypeError('SECRET'), 'TypeError'],
    ['an error of its own', new OwnError('SECRET'), 'OwnError'],
    ['a string', 'SECRET', 'string'],
    ['an object', { message: 'SECRET' }, 'object'],
    ['null', null, 'object'],
    ['undefined', undefined, 'undefined'],
    ['a symbol', Symbol('SECRET'), 'symbol'],
  ]
  for (const [what, given, kind] of thrown)
    it(`should take for refused what throws ${what}, in each form, and tell its kind alone`, () => {
      const expected = refusal(`the decoder threw a ${kind}`)
      for (const decoder of [throws(given), codec(throws(given)), schema(throws(given))])
        expect(decodeWith(decoder as Decoder<unknown>)(1)).to.deep.equal(expected)
    })

  it('should take for refused what answers with a Promise, in each form, and catch its rejection', async () => {
    const unhandled: unknown[] = []
    const listen = (reason: unknown) => unhandled.push(reason)
    process.on('unhandledRejection', listen)
    const rejecting = () => Promise.reject(new Error('SECRET')) as never
    const resolving = () => Promise.resolve(right(1)) as never
    for (const answer of [rejecting, resolving])
      for (const decoder of [answer, codec(answer), schema(answer)])
        expect(decodeWith(decoder)(1)).to.deep.equal(refusal('the decoder answers with a Promise'))
    await new Promise(setImmediate)
    process.off('unhandledRejection', listen)
    expect(unhandled).to.deep.equal([])
  })

  it('should give what a schema of zod makes of any JSON, or its refusal', () => {
    const text = z.string().transform((value) => value.length)
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const read = decodeWith(text)(value)
        expect(isRight(read) ? read.right : read.left.path).to.equal(
          typeof value === 'string' ? value.length : '',
        )
      }),
    )
  })
})

/** What zod itself says, for its words are its own. */
function zodMessage(): string {
  return z.string().safeParse(5).error?.issues[0]?.message ?? 'zod took a number for a string'
}
