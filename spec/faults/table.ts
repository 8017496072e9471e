import type { Frame, Json, JsonObject } from '../../lib/emulator/index.js'

/** What a watch makes of a fault. */
export interface Outcome {
  /** The tags of its words, in order. */
  readonly gives: readonly string[]
  /** How many requests it sends; absent where that is as many as its maxRetryTime lets it. */
  readonly requests?: number
  /** Milliseconds that lie at least between the first request and the second, and so on, as the server wished. */
  readonly waits?: readonly number[]
  /** Options of the watch beside those of all rows, in milliseconds. */
  readonly options?: {
    readonly maxRetryTime?: number
    readonly visibilityWindow?: number
    readonly requestTimeout?: number
  }
}

/** A fault, and what a watch makes of it. */
export interface Row extends Outcome {
  readonly group: string
  /** What happens, in a person's words. */
  readonly name: string
  /** What the polls get in turn; the last one holds for all that follow. See {@link inTurn}. */
  readonly steps: readonly Frame[]
  /**
   * What a token server sends in turn, as it goes over the wire: nothing at all to reset the connection, undefined to
   * stall. With these, `requests` and `waits` are those of the token server.
   */
  readonly tokens?: readonly (string | undefined)[]
  readonly requests: number
  /** The reason that stands in `errors` in the older format of errors; with one, the row holds in both formats. */
  readonly reason?: string
  /** What comes of it where the first step holds for ever; its options count beside those of the row. */
  readonly lasts?: Outcome
  /** Whether the credential has another token each time that it is asked. */
  readonly renews?: true
  readonly note?: string
}

/** The operation of the table. */
export const NAME = 'operations/cp.1'

/** The host and port of another server, to be put in by {@link inTurn}: nothing may ever arrive there. */
const ELSEWHERE = 'elsewhere.example'

/** The frames of an emulator that give each poll its step. */
export function inTurn(steps: readonly Frame[], elsewhere: string = ELSEWHERE): readonly Frame[] {
  const here: readonly Frame[] = JSON.parse(JSON.stringify(steps).replaceAll(ELSEWHERE, elsewhere))
  return here.map((step, n) => ({ ...step, polls: n + 1 }))
}

/** The same steps in the older format of errors, which a request asks for by `$.xgafv=1`. */
export function inOlderFormat(steps: readonly Frame[], reason: string): readonly Frame[] {
  const older = (body: unknown): Json => {
    if (Array.isArray(body)) return body.map(older)
    const { code = 0, message = '', ...rest } = (body as { readonly error: JsonObject }).error
    return { error: { code, message, errors: [{ message, domain: 'global', reason }], ...rest } }
  }
  return steps.map((step) =>
    typeof step.httpResponse?.body === 'object'
      ? { httpResponse: { ...step.httpResponse, body: older(step.httpResponse.body) } }
      : step,
  )
}

const GOOD: Frame = { done: true, response: { answer: 42 } }

type More = Pick<Row, 'reason' | 'options' | 'note' | 'renews' | 'waits'>
type Ungrouped = Omit<Row, 'group'>

/** A fault that is asked again, and may pass. */
function passing(name: string, step: Frame, { waits, ...more }: More = {}): Ungrouped {
  return {
    name,
    steps: [step, GOOD],
    gives: ['Succeeded'],
    requests: 2,
    ...(waits && { waits }),
    lasts: { gives: ['Unreachable'], options: { maxRetryTime: 20 }, ...(waits && { requests: 2, waits }) },
    ...more,
  }
}

/** A success that is no operation, which is asked again twice. */
function odd(name: string, body: unknown, more: More = {}): Ungrouped {
  const step = said(body)
  return {
    name,
    steps: [step, step, GOOD],
    gives: ['Succeeded'],
    requests: 3,
    lasts: { gives: ['MalformedResponse'], requests: 3 },
    ...more,
  }
}

/** What is the last word at once. */
function final(name: string, tag: string, step: Frame, more: More = {}): Ungrouped {
  return {
    name,
    steps: [step],
    gives: [tag],
    requests: 1,
    ...more,
  }
}

/** What reads as a running operation. */
function running(name: string, body: unknown, more: More = {}): Ungrouped {
  return {
    name,
    steps: [said(body), GOOD],
    gives: ['Running', 'Succeeded'],
    requests: 2,
    ...more,
  }
}

/** HTTP 200 with a body: text as it is, anything else as JSON. */
function said(body: unknown): Frame {
  return {
    httpResponse: { httpStatus: 200, body: typeof body === 'string' ? body : JSON.stringify(body) },
  }
}

