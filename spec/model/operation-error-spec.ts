import { expect } from 'chai'
import { type ErrorFields, failureText, makeOperationError } from '../../lib/messages/error-message.js'
import type { PollFailure } from '../../lib/model/failure.js'
import type { Json } from '../../lib/model/json.js'
import type { Running } from '../../lib/model/operation.js'
import {
  type ErrorMatch,
  isClientClosed,
  isCredentialsError,
  isInvalidName,
  isMalformedResponse,
  isOperationFailed,
  isOperationNotFound,
  isRequestRejected,
  isTimedOut,
  isUnreachable,
  matchOperationError,
  type OperationError,
} from '../../lib/model/operation-error.js'
import { Code, type CodeName, type Status } from '../../lib/model/status.js'

type Tag = OperationError['_tag']

const name = 'operations/cp.9'
const resume = { name, endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3', since: 5 }
const lastSeen: Running<Json> = {
  _tag: 'Running',
  done: false,
  name,
  metadata: { step: 1 },
  attempt: 3,
  elapsed: 9,
}
function status(codeName: CodeName, message = '', more: Partial<Status> = {}): Status {
  return {
    code: Code[codeName],
    codeName,
    message,
    details: [],
    ...more,
  }
}
const reset: PollFailure = { _tag: 'ConnectionFailed', code: 'ECONNRESET' }
const detailed = status('RESOURCE_EXHAUSTED', 'no quota', {
  details: [{ _tag: 'UnknownDetail', type: 'x', value: { '@type': 'x', a: [null] } }],
  errors: [{ message: 'm', domain: 'd', reason: 'r', location: 'l', locationType: 't' }],
})

const rejected = { _tag: 'RequestRejected', name, resume } as const
const unreachable = { _tag: 'Unreachable', name, resume, attempts: 2, last: reset } as const
const timedOut = { _tag: 'TimedOut', name, resume } as const
const malformed = { _tag: 'MalformedResponse', name, resume, reason: 'it is no operation' } as const

const rows: readonly (readonly [string, ErrorFields<Json>])[] = [
  [`${name} failed: RESOURCE_EXHAUSTED: no quota.`, { _tag: 'OperationFailed', name, status: detailed }],
  [
    `${name} failed: CANCELLED.`,
    { _tag: 'OperationFailed', name, status: status('CANCELLED'), metadata: { step: 1 } },
  ],
  [
    `${name} failed: ABORTED: It ends with a period.`,
    { _tag: 'OperationFailed', name, status: status('ABORTED', 'It ends with a period.') },
  ],
  [
    `${name} failed: UNKNOWN: said the server.`,
    { _tag: 'OperationFailed', name, status: status('UNKNOWN', 'said the server') },
  ],
  [
    `${name} failed: code 77: said the server.`,
    { _tag: 'OperationFailed', name, status: status('UNKNOWN', 'said the server', { code: 77 }) },
  ],
  [
    `${name} failed: code -1.`,
    { _tag: 'OperationFailed', name, status: status('UNKNOWN', '', { code: -1 }) },
  ],
  [
    `${name} was not found: NOT_FOUND.`,
    { _tag: 'OperationNotFound', name, resume, status: status('NOT_FOUND') },
  ],
  [
    `${name} was not found any more: NOT_FOUND: Operation expired.`,
    { _tag: 'OperationNotFound', name, resume, lastSeen, status: status('NOT_FOUND', 'Operation expired.') },
  ],
  [
    `The question for ${name} was refused with HTTP 403: PERMISSION_DENIED: The caller may not.`,
    { ...rejected, httpStatus: 403, status: status('PERMISSION_DENIED', 'The caller may not.') },
  ],
  [
    `The question for ${name} was refused with HTTP 302: UNKNOWN.`,
    { ...rejected, httpStatus: 302, status: status('UNKNOWN'), lastSeen },
  ],
  [
    `No answer about ${name}: the connection failed (ECONNRESET).`,
    { ...unreachable, attempts: 1, lasted: 0 },
  ],
  [
    `No answer about ${name}: 2 polls failed in 500 ms, at last the connection failed (ECONNRESET).`,
    { ...unreachable, lasted: 500, lastSeen },
  ],
  [
    `No answer about ${name}: 2 polls failed in 9.9 s, at last the connection failed (ECONNRESET).`,
    { ...unreachable, lasted: 9_949 },
  ],
  [
    `No answer about ${name}: 2 polls failed in 10 s, at last the connection failed (ECONNRESET).`,
    { ...unreachable, lasted: 9_999 },
  ],
  [
    `No answer about ${name}: 2 polls failed in 11 s, at last the connection failed (ECONNRESET).`,
    { ...unreachable, lasted: 10_500 },
  ],
  [
    `No answer about ${name}: 2 polls failed in 600 s, at last the connection failed (ECONNRESET).`,
    { ...unreachable, lasted: 600_000 },
  ],
  [`${name} was not known to be done within 1.5 s.`, { ...timedOut, timeout: 1_500 }],
  [`${name} was not known to be done within 60 s.`, { ...timedOut, timeout: 60_000, lastSeen }],
  [`The answer about ${name} could not be read: it is no operation.`, { ...malformed, path: '' }],
  [
    `The answer about ${name} could not be read at name: it is missing.`,
    { ...malformed, path: 'name', reason: 'it is missing' },
  ],
  [
    `The answer about ${name} could not be read at response.state: no such state.`,
    {
      ...malformed,
      path: 'response.state',
      outcome: 'succeeded',
      response: { state: 5 },
      lastSeen,
      reason: 'no such state',
    },
  ],
  [
    `No credentials to ask about ${name}: no default credentials were found.`,
    { _tag: 'CredentialsError', name, resume, reason: 'no default credentials were found', lastSeen },
  ],
  [
    `"a\\nb" is not the name of an operation: it holds the character U+000A.`,
    { _tag: 'InvalidName', name: 'a\nb', reason: 'it holds the character U+000A' },
  ],
  [
    `"" is not the name of an operation: it is empty.`,
    { _tag: 'InvalidName', name: '', reason: 'it is empty' },
  ],
  [`The client was closed while it watched ${name}.`, { _tag: 'ClientClosed', name, resume, lastSeen }],
]

const guards = {
  OperationFailed: isOperationFailed,
  OperationNotFound: isOperationNotFound,
  RequestRejected: isRequestRejected,
  Unreachable: isUnreachable,
  TimedOut: isTimedOut,
  MalformedResponse: isMalformedResponse,
  CredentialsError: isCredentialsError,
  InvalidName: isInvalidName,
  ClientClosed: isClientClosed,
} satisfies Record<Tag, (error: OperationError) => boolean>
const tags = Object.keys(guards) as Tag[]

describe('model/operation-error', () => {
  for (const [message, facts] of rows)
    it(`should say of ${facts._tag}: ${message}`, () => {
      expect(makeOperationError(facts)).to.deep.equal({ ...facts, message })
    })

  it('should have been shown every kind here', () => {
    expect([...new Set(rows.map(([, { _tag }]) => _tag))]).to.deep.equal(tags)
  })

  for (const [message, facts] of rows)
    it(`should survive JSON: ${message}`, () => {
      const error = makeOperationError(facts)
      expect(JSON.parse(JSON.stringify(error))).to.deep.equal(error)
    })

  it('should put the tag, the sentence and the name before the facts', () => {
    for (const [, facts] of rows)
      expect(Object.keys(makeOperationError(facts)).slice(0, 3)).to.deep.equal(['_tag', 'message', 'name'])
  })

  const failures: readonly (readonly [PollFailure, string])[] = [
    [reset, 'the connection failed (ECONNRESET)'],
    [{ _tag: 'RequestTimedOut', requestTimeout: 30_000 }, 'no answer came within 30 s'],
    [
      { _tag: 'RequestTimedOut', requestTimeout: 2_500, httpStatus: 429 },
      'the answer, HTTP 429, was not whole within 2.5 s',
    ],
    [
      { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' },
      "the server's certificate was refused (CERT_HAS_EXPIRED)",
    ],
    [{ _tag: 'BodyTooLarge', maxResponseBytes: 16, httpStatus: 200 }, 'the body was over 16 bytes'],
    [
      { _tag: 'NoCredentials', transient: true, reason: 'the token server is down' },
      'the token server is down',
    ],
    [
      { _tag: 'HttpFailure', httpStatus: 503, status: status('UNAVAILABLE'), retryAfter: 5 },
      'HTTP 503 UNAVAILABLE',
    ],
    [
      { _tag: 'HttpFailure', httpStatus: 429, status: status('RESOURCE_EXHAUSTED', 'Slow down.') },
      'HTTP 429 RESOURCE_EXHAUSTED: Slow down',
    ],
    [
      { _tag: 'NotAnOperation', httpStatus: 200, path: 'done', message: 'expected a boolean, got a string' },
      'HTTP 200 without an operation (expected a boolean, got a string)',
    ],
  ]
  for (const [last, text] of failures)
    it(`should say of a failed poll: ${text}`, () => {
      expect(failureText(last)).to.equal(text)
      expect(makeOperationError({ ...unreachable, lasted: 1_000, last }).message).to.equal(
        `No answer about ${name}: 2 polls failed in 1 s, at last ${text}.`,
      )
    })

  for (const [, facts] of rows.filter(
    ([, { _tag }], at) => rows.findIndex(([, other]) => other._tag === _tag) === at,
  ))
    it(`should tell ${facts._tag} from every other kind`, () => {
      const error = makeOperationError(facts)
      expect(tags.filter((tag) => guards[tag](error))).to.deep.equal([facts._tag])
    })

  it('should answer with the function that fits, which is given the whole', () => {
    const told = (error: OperationError): readonly [Tag, OperationError] => [error._tag, error]
    const match = Object.fromEntries(
      tags.map((tag) => [tag, (error: OperationError) => [tag, error]]),
    ) as unknown as ErrorMatch<Json, readonly [Tag, OperationError]>
    const errors = rows.map(([, facts]) => makeOperationError(facts))
    expect(errors.map(matchOperationError(match))).to.deep.equal(errors.map(told))
  })
})
