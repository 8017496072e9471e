import { expect } from 'chai'
import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { Code, type CodeName } from '../../lib/model/code.js'
import type { TransportFailure, TransportResponse, TransportResult } from '../../lib/model/failure.js'
import type { Json } from '../../lib/model/json.js'
import type { Status } from '../../lib/model/status.js'
import { type Classification, classify as classifyPoll } from '../../lib/polling/classify.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'

const NOW = Date.UTC(2026, 0, 31, 12, 0, 0)
const name = 'operations/cp.3'

function classify(result: TransportResult, now: number): Classification {
  return classifyPoll(result, now, name, LONGRUNNING)
}
const htmlPage = '<!DOCTYPE html><title>Error 502 (Server Error)!!1</title>'

function status(codeName: CodeName, message = '', more: Partial<Status> = {}): Status {
  return {
    code: Code[codeName],
    codeName,
    message,
    details: [],
    ...more,
  }
}
function errorBody(code: number, codeName: string, more: object = {}) {
  return {
    error: { code, message: 'm', status: codeName, ...more },
  }
}
function errorInfo(reason: string) {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: {},
  }
}
function retryInfo(retryDelay: Json) {
  return { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }
}
function legacyError(reason: string) {
  return { message: 'm', domain: 'usageLimits', reason }
}

function httpFailure(httpStatus: number, status: Status): Classification {
  return {
    _tag: 'Transient',
    failure: { _tag: 'HttpFailure', httpStatus, status },
  }
}
function notAnOperation(httpStatus: number, path: string, message: string): Classification {
  return {
    _tag: 'Transient',
    failure: { _tag: 'NotAnOperation', httpStatus, path, message },
  }
}
function rejected(httpStatus: number, status: Status): Classification {
  return { _tag: 'Rejected', httpStatus, status }
}