function answer(httpStatus: number, body: string, headers: Readonly<Record<string, string>> = {}): Frame {
  return {
    httpResponse: { httpStatus, body, headers },
  }
}

/** An error of Google's. Source: https://google.aip.dev/193. */
function error(
  code: number,
  status: string,
  message: string,
  details: readonly JsonObject[] = [],
  headers: Readonly<Record<string, string>> = {},
): Frame {
  return {
    httpResponse: {
      httpStatus: code,
      headers,
      body: { error: { code, message, status, ...(details.length > 0 && { details }) } },
    },
  }
}

function info(reason: string, metadata: JsonObject = {}): JsonObject {
  return {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason,
    domain: 'googleapis.com',
    metadata: { service: 'cloudresourcemanager.googleapis.com', ...metadata },
  }
}
function retryInfo(retryDelay: string): JsonObject {
  return {
    '@type': 'type.googleapis.com/google.rpc.RetryInfo',
    retryDelay,
  }
}
function bearer(attributes: string): Readonly<Record<string, string>> {
  return {
    'WWW-Authenticate': `Bearer realm="https://accounts.google.com/"${attributes}`,
  }
}
function page(code: number, title: string): string {
  return `<!DOCTYPE html>\n<html lang=en>\n  <title>Error ${code} (${title})!!1</title>\n  <p><b>${code}.</b>\n`
}
const PLAIN = { 'Content-Type': 'text/plain' }

const NOT_FOUND = error(404, 'NOT_FOUND', 'Requested entity was not found.')
const RATE = info('RATE_LIMIT_EXCEEDED', { quota_limit: 'ReadRequestsPerMinutePerProject' })
const QUOTA = 'Quota exceeded for the limit of read requests per minute.'
const BAD_TOKEN = 'Request had invalid authentication credentials.'
const NO_PERMISSION = 'The caller does not have permission'
const STALLED = { requestTimeout: 250 }
const AT = 'Sun, 06 Nov 1994 08:49:37 GMT'
const ONE_SECOND_LATER = 'Sun, 06 Nov 1994 08:49:38 GMT'

const network: readonly Ungrouped[] = [
  passing('the connection is reset before the head', { fault: 'reset' }),
  passing('the connection is reset in the body', { fault: 'reset-in-body' }),
  passing(
    'the body is cut short under a longer Content-Length',
    { fault: 'cut-short' },
    {
      note: 'the part that came reads as a whole operation that is done',
    },
  ),
  passing('the body of a 403 is cut short', { fault: 'cut-short', httpStatus: 403 }),
  passing('nothing comes, not even a head', { stall: true }, { options: STALLED }),
  passing('the body drips for ever', { fault: 'drip' }, { options: STALLED }),
  final('the body is endless', 'MalformedResponse', { fault: 'endless' }),
  passing('the body of a 503 is endless', { fault: 'endless', httpStatus: 503 }),
  final('the body is a gzip bomb', 'MalformedResponse', { fault: 'gzip-bomb' }),
  passing('the body of a 502 is a gzip bomb', { fault: 'gzip-bomb', httpStatus: 502 }),
]

const passingHttp: readonly Ungrouped[] = [
  passing('408', error(408, 'DEADLINE_EXCEEDED', 'The request timed out.'), { reason: 'requestTimeout' }),
  passing('429 of a quota, as Resource Manager sends it', error(429, 'RESOURCE_EXHAUSTED', QUOTA, [RATE]), {
    reason: 'rateLimitExceeded',
  }),
  passing(
    '429 with RetryInfo',
    error(429, 'RESOURCE_EXHAUSTED', QUOTA, [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaValue: '5' }] },
      retryInfo('0.3s'),
    ]),
    { waits: [300], reason: 'rateLimitExceeded' },
  ),
  passing(
    '429 with Retry-After in seconds',
    error(429, 'RESOURCE_EXHAUSTED', QUOTA, [], { 'Retry-After': '1' }),
    { waits: [1_000], reason: 'rateLimitExceeded' },
  ),
  passing('429 with Retry-After as a date', answer(429, '', { 'Retry-After': ONE_SECOND_LATER, Date: AT }), {
    waits: [1_000],
  }),
  passing(
    '429 in an array, with RetryInfo',
    {
      httpResponse: {
        httpStatus: 429,
        body: [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [retryInfo('0.2s')] } }],
      },
    },
    { waits: [200], reason: 'rateLimitExceeded' },
  ),
  passing('403 of a rate limit', error(403, 'PERMISSION_DENIED', QUOTA, [RATE]), {
    reason: 'rateLimitExceeded',
  }),
  passing('500', error(500, 'INTERNAL', 'Internal error encountered.'), { reason: 'backendError' }),
  passing('502 as a page', answer(502, page(502, 'Server Error'))),
  passing('503', error(503, 'UNAVAILABLE', 'The service is currently unavailable.'), {
    reason: 'backendError',
  }),
  passing('503 as plain text', answer(503, 'upstream connect error', PLAIN)),
  passing('503 as a page', answer(503, page(503, 'Service Unavailable'))),
  passing('503 without a body', answer(503, '')),
  passing('504', error(504, 'DEADLINE_EXCEEDED', 'Deadline expired.'), { reason: 'backendError' }),
]

