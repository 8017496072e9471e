import { expect } from 'chai'
import {
  type ErrorFields,
  failureText,
  makeOperationError,
  makeStartFailed,
} from '../../lib/messages/error-message.js'
import { Code, type CodeName } from '../../lib/model/code.js'
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
  type StartErrorMatch,
} from '../../lib/model/operation-error.js'
import type { Status } from '../../lib/model/status.js'

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
const connectionReset: PollFailure = { _tag: 'ConnectionFailed', code: 'ECONNRESET' }
const statusWithDetails = status('RESOURCE_EXHAUSTED', 'no quota', {
  details: [{ _tag: 'UnknownDetail', type: 'x', value: { '@type': 'x', a: [null] } }],
  errors: [{ message: 'm', domain: 'd', reason: 'r', location: 'l', locationType: 't' }],
})

const rejectedFields = { _tag: 'RequestRejected', name, resume } as const
const unreachableFields = { _tag: 'Unreachable', name, resume, attempts: 2, last: connectionReset } as const
const timedOutFields = { _tag: 'TimedOut', name, resume } as const
const malformedFields = {
  _tag: 'MalformedResponse',
  name,
  resume,
  reason: 'expected an object, got nothing',
} as const

const rows: readonly (readonly [string, ErrorFields<Json>])[] = [
  [
    `${name} failed: RESOURCE_EXHAUSTED: no quota.`,
    { _tag: 'OperationFailed', name, status: statusWithDetails },
  ],
  [
    `${name} failed: CANCELLED.`,
    { _tag: 'OperationFailed', name, status: status('CANCELLED'), metadata: { step: 1 } },
  ],
  [
    `${name} failed: ABORTED: It ends with a period.`,
    { _tag: 'OperationFailed', name, status: status('ABORTED', 'It ends with a period.') },
  ],
  [
    `${name} failed: UNKNOWN: from the server.`,
    { _tag: 'OperationFailed', name, status: status('UNKNOWN', 'from the server') },
  ],
  [
    `${name} failed: code 77: from the server.`,
    { _tag: 'OperationFailed', name, status: status('UNKNOWN', 'from the server', { code: 77 }) },
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
    `${name} no longer exists: NOT_FOUND: Operation expired.`,
    { _tag: 'OperationNotFound', name, resume, lastSeen, status: status('NOT_FOUND', 'Operation expired.') },
  ],
  [
    `Request for ${name} failed: HTTP 403 PERMISSION_DENIED: The caller may not.`,
    { ...rejectedFields, httpStatus: 403, status: status('PERMISSION_DENIED', 'The caller may not.') },
  ],
  [
    `Request for ${name} failed: HTTP 302 UNKNOWN.`,
    { ...rejectedFields, httpStatus: 302, status: status('UNKNOWN'), lastSeen },
  ],
  [
    `${name} is unreachable: the connection failed (ECONNRESET).`,
    { ...unreachableFields, attempts: 1, lasted: 0 },
  ],
  [
    `${name} is unreachable: 2 requests failed in 500 ms; last failure: the connection failed (ECONNRESET).`,
    { ...unreachableFields, lasted: 500, lastSeen },
  ],
  [
    `${name} is unreachable: 2 requests failed in 9.9 s; last failure: the connection failed (ECONNRESET).`,
    { ...unreachableFields, lasted: 9_949 },
  ],
  [
    `${name} is unreachable: 2 requests failed in 10 s; last failure: the connection failed (ECONNRESET).`,
    { ...unreachableFields, lasted: 9_999 },
  ],
  [
    `${name} is unreachable: 2 requests failed in 11 s; last failure: the connection failed (ECONNRESET).`,
    { ...unreachableFields, lasted: 10_500 },
  ],
  [
    `${name} is unreachable: 2 requests failed in 600 s; last failure: the connection failed (ECONNRESET).`,
    { ...unreachableFields, lasted: 600_000 },
  ],
  [
    `${name} did not finish within 1.5 s, and no response contained it.`,
    { ...timedOutFields, timeout: 1_500 },
  ],
  [`${name} did not finish within 60 s.`, { ...timedOutFields, timeout: 60_000, lastSeen }],
  [
    `${name} did not finish before the deadline 2026-11-29T05:00:00.000Z.`,
    { ...timedOutFields, timeout: 60_000, deadline: Date.UTC(2026, 10, 29, 5), lastSeen },
  ],
  // The longest times that a Date can have.
  ...([-1, 1] as const).map((sign): readonly [string, ErrorFields<Json>] => [
    `No request was sent for ${name}, because the deadline ${sign < 0 ? '-271821-04-20' : '+275760-09-13'}T00:00:00.000Z has passed.`,
    { ...timedOutFields, timeout: 0, deadline: sign * Number.MAX_VALUE },
  ]),
  [
    `Response for ${name} could not be decoded: expected an object, got nothing.`,
    { ...malformedFields, path: '' },
  ],
  [
    'Response for the operation could not be decoded: expected an object, got nothing.',
    { ...malformedFields, name: '', path: '' },
  ],
  [
    `Response for ${name} could not be decoded at name: expected a string, got nothing.`,
    { ...malformedFields, path: 'name', reason: 'expected a string, got nothing' },
  ],
  [
    `${name} succeeded, but its result could not be decoded at response.state: no such state.`,
    {
      ...malformedFields,
      path: 'response.state',
      outcome: 'succeeded',
      response: { state: 5 },
      lastSeen,
      reason: 'no such state',
    },
  ],
  [
    `Could not obtain credentials for ${name}: no default credentials were found.`,
    { _tag: 'CredentialsError', name, resume, reason: 'no default credentials were found', lastSeen },
  ],
  [
    `"a\\nb" is not a valid operation name: it contains the character U+000A.`,
    { _tag: 'InvalidName', name: 'a\nb', reason: 'it contains the character U+000A' },
  ],
  [
    `"" is not a valid operation name: it is empty.`,
    { _tag: 'InvalidName', name: '', reason: 'it is empty' },
  ],
  [`The client was closed before ${name} finished.`, { _tag: 'ClientClosed', name, resume, lastSeen }],
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
  for (const [message, fields] of rows)
    it(`should return this message for ${fields._tag}: ${message}`, () => {
      expect(makeOperationError(fields)).to.deep.equal({ ...fields, message })
    })

  it('should be tested with a message of every tag', () => {
    expect([...new Set(rows.map(([, { _tag }]) => _tag))]).to.deep.equal(tags)
  })

  for (const [message, fields] of rows)
    it(`should be equal after a JSON round trip: ${message}`, () => {
      const error = makeOperationError(fields)
      expect(JSON.parse(JSON.stringify(error))).to.deep.equal(error)
    })

  it('should have the tag, the message and the name as its first members', () => {
    for (const [, fields] of rows)
      expect(Object.keys(makeOperationError(fields)).slice(0, 3)).to.deep.equal(['_tag', 'message', 'name'])
  })

  const failures: readonly (readonly [PollFailure, string])[] = [
    [connectionReset, 'the connection failed (ECONNRESET)'],
    [{ _tag: 'RequestTimedOut', requestTimeout: 30_000 }, 'no response within 30 s'],
    [
      { _tag: 'RequestTimedOut', requestTimeout: 2_500, httpStatus: 429 },
      'the HTTP 429 response did not complete within 2.5 s',
    ],
    [
      { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' },
      'the certificate of the server was rejected (CERT_HAS_EXPIRED)',
    ],
    [
      { _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED', proxy: 'https://p:8443' },
      'the certificate of the proxy https://p:8443 was rejected (CERT_HAS_EXPIRED)',
    ],
    [
      { _tag: 'ConnectionFailed', code: 'ECONNREFUSED', proxy: 'http://p:3128' },
      'the proxy http://p:3128 is unreachable (ECONNREFUSED)',
    ],
    [
      { _tag: 'ConnectionFailed', code: 'ERR_PROXY_TUNNEL', proxy: 'http://p:3128', proxyStatus: 407 },
      'the proxy http://p:3128 returned HTTP 407',
    ],
    [
      { _tag: 'RequestTimedOut', requestTimeout: 30_000, proxy: 'http://p:3128' },
      'the proxy http://p:3128 opened no tunnel within 30 s',
    ],
    [{ _tag: 'BodyTooLarge', maxResponseBytes: 16, httpStatus: 200 }, 'the response body exceeds 16 bytes'],
    [
      { _tag: 'NoCredentials', transient: true, reason: 'the token server is unavailable' },
      'the token server is unavailable',
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
    it(`should return this description of a failed poll: ${text}`, () => {
      expect(failureText(last)).to.equal(text)
      expect(makeOperationError({ ...unreachableFields, lasted: 1_000, last }).message).to.equal(
        `${name} is unreachable: 2 requests failed in 1 s; last failure: ${text}.`,
      )
    })

  for (const [, fields] of rows.filter(
    ([, { _tag }], index) => rows.findIndex(([, other]) => other._tag === _tag) === index,
  ))
    it(`should match ${fields._tag} only with its own type guard`, () => {
      const error = makeOperationError(fields)
      expect(tags.filter((tag) => guards[tag](error))).to.deep.equal([fields._tag])
    })

  it('should call only the function for the tag of an error, with the whole error', () => {
    const pairOf = (error: OperationError): readonly [Tag, OperationError] => [error._tag, error]
    const match = Object.fromEntries(
      tags.map((tag) => [tag, (error: OperationError) => [tag, error]]),
    ) as unknown as ErrorMatch<Json, readonly [Tag, OperationError]>
    const errors = rows.map(([, fields]) => makeOperationError(fields))
    expect(errors.map(matchOperationError(match))).to.deep.equal(errors.map(pairOf))
  })

  it('should match the errors of a start if there is a function for StartFailed', () => {
    const match = Object.fromEntries([...tags, 'StartFailed'].map((tag) => [tag, () => tag]))
    const matchError = matchOperationError(match as unknown as StartErrorMatch<Json, string>)
    expect(matchError(makeStartFailed('id', { mayHaveStarted: true }))).to.equal('StartFailed')
    expect(rows.map(([, fields]) => matchError(makeOperationError(fields)))).to.deep.equal(
      rows.map(([, { _tag }]) => _tag),
    )
  })
})
