import { expect } from 'chai'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import { decodeStartedOperation } from '../../lib/wire/decode-operation.js'

const name = 'operations/fc.8'
const sent = { name, metadata: { displayName: 'a folder' } }
const running = { _tag: 'Running', name, metadata: { displayName: 'a folder' } } as const
const bytes = { typeUrl: 'x', value: new Uint8Array([1, 2]) }

describe('model/started', () => {
  const read: readonly (readonly [string, unknown, unknown])[] = [
    ['the JSON of the API', sent, running],
    ['the {data} of googleapis', { data: sent, status: 200, headers: {}, config: {} }, running],
    ['JSON that is the first of a list', [sent, { name: 'operations/other' }], running],
    ['a {data} that is the first of a list', [{ data: sent }], running],
    [
      'an operation of google-gax, by its name alone',
      [{ name, metadata: bytes, latestResponse: { name, done: false, metadata: bytes } }, {}],
      { _tag: 'Running', name, metadata: undefined },
    ],
    [
      'an operation of google-gax that is done, for its payload is bytes',
      { name, done: true, latestResponse: { name, done: true, response: bytes } },
      { _tag: 'Running', name, metadata: undefined },
    ],
    [
      'an operation that is done and has no name',
      { done: true, response: {} },
      { _tag: 'Succeeded', name: undefined, metadata: undefined, response: {} },
    ],
    [
      'an operation that failed at once',
      { data: { done: true, error: { code: 9, message: 'no' } } },
      {
        _tag: 'Failed',
        name: undefined,
        metadata: undefined,
        status: { code: 9, codeName: 'FAILED_PRECONDITION', message: 'no', details: [] },
      },
    ],
    [
      'the JSON of the API that has a member named data',
      { name, data: { name: 'operations/other' } },
      { _tag: 'Running', name, metadata: undefined },
    ],
  ]
  for (const [what, given, operation] of read)
    it(`should read ${what}`, () => {
      expect(decodeStartedOperation(given)).to.deep.equal(right(operation))
    })

  const refused: readonly (readonly [string, unknown, string])[] = [
    ['nothing', undefined, 'the whole: expected an object, got nothing'],
    ['null', null, 'the whole: expected an object, got null'],
    ['a name', name, 'the whole: expected an object, got a string'],
    ['an empty list', [], 'the whole: expected an object, got nothing'],
    ['a list of lists', [[sent]], 'the whole: expected an object, got an array'],
    ['an empty object', {}, 'name: it is missing'],
    ['data that is no object', { data: name }, 'name: it is missing'],
    ['data that is null', { data: null }, 'name: it is missing'],
    ['data within data', { data: { data: sent } }, 'name: it is missing'],
    ['an empty {data}', { data: {} }, 'name: it is missing'],
    [
      'a response before it is done',
      { ...sent, response: {} },
      'done: it is not true, though there is a response',
    ],
    ['a name that is a number', { data: { name: 5 } }, 'name: expected a string, got a number'],
    ['an operation of google-gax without a name', [{ latestResponse: {} }], 'it has no name'],
    ['an operation of google-gax whose name is null', [{ name: null, latestResponse: {} }], 'it has no name'],
  ]
  for (const [what, given, reason] of refused)
    it(`should refuse ${what}, saying: ${reason}`, () => {
      expect(decodeStartedOperation(given)).to.deep.equal(left(reason))
    })

  it('should answer an operation or a reason, and never throw, whatever it is given', () => {
    const member = fc.oneof(fc.anything({ withNullPrototype: true }), fc.constantFrom(sent, [sent], true))
    const given = fc.oneof(
      member,
      fc.dictionary(fc.constantFrom('name', 'data', 'latestResponse', 'done', '__proto__'), member),
    )
    fc.assert(
      fc.property(given, (anything) => {
        const started = decodeStartedOperation(anything)
        expect(isRight(started) ? started.right._tag : started.left).to.match(
          /^(?:Running|Succeeded|Failed)$|^(?:the whole|name|done|error): |^it has no name$/,
        )
      }),
    )
  })
})