const rejected = 'RequestRejected'

const finalHttp: readonly Ungrouped[] = [
  final('400', rejected, error(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'), {
    reason: 'badRequest',
  }),
  final(
    '401 without a token',
    rejected,
    error(401, 'UNAUTHENTICATED', 'No credential.', [info('CREDENTIALS_MISSING')], bearer('')),
    { reason: 'required' },
  ),
  final(
    '401 of a token that is none',
    rejected,
    error(401, 'UNAUTHENTICATED', BAD_TOKEN, [], bearer(', error="invalid_token"')),
    { reason: 'authError' },
  ),
  final(
    '401 of a token that has expired, and the credential has no other',
    rejected,
    error(
      401,
      'UNAUTHENTICATED',
      BAD_TOKEN,
      [info('ACCESS_TOKEN_EXPIRED')],
      bearer(', error="invalid_token"'),
    ),
    { reason: 'authError' },
  ),
  final(
    '401 of a token of the wrong type',
    rejected,
    error(401, 'UNAUTHENTICATED', BAD_TOKEN, [info('ACCESS_TOKEN_TYPE_UNSUPPORTED')], bearer('')),
    { reason: 'authError' },
  ),
  {
    name: '401 of a token that has expired, and the credential has another',
    steps: [error(401, 'UNAUTHENTICATED', BAD_TOKEN, [info('ACCESS_TOKEN_EXPIRED')]), GOOD],
    gives: ['Succeeded'],
    requests: 2,
    lasts: { gives: [rejected], requests: 2 },
    reason: 'authError',
    renews: true,
  },
  final('403', rejected, error(403, 'PERMISSION_DENIED', NO_PERMISSION), { reason: 'forbidden' }),
  final(
    '403 of scopes that do not suffice',
    rejected,
    error(
      403,
      'PERMISSION_DENIED',
      'Request had insufficient authentication scopes.',
      [info('ACCESS_TOKEN_SCOPE_INSUFFICIENT')],
      bearer(', error="insufficient_scope"'),
    ),
    { reason: 'insufficientPermissions' },
  ),
  final(
    '403 of an API that is off',
    rejected,
    error(403, 'PERMISSION_DENIED', 'The API has not been used before or it is disabled.', [
      info('SERVICE_DISABLED', { consumer: 'projects/1' }),
    ]),
    { reason: 'accessNotConfigured' },
  ),
  final(
    '403 of a missing permission',
    rejected,
    error(403, 'PERMISSION_DENIED', NO_PERMISSION, [
      info('IAM_PERMISSION_DENIED', { permission: 'resourcemanager.projects.get' }),
    ]),
    { reason: 'forbidden' },
  ),
  final(
    '403 in an array',
    rejected,
    { httpResponse: { httpStatus: 403, body: [{ error: { code: 403, status: 'PERMISSION_DENIED' } }] } },
    { reason: 'forbidden' },
  ),
  final('404 as a page: no API serves this path', rejected, answer(404, page(404, 'Not Found'))),
  final('409', rejected, error(409, 'ALREADY_EXISTS', 'Requested entity already exists'), {
    reason: 'alreadyExists',
  }),
  final('410', rejected, error(410, 'FAILED_PRECONDITION', 'Gone.'), { reason: 'deleted' }),
  final('412', rejected, error(412, 'FAILED_PRECONDITION', 'Precondition failed.'), {
    reason: 'conditionNotMet',
  }),
  final('416', rejected, error(416, 'OUT_OF_RANGE', 'Out of range.'), { reason: 'outOfRange' }),
  final('499', rejected, error(499, 'CANCELLED', 'The operation was cancelled.'), { reason: 'cancelled' }),
  final('501', rejected, error(501, 'UNIMPLEMENTED', 'Not implemented.'), { reason: 'notImplemented' }),
]

