import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { type ErrorFields, makeOperationError } from '../../lib/messages/error-message.js'
import type { Json } from '../../lib/model/json.js'
import type { Running, Succeeded } from '../../lib/model/operation.js'
import { statusOfHttp } from '../../lib/model/status.js'
import { applyDecoders, type Decoders } from '../../lib/polling/apply-decoders.js'
import type { Emission } from '../../lib/polling/emission.js'

const name = 'operations/cp.6'
const resume = { name, endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3', since: 1 }
const seen = { name, attempt: 2, elapsed: 5 }
function running(metadata?: Json): Running<Json> {
  return {
    _tag: 'Running',
    done: false,
    ...seen,
    ...(metadata !== undefined && { metadata }),
  }
}
function succeeded(response: Json | undefined, metadata?: Json): Succeeded<Json | undefined, Json> {
  return {
    _tag: 'Succeeded',
    done: true,
    ...seen,
    ...(metadata !== undefined && { metadata }),
    response,
  }
}
function failed(facts: ErrorFields<Json>): Emission {
  return left(makeOperationError<Json>(facts))
}
const status = statusOfHttp(409)

/** Reads numbers as twice their value, and refuses all else. */
function double(value: unknown) {
  return typeof value === 'number' ? right(value * 2) : left('no number')
}
function at(path: string) {
  return { decode: () => left([{ context: [{ key: path }] }]) }
}
const refused = { path: '', message: 'no number' }

describe('policy/decoded', () => {
  const words: readonly Emission[] = [
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
  for (const word of words)
    it(`should leave a word as it is without decoders: ${JSON.stringify(word).slice(0, 70)}`, () => {
      expect(applyDecoders({})(word, { resume })).to.deep.equal(word)
    })

  const { metadata: _, ...bare } = running()
  const reread: readonly (readonly [string, Emission, unknown])[] = [
    ['the metadata of a running operation', right(running(2)), right({ ...running(), metadata: 4 })],
    ['no metadata where there is none', right(running()), right(running())],
    ['refused metadata as its refusal', right(running('2')), right({ ...bare, metadataError: refused })],
    ['both of a success', right(succeeded(3, 2)), right(succeeded(6, 4))],
    [
      'a response beside refused metadata',
      right(succeeded(3, 'x')),
      right({ ...succeeded(6), metadataError: refused }),
    ],
    [
      'the metadata of a failure',
      failed({ _tag: 'OperationFailed', name, status, metadata: 2 }),
      failed({ _tag: 'OperationFailed', name, status, metadata: 4 }),
    ],
    [
      'the refused metadata of a failure',
      failed({ _tag: 'OperationFailed', name, status, metadata: 'x' }),
      failed({ _tag: 'OperationFailed', name, status, metadataError: refused }),
    ],
    [
      'what an error has last seen',
      failed({ _tag: 'TimedOut', name, resume, timeout: 5, lastSeen: running(2) }),
      failed({ _tag: 'TimedOut', name, resume, timeout: 5, lastSeen: running(4) }),
    ],
    [
      'the refused metadata of what an error has last seen',
      failed({ _tag: 'OperationNotFound', name, resume, status, lastSeen: running('x') }),
      left({
        ...makeOperationError<Json>({ _tag: 'OperationNotFound', name, resume, status, lastSeen: running() }),
        lastSeen: { ...bare, metadataError: refused },
      }),
    ],
    [
      'no more of an error that has seen nothing',
      failed({ _tag: 'ClientClosed', name, resume }),
      failed({ _tag: 'ClientClosed', name, resume }),
    ],
    [
      'nothing of a name that is none',
      failed({ _tag: 'InvalidName', name, reason: 'r' }),
      failed({ _tag: 'InvalidName', name, reason: 'r' }),
    ],
  ]
  for (const [what, word, expected] of reread)
    it(`should read ${what}`, () => {
      expect(applyDecoders({ response: double, metadata: double })(word, { resume })).to.deep.equal(expected)
    })

  it('should keep the name that the server gave', () => {
    const word = right({ ...running(2), reportedName: 'operations/other' })
    expect(applyDecoders({ metadata: double })(word, { resume })).to.deep.equal(
      right({ ...running(4), reportedName: 'operations/other' }),
    )
  })

  const malformed: readonly (readonly [
    string,
    Decoders<unknown, unknown>,
    Emission,
    Running<Json> | undefined,
    ErrorFields<unknown>,
  ])[] = [
    [
      'the response and why it was refused',
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
      'where in it',
      { response: at('state') },
      right(succeeded([])),
      undefined,
      {
        _tag: 'MalformedResponse',
        name,
        path: 'response.state',
        reason: 'the codec rejected it',
        outcome: 'succeeded',
        response: [],
        resume,
      },
    ],
    [
      'no response where there was none',
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
      'what was last seen, its metadata read',
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
  for (const [what, decoders, word, lastSeen, facts] of malformed)
    it(`should tell of a success that cannot be read ${what}`, () => {
      expect(applyDecoders(decoders)(word, { resume, lastSeen })).to.deep.equal(
        left(makeOperationError(facts)),
      )
    })

  it('should ask the decoder of the response once, of a success alone', () => {
    const asked: unknown[] = []
    const response = (value: unknown) => {
      asked.push(value)
      return right(value)
    }
    const read = applyDecoders({ response })
    for (const word of words) read(word, { resume })
    expect(asked).to.deep.equal([{ b: 1 }, undefined])
  })

  it('should change nothing of the word, which is shared', () => {
    const word = right(Object.freeze(succeeded(3, 2)))
    applyDecoders({ response: double, metadata: double })(word, {
      resume,
      lastSeen: Object.freeze(running(1)),
    })
    expect(word).to.deep.equal(right(succeeded(3, 2)))
  })
})
