import { expect } from 'chai'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import { of } from 'rxjs'
import { COMPUTE } from '../../lib/wire/compute.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'
import { decodeStarted } from '../../lib/wire/started-operation.js'

const name = 'operations/fc.8'
const startResponse = { name, metadata: { displayName: 'a folder' } }
const runningOperation = { _tag: 'Running', name, metadata: { displayName: 'a folder' } } as const
const encodedMessage = { typeUrl: 'x', value: new Uint8Array([1, 2]) }

describe('wire/started-operation', () => {
  const validInputs: readonly (readonly [string, unknown, unknown])[] = [
    ['the JSON of the API', startResponse, runningOperation],
    [
      'the {data} of googleapis',
      { data: startResponse, status: 200, headers: {}, config: {} },
      runningOperation,
    ],
    ['JSON as the first member of an array', [startResponse, { name: 'operations/other' }], runningOperation],
    ['a {data} as the first member of an array', [{ data: startResponse }], runningOperation],
    [
      'an operation of google-gax, without its metadata',
      [
        { name, metadata: encodedMessage, latestResponse: { name, done: false, metadata: encodedMessage } },
        {},
      ],
      { _tag: 'Running', name, metadata: undefined },
    ],
    [
      'a done operation of google-gax as running, because the response is encoded in bytes',
      { name, done: true, latestResponse: { name, done: true, response: encodedMessage } },
      { _tag: 'Running', name, metadata: undefined },
    ],
    [
      'a done operation without a name',
      { done: true, response: {} },
      { _tag: 'Succeeded', name: undefined, metadata: undefined, response: {} },
    ],
    [
      'an operation that failed immediately',
      { data: { done: true, error: { code: 9, message: 'no' } } },
      {
        _tag: 'Failed',
        name: undefined,
        metadata: undefined,
        status: { code: 9, codeName: 'FAILED_PRECONDITION', message: 'no', details: [] },
      },
    ],
    [
      'the JSON of the API with a member named data',
      { name, data: { name: 'operations/other' } },
      { _tag: 'Running', name, metadata: undefined },
    ],
  ]
  for (const [what, input, operation] of validInputs)
    it(`should decode ${what}`, () => {
      expect(decodeStarted(input, LONGRUNNING)).to.deep.equal(right(operation))
    })

  const rejectedInputs: readonly (readonly [string, unknown, string])[] = [
    ['undefined', undefined, 'it is undefined; pass the response of the call that started the operation'],
    ['null', null, 'expected an object, got null'],
    ['a name', name, 'it is a string; for the name of an operation, use client.watch(name)'],
    [
      'an empty array',
      [],
      'the first member of the array: it is undefined; pass the response of the call that started the operation',
    ],
    [
      'an array of arrays',
      [[startResponse]],
      'the first member of the array: it is an array; pass one operation',
    ],
    [
      'an array of names',
      [name],
      'the first member of the array: it is a string; for the name of an operation, use client.watch(name)',
    ],
    ['a Promise', Promise.resolve(startResponse), 'it is a Promise; await it first'],
    ['an Observable', of(startResponse), 'it is an Observable; use the operator follow(client)'],
    ['a function', () => startResponse, 'it is a function; call it, and await its result'],
    ['a Response', Response.json(startResponse), 'it is a Response; pass the result of its json()'],
    [
      'the body of an HTTP error',
      { error: { code: 403, status: 'PERMISSION_DENIED' } },
      'it is the error PERMISSION_DENIED of a call that failed',
    ],
    [
      'an operation of another protocol',
      { name: 'operation-1', status: 'RUNNING', selfLink: 'https://x/v1/projects/p/operations/operation-1' },
      'it is an operation of "compute" or "gke" or "cloud-sql", but the client uses "google.longrunning"; pass service(NAME) to the client',
    ],
    ['an empty object', {}, 'name: expected a string, got nothing'],
    ['data that is not an object', { data: name }, 'name: expected a string, got nothing'],
    ['data that is null', { data: null }, 'name: expected a string, got nothing'],
    ['data within data', { data: { data: startResponse } }, 'name: expected a string, got nothing'],
    ['an empty {data}', { data: {} }, 'name: expected a string, got nothing'],
    [
      'a response without done',
      { ...startResponse, response: {} },
      'done: expected true because there is a response',
    ],
    ['a name that is a number', { data: { name: 5 } }, 'name: expected a string, got a number'],
    ['an operation of google-gax without a name', [{ latestResponse: {} }], 'it has no name'],
    ['an operation of google-gax whose name is null', [{ name: null, latestResponse: {} }], 'it has no name'],
  ]
  for (const [what, input, reason] of rejectedInputs)
    it(`should reject ${what}: ${reason}`, () => {
      expect(decodeStarted(input, LONGRUNNING)).to.deep.equal(left(reason))
    })

  it('should reject an operation of google.longrunning if the protocol is another one', () => {
    expect(decodeStarted(startResponse, COMPUTE)).to.deep.equal(
      left(
        'it is an operation of "google.longrunning" or "vertex-prediction", but the client uses "compute"; pass service(NAME) to the client',
      ),
    )
  })

  it('should return an operation or a reason, and never throw, for any value', () => {
    const member = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.constantFrom(startResponse, [startResponse], true),
    )
    const anyInput = fc.oneof(
      member,
      fc.dictionary(fc.constantFrom('name', 'data', 'latestResponse', 'done', '__proto__'), member),
    )
    fc.assert(
      fc.property(anyInput, (input) => {
        const decoded = decodeStarted(input, LONGRUNNING)
        expect(isRight(decoded) ? decoded.right._tag : decoded.left).to.match(
          /^(?:Running|Succeeded|Failed)$|^(?:the first member of the array: )?(?:(?:name|done|error|status): expected|expected|it is an?|it is the error|it is undefined|it has no name)\b/,
        )
      }),
    )
  })
})
