import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { type ErrorFields, makeOperationError } from '../../lib/messages/error-message.js'
import type { Json } from '../../lib/model/json.js'
import type { Running, Succeeded } from '../../lib/model/operation.js'
import { statusOfHttp } from '../../lib/model/status.js'
import { applyDecoders, type Decoders } from '../../lib/polling/apply-decoders.js'
import type { JsonEmission } from '../../lib/polling/emission.js'

const name = 'operations/cp.6'
const resume = { name, endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3', since: 1 }
const snapshotMembers = { name, attempt: 2, elapsed: 5 }
function running(metadata?: Json): Running<Json> {
  return {
    _tag: 'Running',
    done: false,
    ...snapshotMembers,
    ...(metadata !== undefined && { metadata }),
  }
}
function succeeded(response: Json | undefined, metadata?: Json): Succeeded<Json | undefined, Json> {
  return {
    _tag: 'Succeeded',
    done: true,
    ...snapshotMembers,
    ...(metadata !== undefined && { metadata }),
    response,
  }
}
function failed(fields: ErrorFields<Json>): JsonEmission {
  return left(makeOperationError<Json>(fields))
}
const status = statusOfHttp(409)

/** Decodes a number to twice its value, and rejects all other values. */
function double(value: unknown) {
  return typeof value === 'number' ? right(value * 2) : left('no number')
}
function codecFailingAt(path: string) {
  return { decode: () => left([{ context: [{ key: path }] }]) }
}
const decodeError = { path: '', message: 'no number' }

describe('polling/apply-decoders', () => {
  const emissions: readonly JsonEmission[] = [
    right(running()),
    right(running({ a: 1 })),
    right(succeeded({ b: 1 }, { a: 1 })),
    right(succeeded(undefined)),
    failed({ _tag: 'OperationFailed', name, status, metadata: { a: 1 } }),
    failed({
      _tag: 'Unreachable',
      name,
      resume,
      attempts: 1,
      lasted: 0,
      last: { _tag: 'ConnectionFailed', code: 'E' },
      lastSeen: running(1),
    }),
    failed({ _tag: 'ClientClosed', name, resume }),
    failed({ _tag: 'InvalidName', name, reason: 'r' }),
  ]
  for (const emission of emissions)
    it(`should return an emission unchanged if there are no decoders: ${JSON.stringify(emission).slice(0, 70)}`, () => {
      expect(applyDecoders({})(emission, { resume })).to.deep.equal(emission)
    })

  const { metadata: _, ...runningWithoutMetadata } = running()
  const decodedRows: readonly (readonly [string, JsonEmission, unknown])[] = [
    ['the decoded metadata of a running operation', right(running(2)), right({ ...running(), metadata: 4 })],
    ['a running operation without metadata', right(running()), right(running())],
    [
      'metadataError if the metadata is invalid',
      right(running('2')),
      right({ ...runningWithoutMetadata, metadataError: decodeError }),
    ],
    ['the decoded response and metadata of a success', right(succeeded(3, 2)), right(succeeded(6, 4))],
    [
      'the decoded response of a success with invalid metadata',
      right(succeeded(3, 'x')),
      right({ ...succeeded(6), metadataError: decodeError }),
    ],
    [
      'the decoded metadata of a failure',
      failed({ _tag: 'OperationFailed', name, status, metadata: 2 }),
      failed({ _tag: 'OperationFailed', name, status, metadata: 4 }),
    ],
    [
      'metadataError if the metadata of a failure is invalid',
      failed({ _tag: 'OperationFailed', name, status, metadata: 'x' }),
      failed({ _tag: 'OperationFailed', name, status, metadataError: decodeError }),
    ],
    [
      'the decoded metadata in the last snapshot of an error',
      failed({ _tag: 'TimedOut', name, resume, timeout: 5, lastSeen: running(2) }),
      failed({ _tag: 'TimedOut', name, resume, timeout: 5, lastSeen: running(4) }),
    ],
    [
      'metadataError if the metadata in the last snapshot of an error is invalid',
      failed({ _tag: 'OperationNotFound', name, resume, status, lastSeen: running('x') }),
      left({
        ...makeOperationError<Json>({ _tag: 'OperationNotFound', name, resume, status, lastSeen: running() }),
        lastSeen: { ...runningWithoutMetadata, metadataError: decodeError },
      }),
    ],
    [
      'an error without a last snapshot',
      failed({ _tag: 'ClientClosed', name, resume }),
      failed({ _tag: 'ClientClosed', name, resume }),
    ],
    [
      'an InvalidName',
      failed({ _tag: 'InvalidName', name, reason: 'r' }),
      failed({ _tag: 'InvalidName', name, reason: 'r' }),
    ],
  ]
  for (const [what, emission, expected] of decodedRows)
    it(`should return ${what}`, () => {
      expect(applyDecoders({ response: double, metadata: double })(emission, { resume })).to.deep.equal(
        expected,
      )
    })

  it('should keep reportedName, which is the name that the server sent', () => {
    const emission = right({ ...running(2), reportedName: 'operations/other' })
    expect(applyDecoders({ metadata: double })(emission, { resume })).to.deep.equal(
      right({ ...running(4), reportedName: 'operations/other' }),
    )
  })

  const malformedRows: readonly (readonly [
    string,
    Decoders<unknown, unknown>,
    JsonEmission,
    Running<Json> | undefined,
    ErrorFields<unknown>,
  ])[] = [
    [
      'the response and the reason',
      { response: double },
      right(succeeded({ state: 'new' }, 1)),
      undefined,
      {
        _tag: 'MalformedResponse',
        name,
        path: 'response',
        reason: 'no number',
        outcome: 'succeeded',
        response: { state: 'new' },
        metadata: 1,
        resume,
      },
    ],
    [
      'the path in the response',
      { response: codecFailingAt('state') },
      right(succeeded([])),
      undefined,
      {
        _tag: 'MalformedResponse',
        name,
        path: 'response.state',
        reason: 'the codec rejected the value',
        outcome: 'succeeded',
        response: [],
        resume,
      },
    ],
    [
      'no response if the server sent none',
      { response: double },
      right(succeeded(undefined)),
      undefined,
      {
        _tag: 'MalformedResponse',
        name,
        path: 'response',
        reason: 'no number',
        outcome: 'succeeded',
        resume,
      },
    ],
    [
      'the last snapshot and its decoded metadata',
      { response: double, metadata: double },
      right(succeeded('x')),
      running(2),
      {
        _tag: 'MalformedResponse',
        name,
        path: 'response',
        reason: 'no number',
        outcome: 'succeeded',
        response: 'x',
        resume,
        lastSeen: running(4),
      },
    ],
  ]
  for (const [what, decoders, emission, lastSeen, fields] of malformedRows)
    it(`should return MalformedResponse with ${what}`, () => {
      expect(applyDecoders(decoders)(emission, { resume, lastSeen })).to.deep.equal(
        left(makeOperationError(fields)),
      )
    })

  it('should call the response decoder exactly once for each Succeeded', () => {
    const values: unknown[] = []
    const response = (value: unknown) => {
      values.push(value)
      return right(value)
    }
    const decode = applyDecoders({ response })
    for (const emission of emissions) decode(emission, { resume })
    expect(values).to.deep.equal([{ b: 1 }, undefined])
  })

  it('should not mutate the emission, which other subscribers also receive', () => {
    const emission = right(Object.freeze(succeeded(3, 2)))
    applyDecoders({ response: double, metadata: double })(emission, {
      resume,
      lastSeen: Object.freeze(running(1)),
    })
    expect(emission).to.deep.equal(right(succeeded(3, 2)))
  })
})
