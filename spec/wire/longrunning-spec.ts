import { expect } from 'chai'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import type { Json } from '../../lib/model/json.js'
import { decodeOperation } from '../../lib/wire/longrunning.js'
import type { DecodedOperation } from '../../lib/wire/protocol.js'

const name = 'operations/cp.17'
const metadata = {
  '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata',
  ready: true,
}
const response = { '@type': 'type.googleapis.com/google.cloud.resourcemanager.v3.Project', projectId: 'p-17' }
const error = { code: 6, message: 'it exists' }
const status = { code: 6, codeName: 'ALREADY_EXISTS', message: 'it exists', details: [] } as const

describe('wire/longrunning', () => {
  const running: DecodedOperation = { _tag: 'Running', name, metadata: undefined }
  const succeeded: DecodedOperation = { _tag: 'Succeeded', name, metadata: undefined, response: undefined }
  const failed: DecodedOperation = { _tag: 'Failed', name, metadata: undefined, status }
  const validBodies: readonly (readonly [string, unknown, DecodedOperation])[] = [
    ['only a name', { name }, running],
    ['done that is false', { name, done: false }, running],
    ['done that is null', { name, done: null }, running],
    ['metadata', { name, metadata }, { ...running, metadata }],
    ['metadata without a type', { name, metadata: { a: 1 } }, { ...running, metadata: { a: 1 } }],
    ['metadata that is not an object', { name, metadata: [0] }, { ...running, metadata: [0] }],
    ['metadata that is false', { name, metadata: false }, { ...running, metadata: false }],
    [
      'all optional members as null',
      { name, done: false, metadata: null, error: null, response: null },
      running,
    ],
    ['unknown members', { name, kind: 'x', selfLink: 5, __proto__: { done: true } }, running],
    ['an invalid operation name', { name: '../x' }, { ...running, name: '../x' }],
    ['done without error or response', { name, done: true }, succeeded],
    ['done with a null error and response', { name, done: true, error: null, response: null }, succeeded],
    ['a response', { name, metadata, done: true, response }, { ...succeeded, metadata, response }],
    ['an empty response', { name, done: true, response: {} }, { ...succeeded, response: {} }],
    ['a response that is not an object', { name, done: true, response: 0 }, { ...succeeded, response: 0 }],
    [
      'a response that is the empty string',
      { name, done: true, response: '' },
      { ...succeeded, response: '' },
    ],
    ['a response without a name', { done: true, response }, { ...succeeded, name: undefined, response }],
    ['only done', { done: true }, { ...succeeded, name: undefined }],
    ['a name that is null when done', { name: null, done: true }, { ...succeeded, name: undefined }],
    ['a name that is empty when done', { name: '', done: true }, { ...succeeded, name: undefined }],
    ['an error', { name, metadata, done: true, error }, { ...failed, metadata }],
    ['an error without a name', { done: true, error }, { ...failed, name: undefined }],
    ['an error with a response', { name, done: true, error, response }, failed],
    [
      'an empty error',
      { name, done: true, error: {} },
      { ...failed, status: { code: 2, codeName: 'UNKNOWN', message: '', details: [] } },
    ],
    [
      'an error whose code is 0',
      { name, done: true, error: { code: 0 } },
      { ...failed, status: { code: 0, codeName: 'OK', message: '', details: [] } },
    ],
    [
      'an error with details',
      { name, done: true, error: { ...error, details: [{ '@type': 'x/y.Z', a: 1 }, 5] } },
      {
        ...failed,
        status: {
          ...status,
          details: [
            { _tag: 'UnknownDetail', type: 'x/y.Z', value: { '@type': 'x/y.Z', a: 1 } },
            { _tag: 'UnknownDetail', type: '', value: 5 },
          ],
        },
      },
    ],
  ]
  for (const [what, body, operation] of validBodies)
    it(`should return ${operation._tag} for ${what}`, () => {
      expect(decodeOperation(body)).to.deep.equal(right(operation))
    })

  const rejectedBodies: readonly (readonly [string, unknown, string, string])[] = [
    ['undefined', undefined, '', 'expected an object, got nothing'],
    ['an empty body', '', '', 'expected an object, got nothing'],
    ['null', null, '', 'expected an object, got null'],
    ['an array', [], '', 'expected an object, got an array'],
    ['an operation in an array', [{ name }], '', 'expected an object, got an array'],
    ['a number', 200, '', 'expected an object, got a number'],
    ['a boolean', true, '', 'expected an object, got a boolean'],
    ['an HTML page', '<html>', '', 'expected an object, got a string'],
    ['an empty object', {}, 'name', 'expected a string, got nothing'],
    [
      'an operation of Compute Engine',
      { kind: 'compute#operation', name, status: 'DONE' },
      'status',
      'expected a google.longrunning operation, got another type of operation',
    ],
    ['an empty name', { name: '' }, 'name', 'expected a string, got nothing'],
    ['a name that is null', { name: null, metadata }, 'name', 'expected a string, got nothing'],
    [
      'a running operation without a name',
      { done: false, metadata },
      'name',
      'expected a string, got nothing',
    ],
    [
      'an inherited name',
      JSON.parse(`{"__proto__":{"name":"${name}"}}`),
      'name',
      'expected a string, got nothing',
    ],
    ['a name that is a number', { name: 17 }, 'name', 'expected a string, got a number'],
    ['a name that is an array', { name: [name], done: true }, 'name', 'expected a string, got an array'],
    ['done that is a string', { name, done: 'true' }, 'done', 'expected a boolean, got a string'],
    ['done that is a number', { name, done: 1 }, 'done', 'expected a boolean, got a number'],
    ['done that is an array', { name, done: [] }, 'done', 'expected a boolean, got an array'],
    [
      'an error that is a string',
      { name, done: true, error: 'no' },
      'error',
      'expected an object, got a string',
    ],
    [
      'an error that is an array',
      { name, done: true, error: [] },
      'error',
      'expected an object, got an array',
    ],
    ['an error that is false', { done: true, error: false }, 'error', 'expected an object, got a boolean'],
    ['an error that is 0', { name, error: 0 }, 'error', 'expected an object, got a number'],
    ['an error without done', { name, error }, 'done', 'expected true because there is an error'],
    ['an error body', { error: { code: 404 } }, 'done', 'expected true because there is an error'],
    ['a response without done', { name, response }, 'done', 'expected true because there is a response'],
    [
      'a response that is false',
      { name, response: false },
      'done',
      'expected true because there is a response',
    ],
    [
      'an error and a response without done',
      { name, done: false, error, response },
      'done',
      'expected true because there is an error',
    ],
  ]
  for (const [what, body, path, message] of rejectedBodies)
    it(`should reject ${what} at "${path}": ${message}`, () => {
      expect(decodeOperation(body)).to.deep.equal(left({ path, message }))
    })

  it('should keep members named __proto__ in metadata and response', () => {
    const body: unknown = JSON.parse(
      `{"name":"${name}","done":true,"metadata":{"__proto__":{"a":1}},"response":{"__proto__":2}}`,
    )
    const operation = decodeOperation(body)
    expect(JSON.stringify(operation)).to.equal(
      `{"_tag":"Right","right":{"_tag":"Succeeded","name":"${name}","metadata":{"__proto__":{"a":1}},"response":{"__proto__":2}}}`,
    )
    expect(({} as { a?: unknown }).a).to.equal(undefined)
  })

  const member = fc.oneof(fc.jsonValue(), fc.constantFrom<Json>(null, true, false, {}, name, error))
  const bodies = fc.oneof(
    fc.jsonValue(),
    fc.dictionary(fc.constantFrom('name', 'done', 'error', 'metadata', 'response', '__proto__'), member),
  )

  it('should return metadata and response unchanged, or a Left, for any JSON', () => {
    fc.assert(
      fc.property(bodies, (body) => {
        const operation = decodeOperation(body)
        if (isRight(operation)) {
          const bodyMembers = body as { readonly [member: string]: unknown }
          expect(operation.right.metadata).to.equal(bodyMembers.metadata ?? undefined)
          if (operation.right._tag === 'Succeeded')
            expect(operation.right.response).to.equal(bodyMembers.response ?? undefined)
        } else expect(operation.left.message).to.match(/^expected (?:an? |true )/)
      }),
    )
  })

  it('should return Failed or Succeeded only if done is true', () => {
    fc.assert(
      fc.property(fc.option(fc.jsonValue()), fc.boolean(), fc.boolean(), (anyMetadata, done, hasError) => {
        const body = { name, done, ...(hasError ? { error } : {}), metadata: anyMetadata }
        const operation = decodeOperation(body)
        const expectedTag = hasError ? (done ? 'Failed' : undefined) : done ? 'Succeeded' : 'Running'
        expect(isRight(operation) ? operation.right._tag : undefined).to.equal(expectedTag)
      }),
    )
  })
})