const redirects: readonly Ungrouped[] = [
  ...[301, 302, 303, 307, 308].map((httpStatus) =>
    final(
      `${httpStatus} to another host`,
      rejected,
      answer(httpStatus, '', { Location: `http://${ELSEWHERE}/v3/${NAME}` }),
    ),
  ),
  final(
    '302 to another host, without a scheme',
    rejected,
    answer(302, '', { Location: `//${ELSEWHERE}/v3/${NAME}` }),
  ),
  final('302 within the host', rejected, answer(302, '', { Location: '/v3/operations/other' })),
  final('304', rejected, answer(304, '')),
]

const comesAndGoes: readonly Ungrouped[] = [
  {
    name: '404 before the operation can be seen',
    steps: [NOT_FOUND, NOT_FOUND, GOOD],
    gives: ['Succeeded'],
    requests: 3,
    reason: 'notFound',
    lasts: { gives: ['OperationNotFound'], options: { visibilityWindow: 200 } },
    note: 'within the window in which it need not be visible yet',
  },
  final('404 of an operation that is not there', 'OperationNotFound', NOT_FOUND, {
    reason: 'notFound',
    options: { visibilityWindow: 0 },
    note: 'after that window',
  }),
  {
    name: '404 once the operation was seen: it has expired',
    steps: [{ metadata: { step: 1 } }, NOT_FOUND],
    gives: ['Running', 'OperationNotFound'],
    requests: 2,
    reason: 'notFound',
  },
  final(
    '404 in an array',
    'OperationNotFound',
    { httpResponse: { httpStatus: 404, body: [{ error: { code: 404, status: 'NOT_FOUND' } }] } },
    { reason: 'notFound', options: { visibilityWindow: 0 } },
  ),
]

const noOperation: readonly Ungrouped[] = [
  odd('`null`', 'null'),
  odd('`[]`', '[]'),
  odd('`{}`', '{}'),
  odd('a number', '42'),
  odd('a string', '"done"'),
  odd('`true`', 'true'),
  odd('nothing', ''),
  odd('a page', page(200, 'Sign in')),
  odd('JSON that is cut off', '{"name": "operations/cp.1", "done": tr'),
  odd('an operation in an array', [{ name: NAME, done: true }]),
  odd('an error with status 200', { error: { code: 503, status: 'UNAVAILABLE' } }),
  odd('an operation of Compute', { name: NAME, status: 'DONE', kind: 'compute#operation' }),
  odd('running without a name', { metadata: {} }),
  odd('`name` is a number', { name: 7 }),
  odd('`name` is an object', { name: {}, done: true }),
  odd('`done` is a string', { name: NAME, done: 'true' }),
  odd('`done` is a number', { name: NAME, done: 1 }),
  odd('`error` is a string', { name: NAME, done: true, error: 'no' }),
  odd('`error` is an array', { name: NAME, done: true, error: [] }),
  odd('an error, but not done', { name: NAME, error: { code: 3 } }),
  odd('a response, but not done', { name: NAME, response: {} }),
]

const odderOperations: readonly Ungrouped[] = [
  final('a byte order mark before the JSON', 'Succeeded', said(`\ufeff${JSON.stringify({ done: true })}`)),
  final('done with neither error nor response', 'Succeeded', said({ name: NAME, done: true })),
  final(
    'done with both',
    'OperationFailed',
    said({ name: NAME, done: true, error: { code: 9 }, response: {} }),
  ),
  final('done without a name', 'Succeeded', said({ done: true, response: {} })),
  final('done, `response` is a number', 'Succeeded', said({ name: NAME, done: true, response: 42 })),
  final(
    'failed with details of many types',
    'OperationFailed',
    said({
      name: NAME,
      done: true,
      error: {
        code: 8,
        message: 'The quota is used up.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'QUOTA',
            domain: 'example.com',
            metadata: { of: 'projects' },
          },
          {
            '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
            violations: [{ subject: 'user:a', description: 'projects', quotaValue: '12' }],
          },
          {
            '@type': 'type.googleapis.com/google.rpc.Help',
            links: [{ description: 'more', url: 'https://example.com' }],
          },
          { '@type': 'type.googleapis.com/example.Unknown', anything: [1, 2] },
        ],
      },
    }),
  ),
  final('failed without a code', 'OperationFailed', said({ name: NAME, done: true, error: {} })),
  final(
    'failed, with wrong types in `error`',
    'OperationFailed',
    said({ name: NAME, done: true, error: { code: 'x', message: 5, details: 'none' } }),
  ),
  final(
    'failed, with wrong types in `details`',
    'OperationFailed',
    said({
      name: NAME,
      done: true,
      error: {
        code: 3,
        details: [null, 5, 'x', [], { '@type': 7 }, { ...retryInfo('soon') }, { ...info('X'), metadata: 1 }],
      },
    }),
  ),
  running('another name than was asked for', { name: 'operations/other' }),
  running('`done` and `error` are `null`', { name: NAME, done: null, error: null }),
  running('`metadata` is a number', { name: NAME, metadata: 5 }),
  running('members that nobody knows', { name: NAME, warnings: [1], done: false }),
  running(
    '`__proto__` says that it is done',
    `{"name": "${NAME}", "__proto__": {"done": true, "polluted": 1}}`,
  ),
  running(
    '`__proto__` in the metadata',
    `{"name": "${NAME}", "metadata": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}`,
  ),
  final(
    '`__proto__` in the error',
    'OperationFailed',
    said(
      `{"done": true, "error": {"code": 3, "__proto__": {"polluted": 1}, "details": [{"__proto__": {"polluted": 1}, ` +
        `"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R", "metadata": {"__proto__": {"polluted": 1}}}]}}`,
    ),
  ),
  final(
    '`__proto__` in the body of a 403',
    rejected,
    answer(403, '{"error": {"code": 403, "__proto__": {"polluted": 1}}, "__proto__": {"polluted": 1}}'),
  ),
]