describe('polling/classify', () => {
  const responses: readonly (readonly [string, number, unknown, Classification])[] = [
    [
      'a running operation',
      200,
      { name },
      { _tag: 'Decoded', value: { _tag: 'Running', name, metadata: undefined } },
    ],
    [
      'an operation with HTTP 299',
      299,
      { name, done: true, response: 1 },
      { _tag: 'Decoded', value: { _tag: 'Succeeded', name, metadata: undefined, response: 1 } },
    ],
    [
      'an operation that failed',
      200,
      { name, done: true, error: { code: 14, message: 'm' } },
      {
        _tag: 'Decoded',
        value: { _tag: 'Failed', name, metadata: undefined, status: status('UNAVAILABLE', 'm') },
      },
    ],
    ['an empty object', 200, {}, notAnOperation(200, 'name', 'expected a string, got nothing')],
    [
      'an absent body with HTTP 204',
      204,
      undefined,
      notAnOperation(204, '', 'expected an object, got nothing'),
    ],
    ['an empty body', 200, '', notAnOperation(200, '', 'expected an object, got nothing')],
    [
      'an HTML htmlPage with HTTP 200',
      200,
      htmlPage,
      notAnOperation(200, '', 'expected an object, got a string'),
    ],
    [
      'an operation in an array',
      200,
      [{ name }],
      notAnOperation(200, '', 'expected an object, got an array'),
    ],
    ['null', 200, null, notAnOperation(200, '', 'expected an object, got null')],
    [
      'an error with HTTP 200',
      200,
      errorBody(503, 'UNAVAILABLE'),
      notAnOperation(200, 'done', 'expected true because there is an error'),
    ],
    [
      'a 404 of the API',
      404,
      errorBody(404, 'NOT_FOUND'),
      { _tag: 'NotFound', status: status('NOT_FOUND', 'm') },
    ],
    [
      'a 404 of the API with errors and no status',
      404,
      { error: { code: 404, message: 'm', errors: [legacyError('notFound')] } },
      { _tag: 'NotFound', status: status('NOT_FOUND', 'm', { errors: [legacyError('notFound')] }) },
    ],
    [
      'a 404 of the API in an array',
      404,
      [errorBody(404, 'NOT_FOUND')],
      { _tag: 'NotFound', status: status('NOT_FOUND', 'm') },
    ],
    [
      'a 404 of the API with the status UNIMPLEMENTED',
      404,
      errorBody(404, 'UNIMPLEMENTED'),
      { _tag: 'NotFound', status: status('UNIMPLEMENTED', 'm') },
    ],
    ['a 404 with an HTML page', 404, htmlPage, rejected(404, status('NOT_FOUND'))],
    ['a 404 without a body', 404, '', rejected(404, status('NOT_FOUND'))],
    ['a 404 with a string as its error', 404, { error: 'Not Found' }, rejected(404, status('NOT_FOUND'))],
    [
      'the status NOT_FOUND with HTTP 400',
      400,
      errorBody(400, 'NOT_FOUND'),
      rejected(400, status('NOT_FOUND', 'm')),
    ],
    ['a 410', 410, errorBody(410, 'NOT_FOUND'), rejected(410, status('NOT_FOUND', 'm'))],
    ['a 400', 400, errorBody(400, 'INVALID_ARGUMENT'), rejected(400, status('INVALID_ARGUMENT', 'm'))],
    ['a 401', 401, errorBody(401, 'UNAUTHENTICATED'), rejected(401, status('UNAUTHENTICATED', 'm'))],
    ['a 401 without a body', 401, undefined, rejected(401, status('UNAUTHENTICATED'))],
    ['a 403', 403, errorBody(403, 'PERMISSION_DENIED'), rejected(403, status('PERMISSION_DENIED', 'm'))],
    [
      'the status UNAVAILABLE with HTTP 400',
      400,
      errorBody(400, 'UNAVAILABLE'),
      rejected(400, status('UNAVAILABLE', 'm')),
    ],
    ['a 409', 409, errorBody(409, 'ABORTED'), rejected(409, status('ABORTED', 'm'))],
    ['a 499', 499, undefined, rejected(499, status('CANCELLED'))],
    ['a 501', 501, errorBody(501, 'UNIMPLEMENTED'), rejected(501, status('UNIMPLEMENTED', 'm'))],
    ['a 505', 505, undefined, rejected(505, status('INTERNAL'))],
    [
      'a 404 with a bare status',
      404,
      { code: 5, message: 'Operation not found: operations/cp.3', details: [retryInfo('2s')] },
      {
        _tag: 'NotFound',
        status: status('NOT_FOUND', 'Operation not found: operations/cp.3', {
          details: [{ _tag: 'RetryInfo', ...retryInfo('2s'), retryDelay: 2_000 }],
        }),
        retryAfter: 2_000,
      },
    ],
    [
      'a 403 with a bare status',
      403,
      { code: 7, message: 'm', details: [] },
      rejected(403, status('PERMISSION_DENIED', 'm')),
    ],
    [
      'a 503 with a bare status',
      503,
      { code: 14, message: 'm' },
      httpFailure(503, status('UNAVAILABLE', 'm')),
    ],
    [
      'a 404 with an HTTP status as its code',
      404,
      { code: 404, message: 'No API at this path' },
      rejected(404, status('NOT_FOUND')),
    ],
    [
      'a bare status with HTTP 200',
      200,
      { code: 5, message: 'm', details: [] },
      notAnOperation(200, 'name', 'expected a string, got nothing'),
    ],
    [
      'a 404 with an operation that failed',
      404,
      { name, done: true, code: 5, message: 'm' },
      rejected(404, status('NOT_FOUND')),
    ],
    ['a 421', 421, htmlPage, httpFailure(421, status('UNAVAILABLE'))],
    ['a 425', 425, '', httpFailure(425, status('UNAVAILABLE'))],
    ...[506, 507, 508, 509, 510, 511, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598, 599].map(
      (code) => [`a ${code}`, code, htmlPage, httpFailure(code, status('INTERNAL'))] as const,
    ),
    ['a 600, which is not a valid status', 600, '', httpFailure(600, status('UNKNOWN'))],
    ['a redirect', 302, htmlPage, rejected(302, status('UNKNOWN'))],
    ['a 304', 304, '', rejected(304, status('UNKNOWN'))],
    ['a 199', 199, { name }, rejected(199, status('UNKNOWN'))],
    ['a 300', 300, { name }, rejected(300, status('UNKNOWN'))],
    ['an HTTP status of 0', 0, { name }, rejected(0, status('UNKNOWN'))],
    ['a 408', 408, errorBody(408, 'CANCELLED'), httpFailure(408, status('CANCELLED', 'm'))],
    ['a 408 without a body', 408, '', httpFailure(408, status('DEADLINE_EXCEEDED'))],
    ['a 429', 429, errorBody(429, 'RESOURCE_EXHAUSTED'), httpFailure(429, status('RESOURCE_EXHAUSTED', 'm'))],
    ['a 429 with an HTML page', 429, htmlPage, httpFailure(429, status('RESOURCE_EXHAUSTED'))],
    ['a 500', 500, errorBody(500, 'INTERNAL'), httpFailure(500, status('INTERNAL', 'm'))],
    [
      'a 500 with a permanent error in its body',
      500,
      errorBody(400, 'NOT_FOUND'),
      httpFailure(500, status('NOT_FOUND', 'm')),
    ],
    ['a 502 with an HTML page', 502, htmlPage, httpFailure(502, status('INTERNAL'))],
    ['a 503', 503, errorBody(503, 'UNAVAILABLE'), httpFailure(503, status('UNAVAILABLE', 'm'))],
    ['a 503 with an operation', 503, { name, done: true }, httpFailure(503, status('UNAVAILABLE'))],
    ['a 504 without a body', 504, undefined, httpFailure(504, status('DEADLINE_EXCEEDED'))],
  ]
  for (const [what, httpStatus, body, classification] of responses)
    it(`should classify ${what} as ${classification._tag}`, () => {
      expect(classify(right({ httpStatus, body }), NOW)).to.deep.equal(classification)
    })

  const limits: readonly (readonly [string, number, object, Classification['_tag']])[] = [
    ['the reason RATE_LIMIT_EXCEEDED', 403, { details: [errorInfo('RATE_LIMIT_EXCEEDED')] }, 'Transient'],
    [
      'the reason RATE_LIMIT_EXCEEDED in its second detail',
      403,
      { details: [errorInfo('A'), errorInfo('RATE_LIMIT_EXCEEDED')] },
      'Transient',
    ],
    ['the reason rateLimitExceeded', 403, { errors: [legacyError('rateLimitExceeded')] }, 'Transient'],
    [
      'the reason userRateLimitExceeded',
      403,
      { errors: [legacyError('userRateLimitExceeded')] },
      'Transient',
    ],
    [
      'the reason rateLimitExceeded in its second error',
      403,
      { errors: [legacyError('a'), legacyError('rateLimitExceeded')] },
      'Transient',
    ],
    [
      'the reason rateLimitExceeded and no status',
      403,
      { status: null, errors: [legacyError('rateLimitExceeded')] },
      'Transient',
    ],
    ['an exceeded daily quota', 403, { errors: [legacyError('dailyLimitExceeded')] }, 'Rejected'],
    ['an exceeded resource quota', 403, { details: [errorInfo('RESOURCE_QUOTA_EXCEEDED')] }, 'Rejected'],
    ['a disabled API', 403, { details: [errorInfo('SERVICE_DISABLED')] }, 'Rejected'],
    [
      'the reason RATE_LIMIT_EXCEEDED in lower case',
      403,
      { details: [errorInfo('rate_limit_exceeded')] },
      'Rejected',
    ],
    ['RATE_LIMIT_EXCEEDED only in its message', 403, { message: 'RATE_LIMIT_EXCEEDED' }, 'Rejected'],
    ['the reason rateLimitExceeded in a list of strings', 403, { errors: ['rateLimitExceeded'] }, 'Rejected'],
    ['only RetryInfo', 403, { details: [retryInfo('5s')] }, 'Rejected'],
    ['RESOURCE_EXHAUSTED', 403, { status: 'RESOURCE_EXHAUSTED' }, 'Transient'],
    [
      'RESOURCE_EXHAUSTED and errors without a reason',
      403,
      { status: 'RESOURCE_EXHAUSTED', errors: [{ message: 'm' }] },
      'Transient',
    ],
    [
      'RESOURCE_EXHAUSTED because of a daily quota',
      403,
      { status: 'RESOURCE_EXHAUSTED', errors: [legacyError('dailyLimitExceeded')] },
      'Rejected',
    ],
    [
      'RESOURCE_EXHAUSTED because of a resource quota',
      403,
      { status: 'RESOURCE_EXHAUSTED', details: [errorInfo('RESOURCE_QUOTA_EXCEEDED')] },
      'Rejected',
    ],
    ['RESOURCE_EXHAUSTED', 400, { status: 'RESOURCE_EXHAUSTED' }, 'Rejected'],
    ['the newer reason', 400, { details: [errorInfo('RATE_LIMIT_EXCEEDED')] }, 'Rejected'],
    ['the older reason', 404, { errors: [legacyError('rateLimitExceeded')] }, 'NotFound'],
  ]
  for (const [what, httpStatus, more, tag] of limits)
    it(`should classify HTTP ${httpStatus} as ${tag} if the body has ${what}`, () => {
      expect(
        classify(right({ httpStatus, body: errorBody(httpStatus, 'PERMISSION_DENIED', more) }), NOW)._tag,
      ).to.equal(tag)
    })

  const failures: readonly (readonly [TransportFailure, Classification['_tag']])[] = [
    [{ _tag: 'ConnectionFailed', code: 'ECONNRESET' }, 'Transient'],
    [{ _tag: 'ConnectionFailed', code: 'ENOTFOUND' }, 'Transient'],
    [{ _tag: 'ConnectionFailed', code: 'ECONNREFUSED', proxy: 'http://p' }, 'Transient'],
    [
      { _tag: 'ConnectionFailed', code: 'ERR_PROXY_TUNNEL', proxy: 'http://p', proxyStatus: 407 },
      'Permanent',
    ],
    [
      { _tag: 'ConnectionFailed', code: 'ERR_PROXY_TUNNEL', proxy: 'http://p', proxyStatus: 502 },
      'Transient',
    ],
    [{ _tag: 'RequestTimedOut', requestTimeout: 30_000 }, 'Transient'],
    [{ _tag: 'CertificateRefused', code: 'CERT_HAS_EXPIRED' }, 'Permanent'],
    [{ _tag: 'NoCredentials', transient: true, reason: 'r' }, 'Transient'],
    [{ _tag: 'NoCredentials', transient: true, reason: 'r', httpStatus: 400 }, 'Transient'],
    [{ _tag: 'NoCredentials', transient: false, reason: 'r', httpStatus: 503 }, 'Permanent'],
    [{ _tag: 'BodyTooLarge', maxResponseBytes: 1 }, 'Permanent'],
    [{ _tag: 'BodyTooLarge', maxResponseBytes: 1, httpStatus: 200 }, 'Permanent'],
    [{ _tag: 'BodyTooLarge', maxResponseBytes: 1, httpStatus: 404 }, 'Permanent'],
    [{ _tag: 'BodyTooLarge', maxResponseBytes: 1, httpStatus: 429 }, 'Transient'],
    [{ _tag: 'BodyTooLarge', maxResponseBytes: 1, httpStatus: 502 }, 'Transient'],
  ]
  for (const [failure, tag] of failures)
    it(`should return ${tag} for the failure ${JSON.stringify(failure)}`, () => {
      expect(classify(left(failure), NOW)).to.deep.equal({ _tag: tag, failure })
    })

  describe('the delay that the server requires', () => {
    const MAX_DELAY = 300_000
    const delays: readonly (readonly [string, Record<string, string>, number | undefined])[] = [
      ['seconds', { 'retry-after': '7' }, 7_000],
      ['seconds in white space', { 'retry-after': ' 7\t' }, 7_000],
      ['seconds with leading zeros', { 'retry-after': '007' }, 7_000],
      ['0 seconds', { 'retry-after': '0' }, undefined],
      ['299 seconds', { 'retry-after': '299' }, 299_000],
      ['300 seconds', { 'retry-after': '300' }, MAX_DELAY],
      ['301 seconds', { 'retry-after': '301' }, MAX_DELAY],
      ['a number that looks like a year', { 'retry-after': '2027' }, MAX_DELAY],
      ['a number that overflows', { 'retry-after': '9'.repeat(400) }, MAX_DELAY],
      ['negative seconds', { 'retry-after': '-5' }, undefined],
      ['a fraction', { 'retry-after': '2.5' }, 2_500],
      ['a fraction of a millisecond', { 'retry-after': '0.0001' }, 1],
      ['a fraction of 0', { 'retry-after': '0.0' }, undefined],
      ['300.001 seconds', { 'retry-after': '300.001' }, MAX_DELAY],
      ['a fraction without digits before the point', { 'retry-after': '.5' }, undefined],
      ['a fraction without digits after the point', { 'retry-after': '5.' }, undefined],
      ['a fraction with a comma', { 'retry-after': '2,5' }, undefined],
      ['two points', { 'retry-after': '1.2.3' }, undefined],
      ['a negative fraction', { 'retry-after': '-2.5' }, undefined],
      ['an exponent', { 'retry-after': '1e3' }, undefined],
      ['a hexadecimal number', { 'retry-after': '0x10' }, undefined],
      ['digits that are not ASCII', { 'retry-after': '７' }, undefined],
      ['two values', { 'retry-after': '5, 6' }, undefined],
      ['an empty string', { 'retry-after': '' }, undefined],
      ['white space', { 'retry-after': '  ' }, undefined],
      ['a word', { 'retry-after': 'soon' }, undefined],
      ['the name of a day', { 'retry-after': 'Sat' }, undefined],
      ['a date in the future', { 'retry-after': 'Sat, 31 Jan 2026 12:00:04 GMT' }, 4_000],
      ['a date in the RFC 850 format', { 'retry-after': 'Saturday, 31-Jan-26 12:00:04 GMT' }, 4_000],
      ['a date in the asctime format', { 'retry-after': 'Sat Jan 31 12:00:04 2026' }, 4_000],
      ['a word and a number', { 'retry-after': 'Soon 2050' }, undefined],
      ['the current time', { 'retry-after': 'Sat, 31 Jan 2026 12:00:00 GMT' }, undefined],
      ['a date in the past', { 'retry-after': 'Sat, 31 Jan 2026 11:59:59 GMT' }, undefined],
      ['a date in the distant future', { 'retry-after': 'Fri, 31 Dec 9999 23:59:59 GMT' }, MAX_DELAY],
      ['a date that is not an HTTP date', { 'retry-after': '2026-01-31T12:00:04Z' }, undefined],
      ['a date that does not exist', { 'retry-after': 'Sat, 99 Jan 2026 12:00:04 GMT' }, undefined],
      [
        'a date of a server clock that is behind',
        { 'retry-after': 'Sat, 31 Jan 2026 11:00:04 GMT', date: 'Sat, 31 Jan 2026 11:00:00 GMT' },
        4_000,
      ],
      [
        'a date of a server clock that is ahead',
        { 'retry-after': 'Sat, 31 Jan 2026 13:00:04 GMT', date: 'Sat, 31 Jan 2026 13:00:00 GMT' },
        4_000,
      ],
      [
        'a date, and the Date header is invalid',
        { 'retry-after': 'Sat, 31 Jan 2026 12:00:04 GMT', date: '1769860800' },
        4_000,
      ],
      ['absent, with a Date header', { date: 'Sat, 31 Jan 2026 11:00:00 GMT' }, undefined],
      ['absent, with an X-Retry-After header', { 'x-retry-after': '7' }, undefined],
      ['absent', {}, undefined],
    ]
    for (const [what, headers, retryAfter] of delays)
      it(`should return ${retryAfter === undefined ? 'no delay' : `a delay of ${retryAfter} ms`} in the classification and in the failure if Retry-After is ${what}`, () => {
        const delay = retryAfter === undefined ? {} : { retryAfter }
        expect(classify(right({ httpStatus: 503, headers }), NOW)).to.deep.equal({
          _tag: 'Transient',
          failure: { _tag: 'HttpFailure', httpStatus: 503, status: status('UNAVAILABLE'), ...delay },
          ...delay,
        })
      })

    const infos: readonly (readonly [string, readonly Json[], Record<string, string>, number | undefined])[] =
      [
        ['RetryInfo', [retryInfo('3.5s')], {}, 3_500],
        [
          'RetryInfo without a delay',
          [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo' }],
          {},
          undefined,
        ],
        ['RetryInfo of 0', [retryInfo('0s')], {}, undefined],
        ['RetryInfo of a millisecond', [retryInfo('0.001s')], {}, 1],
        ['a negative RetryInfo', [retryInfo('-5s')], {}, undefined],
        ['RetryInfo above the maximum', [retryInfo('3600s')], {}, MAX_DELAY],
        ['an invalid RetryInfo', [retryInfo('soon')], {}, undefined],
        ['a RetryInfo of 1 s before a RetryInfo of 2 s', [retryInfo('1s'), retryInfo('2s')], {}, 1_000],
        ['a RetryInfo that is longer than Retry-After', [retryInfo('9s')], { 'retry-after': '7' }, 9_000],
        ['a Retry-After that is longer than RetryInfo', [retryInfo('5s')], { 'retry-after': '7' }, 7_000],
        ['Retry-After and a negative RetryInfo', [retryInfo('-5s')], { 'retry-after': '7' }, 7_000],
        ['RetryInfo and an invalid Retry-After', [retryInfo('5s')], { 'retry-after': 'x' }, 5_000],
      ]
    for (const [what, details, headers, retryAfter] of infos)
      it(`should return ${retryAfter === undefined ? 'no delay' : `a delay of ${retryAfter} ms`} if there is ${what}`, () => {
        const body = errorBody(429, 'RESOURCE_EXHAUSTED', { details })
        const classification = classify(right({ httpStatus: 429, headers, body }), NOW)
        expect(classification.retryAfter).to.equal(retryAfter)
        expect(classification).to.have.nested.property('failure._tag', 'HttpFailure')
      })

    const classifications: readonly (readonly [string, number, unknown, string])[] = [
      ['a running operation', 200, { name }, 'Decoded'],
      ['a successful response without an operation', 200, '', 'Transient'],
      ['a 404 of the API', 404, errorBody(404, 'NOT_FOUND'), 'NotFound'],
      ['a rejected request', 403, errorBody(403, 'PERMISSION_DENIED'), 'Rejected'],
    ]
    for (const [what, httpStatus, body, tag] of classifications)
      it(`should return the delay in the classification of ${what}`, () => {
        const classification = classify(right({ httpStatus, body, headers: { 'retry-after': '7' } }), NOW)
        expect([classification._tag, classification.retryAfter]).to.deep.equal([tag, 7_000])
      })
  })

  it('should classify any response, and return a delay of at most five minutes', () => {
    const text = fc.oneof(
      fc.string(),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
      fc.integer().map(String),
    )
    const body = fc.oneof(
      fc.anything({ withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
      fc.jsonValue(),
      fc.jsonValue().map((details) => ({ error: { details, errors: details } })),
      fc.record({ error: fc.dictionary(fc.string(), fc.anything()) }),
      fc.record({ code: fc.integer({ min: -1, max: 17 }), message: fc.string(), details: fc.jsonValue() }),
    )
    const response: fc.Arbitrary<TransportResponse> = fc.record({
      httpStatus: fc.oneof(
        fc.integer({ min: 100, max: 600 }),
        fc.constantFrom(200, 403, 404, 421, 429, 503, 520),
      ),
      headers: fc.record({ 'retry-after': text, date: text }, { requiredKeys: [] }) as fc.Arbitrary<
        Record<string, string>
      >,
      body,
    })
    const tags = ['Decoded', 'Transient', 'NotFound', 'Rejected']
    fc.assert(
      fc.property(response, fc.integer(), (response, now) => {
        const { _tag, retryAfter = 1 } = classify(right(response), now)
        expect(tags).to.include(_tag)
        expect(retryAfter).to.be.above(0).and.at.most(300_000)
        if ([408, 421, 425, 429, 500, 502, 503, 504, 520, 599].includes(response.httpStatus))
          expect(_tag).to.equal('Transient')
      }),
      { numRuns: 500 },
    )
  })
})