function raw(head: string, body = ''): string {
  return `HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
}
function json(status: string, body: unknown): string {
  return raw(`${status}\r\nContent-Type: application/json`, JSON.stringify(body))
}

const TOKEN = json('200 OK', { access_token: 'ya29.S3CRET-TOKEN', expires_in: 3_600, token_type: 'Bearer' })

/** A fault of the token server that is asked again, and may pass: nothing is asked of the API meanwhile. */
function passingToken(name: string, answer: string | undefined, { waits, ...more }: More = {}): Ungrouped {
  return {
    name,
    tokens: [answer, TOKEN],
    steps: [GOOD],
    gives: ['Succeeded'],
    requests: 2,
    ...(waits && { waits }),
    lasts: {
      gives: ['CredentialsError'],
      options: { maxRetryTime: 20 },
      ...(waits && { requests: 2, waits }),
    },
    ...more,
  }
}

/** What a token server refuses for good. */
function finalToken(name: string, answer: string): Ungrouped {
  return {
    name,
    tokens: [answer],
    steps: [GOOD],
    gives: ['CredentialsError'],
    requests: 1,
  }
}

const tokenServer: readonly Ungrouped[] = [
  passingToken('the connection is reset', ''),
  passingToken('nothing comes, not even a head', undefined, { options: STALLED }),
  passingToken(
    'the body is cut short',
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"acc\r\n',
  ),
  passingToken('it speaks no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'),
  passingToken('500', raw('500 Internal Server Error')),
  passingToken('503', raw('503 Service Unavailable')),
  passingToken('429 with Retry-After in seconds', raw('429 Too Many Requests\r\nRetry-After: 1'), {
    waits: [1_000],
  }),
  passingToken('200 with a page', raw('200 OK\r\nContent-Type: text/html', page(200, 'Sign in'))),
  passingToken('200 with `null`', json('200 OK', null)),
  passingToken('200 without a token', json('200 OK', { expires_in: 3_600 })),
  finalToken('400 of a grant that was revoked', json('400 Bad Request', { error: 'invalid_grant' })),
  finalToken('401 of a client that is none', json('401 Unauthorized', { error: 'invalid_client' })),
  finalToken('403', json('403 Forbidden', { error: 'access_denied', error_description: 'S3CRET' })),
  finalToken('404 as a page', raw('404 Not Found\r\nContent-Type: text/html', page(404, 'Not Found'))),
]

function grouped(group: string, rows: readonly Ungrouped[]): readonly Row[] {
  return rows.map((row) => ({ group, ...row }))
}

/** Every fault that a network, a server or a token server can produce. */
export const TABLE: readonly Row[] = [
  ...grouped('The network', network),
  ...grouped('HTTP errors that may pass', passingHttp),
  ...grouped('HTTP errors that are final', finalHttp),
  ...grouped('Redirects, which are never followed', redirects),
  ...grouped('Operations that come and go', comesAndGoes),
  ...grouped('HTTP 200 without an operation', noOperation),
  ...grouped('HTTP 200 with an operation that is odd', odderOperations),
  ...grouped('The token server', tokenServer),
]
