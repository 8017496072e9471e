import type { Frame, Json, JsonObject } from '../../lib/emulator/index.js'
import type { ProtocolCase } from '../protocols.js'

/** The expected emissions and requests of a watch that meets a fault. */
export interface Expectation {
  /** The tags of the emissions, in order. */
  readonly emits: readonly string[]
  /** The number of requests. Absent if a time limit, such as `maxRetryTime`, decides it. */
  readonly requests?: number
  /** The delays that the server requires between successive requests, in milliseconds. */
  readonly waits?: readonly number[]
  /** Options of the watch, in milliseconds. They are added to the options that all rows use. */
  readonly options?: {
    readonly maxRetryTime?: number
    readonly visibilityWindow?: number
    readonly requestTimeout?: number
  }
}

/** The kinds of credentials in the table: of a user, of a federated identity, and of a machine on Google Cloud. */
export type Credentials = 'user' | 'federated' | 'machine'

/** A fault and the expected reaction of a watch. */
export interface Row extends Expectation {
  readonly group: string
  /** A description of the fault for the page. */
  readonly name: string
  /** The responses to the polls, in order. The last response is repeated. {@link toFrames} converts them. */
  readonly steps: readonly Frame[]
  /**
   * The raw responses of a token server, in order. An empty string resets the connection, and undefined sends nothing. If
   * set, `requests` and `waits` are about the requests to the token server.
   */
  readonly tokenResponses?: readonly (string | undefined)[]
  /** The credentials that use the token server. By default those of a user. */
  readonly credentials?: Credentials
  readonly requests: number
  /** The `reason` of the legacy error format. If set, the row is tested in both error formats. */
  readonly reason?: string
  /** The expectation if the first step, or the last token response before the token, is repeated forever. */
  readonly ifPersistent?: Expectation
  /** Whether the client obtains a new token for each request. */
  readonly renews?: true
  /** Whether the row applies only to google.longrunning. */
  readonly onlyLongrunning?: true
  /** The HTTP methods of the requests, if the fault occurs while Compute Engine holds the response of `wait`. */
  readonly heldMethods?: readonly ('GET' | 'POST')[]
  /** A note for the page, in parentheses after the name. */
  readonly note?: string
}

/** The name of the operation in all rows. */
export const NAME = 'operations/cp.1'

/** A placeholder for the host of another server, which must not receive a request. {@link toFrames} replaces it. */
const ELSEWHERE = 'elsewhere.example'

/** Returns emulator frames that send one step for each poll. Redirects lead to `otherHost`. */
export function toFrames(steps: readonly Frame[], otherHost: string = ELSEWHERE): readonly Frame[] {
  const replaced: readonly Frame[] = JSON.parse(JSON.stringify(steps).replaceAll(ELSEWHERE, otherHost))
  return replaced.map((step, n) => ({ ...step, polls: n + 1 }))
}

/** Converts the operations in the steps of a row to the form of a protocol. */
export function inProtocol({ bodyOf }: ProtocolCase, { group, steps }: Row): readonly Frame[] {
  return steps.map((step): Frame => {
    const { httpResponse } = step
    if ('fault' in step || 'stall' in step) return step
    if (httpResponse === undefined) return ok(bodyOf({ name: NAME, ...(step as JsonObject) }))
    const { httpStatus, body } = httpResponse
    if (httpStatus !== 200 || group === NO_OPERATION) return step
    const [, mark = '', json = ''] = /^(\ufeff?)(.*)$/s.exec(String(body)) ?? []
    return ok(`${mark}${JSON.stringify(bodyOf(JSON.parse(json)))}`)
  })
}

/** The group of rows whose raw responses contain no operation in any protocol. */
const NO_OPERATION = 'HTTP 200 without an operation'

/** Converts the errors of the steps to the legacy error format, which a request selects with `$.xgafv=1`. */
export function inLegacyFormat(steps: readonly Frame[], reason: string): readonly Frame[] {
  const legacy = (body: unknown): Json => {
    if (Array.isArray(body)) return body.map(legacy)
    const { code = 0, message = '', ...rest } = (body as { readonly error: JsonObject }).error
    return { error: { code, message, errors: [{ message, domain: 'global', reason }], ...rest } }
  }
  return steps.map((step) =>
    typeof step.httpResponse?.body === 'object'
      ? { httpResponse: { ...step.httpResponse, body: legacy(step.httpResponse.body) } }
      : step,
  )
}

/** The last step of every row in which the watch succeeds. */
const SUCCESS: Frame = { done: true, response: { answer: 42 } }

type RowOptions = Pick<
  Row,
  'onlyLongrunning' | 'reason' | 'options' | 'note' | 'renews' | 'waits' | 'credentials'
>
type UngroupedRow = Omit<Row, 'group'>

/** Returns a row for a transient fault: the watch retries and then succeeds. */
function transient(name: string, step: Frame, { waits, ...more }: RowOptions = {}): UngroupedRow {
  return {
    name,
    steps: [step, SUCCESS],
    emits: ['Succeeded'],
    requests: 2,
    ...(waits && { waits }),
    ifPersistent: {
      emits: ['Unreachable'],
      options: { maxRetryTime: 20 },
      ...(waits && { requests: 2, waits }),
    },
    ...more,
  }
}

/** Returns a row for a 2xx response without an operation: the watch retries twice. */
function malformed(name: string, body: unknown, more: RowOptions = {}): UngroupedRow {
  const step = ok(body)
  return {
    name,
    steps: [step, step, SUCCESS],
    emits: ['Succeeded'],
    requests: 3,
    ifPersistent: { emits: ['MalformedResponse'], requests: 3 },
    ...more,
  }
}

/** Returns a row for a fault that ends the watch immediately. */
function final(name: string, tag: string, step: Frame, more: RowOptions = {}): UngroupedRow {
  return {
    name,
    steps: [step],
    emits: [tag],
    requests: 1,
    ...more,
  }
}

/** Returns a row for a response that is decoded as a running operation. */
function running(name: string, body: unknown, more: RowOptions = {}): UngroupedRow {
  return {
    name,
    steps: [ok(body), SUCCESS],
    emits: ['Running', 'Succeeded'],
    requests: 2,
    ...more,
  }
}

/** Returns HTTP 200 with a body. A string is sent unchanged, any other value as JSON. */
function ok(body: unknown): Frame {
  return {
    httpResponse: { httpStatus: 200, body: typeof body === 'string' ? body : JSON.stringify(body) },
  }
}

function httpReply(httpStatus: number, body: string, headers: Readonly<Record<string, string>> = {}): Frame {
  return {
    httpResponse: { httpStatus, body, headers },
  }
}

/** Returns an error of a Google API. Source: https://google.aip.dev/193. */
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

/** Returns an error whose body is a `google.rpc.Status`, as sent by gateways in front of gRPC servers. */
function bareStatus(httpStatus: number, code: number, details: readonly JsonObject[] = []): Frame {
  return { httpResponse: { httpStatus, body: JSON.stringify({ code, message: 'A message.', details }) } }
}

function errorInfo(reason: string, metadata: JsonObject = {}): JsonObject {
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
function bearerChallenge(attributes: string): Readonly<Record<string, string>> {
  return {
    'WWW-Authenticate': `Bearer realm="https://accounts.google.com/"${attributes}`,
  }
}
function htmlPage(code: number, title: string): string {
  return `<!DOCTYPE html>\n<html lang=en>\n  <title>Error ${code} (${title})!!1</title>\n  <p><b>${code}.</b>\n`
}
const TEXT_HEADERS = { 'Content-Type': 'text/plain' }

const NOT_FOUND = error(404, 'NOT_FOUND', 'Requested entity was not found.')
const RATE_LIMIT_INFO = errorInfo('RATE_LIMIT_EXCEEDED', { quota_limit: 'ReadRequestsPerMinutePerProject' })
const QUOTA_MESSAGE = 'Quota exceeded for the limit of read requests per minute.'
const BAD_TOKEN_MESSAGE = 'Request had invalid authentication credentials.'
const NO_PERMISSION_MESSAGE = 'The caller does not have permission'
const SHORT_REQUEST_TIMEOUT = { requestTimeout: 250 }
const SERVER_DATE = 'Sun, 06 Nov 1994 08:49:37 GMT'
const ONE_SECOND_LATER = 'Sun, 06 Nov 1994 08:49:38 GMT'

const network: readonly UngroupedRow[] = [
  transient('connection reset before the response head', { fault: 'reset' }),
  {
    name: 'reused connection closed before the response head',
    steps: [{}, { fault: 'reset' }, SUCCESS],
    emits: ['Running', 'Succeeded'],
    requests: 3,
    options: { maxRetryTime: 0 },
    note: 'the request is sent once more on a new connection',
  },
  transient('connection reset in the response body', { fault: 'reset-in-body' }),
  transient(
    'body shorter than its Content-Length',
    { fault: 'cut-short' },
    {
      note: 'the received part is a complete operation with done: true',
    },
  ),
  transient('403 with a truncated body', { fault: 'cut-short', httpStatus: 403 }),
  transient('no response', { stall: true }, { options: SHORT_REQUEST_TIMEOUT }),
  transient(
    'body sent one byte at a time, without end',
    { fault: 'drip' },
    { options: SHORT_REQUEST_TIMEOUT },
  ),
  final('endless body', 'MalformedResponse', { fault: 'endless' }),
  transient('503 with an endless body', { fault: 'endless', httpStatus: 503 }),
  final('gzip bomb', 'MalformedResponse', { fault: 'gzip-bomb' }),
  transient('502 with a gzip bomb', { fault: 'gzip-bomb', httpStatus: 502 }),
]

const transientHttp: readonly UngroupedRow[] = [
  transient('408', error(408, 'DEADLINE_EXCEEDED', 'The request timed out.'), { reason: 'requestTimeout' }),
  transient(
    '429 for a quota, as sent by Resource Manager',
    error(429, 'RESOURCE_EXHAUSTED', QUOTA_MESSAGE, [RATE_LIMIT_INFO]),
    {
      reason: 'rateLimitExceeded',
    },
  ),
  transient(
    '429 with RetryInfo',
    error(429, 'RESOURCE_EXHAUSTED', QUOTA_MESSAGE, [
      { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaValue: '5' }] },
      retryInfo('0.3s'),
    ]),
    { waits: [300], reason: 'rateLimitExceeded' },
  ),
  transient(
    '429 with Retry-After in seconds',
    error(429, 'RESOURCE_EXHAUSTED', QUOTA_MESSAGE, [], { 'Retry-After': '1' }),
    { waits: [1_000], reason: 'rateLimitExceeded' },
  ),
  transient(
    '429 with Retry-After as a date',
    httpReply(429, '', { 'Retry-After': ONE_SECOND_LATER, Date: SERVER_DATE }),
    {
      waits: [1_000],
    },
  ),
  transient(
    '429 whose error body is in an array, with RetryInfo',
    {
      httpResponse: {
        httpStatus: 429,
        body: [{ error: { code: 429, status: 'RESOURCE_EXHAUSTED', details: [retryInfo('0.2s')] } }],
      },
    },
    { waits: [200], reason: 'rateLimitExceeded' },
  ),
  transient('403 for a rate limit', error(403, 'PERMISSION_DENIED', QUOTA_MESSAGE, [RATE_LIMIT_INFO]), {
    reason: 'rateLimitExceeded',
  }),
  transient(
    '403 for the number of concurrent operations, as sent by Compute Engine',
    error(403, 'PERMISSION_DENIED', QUOTA_MESSAGE, [errorInfo('CONCURRENT_OPERATIONS_QUOTA_EXCEEDED')]),
  ),
  transient('403 RESOURCE_EXHAUSTED without a reason', error(403, 'RESOURCE_EXHAUSTED', QUOTA_MESSAGE)),
  transient('429 with a bare status and RetryInfo', bareStatus(429, 8, [retryInfo('0.3s')]), {
    waits: [300],
  }),
  transient('503 with a bare status', bareStatus(503, 14)),
  transient('503 with a Retry-After of 0.5 seconds', httpReply(503, '', { 'Retry-After': '0.5' }), {
    waits: [500],
  }),
  transient('421', httpReply(421, htmlPage(421, 'Misdirected Request'))),
  transient('425', httpReply(425, '')),
  transient('500', error(500, 'INTERNAL', 'Internal error encountered.'), { reason: 'backendError' }),
  transient('502 with an HTML page', httpReply(502, htmlPage(502, 'Server Error'))),
  transient('503', error(503, 'UNAVAILABLE', 'The service is currently unavailable.'), {
    reason: 'backendError',
  }),
  transient('503 with plain text', httpReply(503, 'upstream connect error', TEXT_HEADERS)),
  transient('503 with an HTML page', httpReply(503, htmlPage(503, 'Service Unavailable'))),
  transient('503 without a body', httpReply(503, '')),
  transient('504', error(504, 'DEADLINE_EXCEEDED', 'Deadline expired.'), { reason: 'backendError' }),
  ...[509, 520, 521, 522, 523, 524, 525, 526, 527, 529, 530, 598, 599].map((httpStatus) =>
    transient(`${httpStatus}`, httpReply(httpStatus, htmlPage(httpStatus, 'Server Error'))),
  ),
]

const REJECTED = 'RequestRejected'

const finalHttp: readonly UngroupedRow[] = [
  final('400', REJECTED, error(400, 'INVALID_ARGUMENT', 'Request contains an invalid argument.'), {
    reason: 'badRequest',
  }),
  final(
    '401 without a token',
    REJECTED,
    error(401, 'UNAUTHENTICATED', 'No credential.', [errorInfo('CREDENTIALS_MISSING')], bearerChallenge('')),
    { reason: 'required' },
  ),
  final(
    '401 for an invalid token',
    REJECTED,
    error(401, 'UNAUTHENTICATED', BAD_TOKEN_MESSAGE, [], bearerChallenge(', error="invalid_token"')),
    { reason: 'authError' },
  ),
  final(
    '401 for an expired token; the credential returns the same token',
    REJECTED,
    error(
      401,
      'UNAUTHENTICATED',
      BAD_TOKEN_MESSAGE,
      [errorInfo('ACCESS_TOKEN_EXPIRED')],
      bearerChallenge(', error="invalid_token"'),
    ),
    { reason: 'authError' },
  ),
  final(
    '401 for a token of the wrong type',
    REJECTED,
    error(
      401,
      'UNAUTHENTICATED',
      BAD_TOKEN_MESSAGE,
      [errorInfo('ACCESS_TOKEN_TYPE_UNSUPPORTED')],
      bearerChallenge(''),
    ),
    { reason: 'authError' },
  ),
  {
    name: '401 for an expired token; the credential returns a new token',
    steps: [error(401, 'UNAUTHENTICATED', BAD_TOKEN_MESSAGE, [errorInfo('ACCESS_TOKEN_EXPIRED')]), SUCCESS],
    emits: ['Succeeded'],
    requests: 2,
    ifPersistent: { emits: [REJECTED], requests: 2 },
    reason: 'authError',
    renews: true,
  },
  final('403', REJECTED, error(403, 'PERMISSION_DENIED', NO_PERMISSION_MESSAGE), { reason: 'forbidden' }),
  final(
    '403 for insufficient scopes',
    REJECTED,
    error(
      403,
      'PERMISSION_DENIED',
      'Request had insufficient authentication scopes.',
      [errorInfo('ACCESS_TOKEN_SCOPE_INSUFFICIENT')],
      bearerChallenge(', error="insufficient_scope"'),
    ),
    { reason: 'insufficientPermissions' },
  ),
  final(
    '403 for a disabled API',
    REJECTED,
    error(403, 'PERMISSION_DENIED', 'The API has not been used before or it is disabled.', [
      errorInfo('SERVICE_DISABLED', { consumer: 'projects/1' }),
    ]),
    { reason: 'accessNotConfigured' },
  ),
  final(
    '403 for a missing permission',
    REJECTED,
    error(403, 'PERMISSION_DENIED', NO_PERMISSION_MESSAGE, [
      errorInfo('IAM_PERMISSION_DENIED', { permission: 'resourcemanager.projects.get' }),
    ]),
    { reason: 'forbidden' },
  ),
  final(
    '403 whose error body is in an array',
    REJECTED,
    { httpResponse: { httpStatus: 403, body: [{ error: { code: 403, status: 'PERMISSION_DENIED' } }] } },
    { reason: 'forbidden' },
  ),
  final('403 with a bare status', REJECTED, bareStatus(403, 7)),
  final('404 with an HTTP status as the code of its body', REJECTED, bareStatus(404, 404)),
  final('404 with an HTML page (no API at this path)', REJECTED, httpReply(404, htmlPage(404, 'Not Found'))),
  final('409', REJECTED, error(409, 'ALREADY_EXISTS', 'Requested entity already exists'), {
    reason: 'alreadyExists',
  }),
  final('410', REJECTED, error(410, 'FAILED_PRECONDITION', 'Gone.'), { reason: 'deleted' }),
  final('412', REJECTED, error(412, 'FAILED_PRECONDITION', 'Precondition failed.'), {
    reason: 'conditionNotMet',
  }),
  final('416', REJECTED, error(416, 'OUT_OF_RANGE', 'Out of range.'), { reason: 'outOfRange' }),
  final('499', REJECTED, error(499, 'CANCELLED', 'The operation was cancelled.'), { reason: 'cancelled' }),
  final('501', REJECTED, error(501, 'UNIMPLEMENTED', 'Not implemented.'), { reason: 'notImplemented' }),
  final('505', REJECTED, httpReply(505, htmlPage(505, 'HTTP Version Not Supported'))),
]

const redirects: readonly UngroupedRow[] = [
  ...[301, 302, 303, 307, 308].map((httpStatus) =>
    final(
      `${httpStatus} to another host`,
      REJECTED,
      httpReply(httpStatus, '', { Location: `http://${ELSEWHERE}/v3/${NAME}` }),
    ),
  ),
  final(
    '302 to another host, without a scheme',
    REJECTED,
    httpReply(302, '', { Location: `//${ELSEWHERE}/v3/${NAME}` }),
  ),
  final('302 within the host', REJECTED, httpReply(302, '', { Location: '/v3/operations/other' })),
  final('304', REJECTED, httpReply(304, '')),
]

const notFound: readonly UngroupedRow[] = [
  {
    name: '404 before the operation is visible',
    steps: [NOT_FOUND, NOT_FOUND, SUCCESS],
    emits: ['Succeeded'],
    requests: 3,
    reason: 'notFound',
    ifPersistent: { emits: ['OperationNotFound'], options: { visibilityWindow: 200 } },
    note: 'within the visibility window',
  },
  final('404 for an operation that does not exist', 'OperationNotFound', NOT_FOUND, {
    reason: 'notFound',
    options: { visibilityWindow: 0 },
    note: 'after the visibility window',
  }),
  {
    name: '404 with a bare status before the operation is visible',
    steps: [bareStatus(404, 5), bareStatus(404, 5), SUCCESS],
    emits: ['Succeeded'],
    requests: 3,
    ifPersistent: { emits: ['OperationNotFound'], options: { visibilityWindow: 200 } },
    note: 'within the visibility window',
  },
  {
    name: '404 between two snapshots: one server has older data than the others',
    steps: [{ metadata: { step: 1 } }, NOT_FOUND, { metadata: { step: 2 } }, SUCCESS],
    emits: ['Running', 'Running', 'Succeeded'],
    requests: 4,
    reason: 'notFound',
    note: 'within the visibility window',
  },
  {
    name: '404 after a snapshot: the operation record has expired',
    steps: [{ metadata: { step: 1 } }, NOT_FOUND],
    emits: ['Running', 'OperationNotFound'],
    requests: 2,
    reason: 'notFound',
    options: { visibilityWindow: 0 },
    note: 'after the visibility window',
  },
  final(
    '404 whose error body is in an array',
    'OperationNotFound',
    { httpResponse: { httpStatus: 404, body: [{ error: { code: 404, status: 'NOT_FOUND' } }] } },
    { reason: 'notFound', options: { visibilityWindow: 0 } },
  ),
]

const noOperation: readonly UngroupedRow[] = [
  malformed('`null`', 'null'),
  malformed('`[]`', '[]'),
  malformed('`{}`', '{}'),
  malformed('a number', '42'),
  malformed('a string', '"done"'),
  malformed('`true`', 'true'),
  malformed('an empty body', ''),
  malformed('an HTML page', htmlPage(200, 'Sign in')),
  malformed('truncated JSON', '{"name": "operations/cp.1", "done": tr'),
  malformed('an operation in an array', [{ name: NAME, done: true }]),
  malformed('an error with status 200', { error: { code: 503, status: 'UNAVAILABLE' } }),
  malformed('a bare status with status 200', { code: 5, message: 'No such operation.', details: [] }),
  malformed(
    'a Compute operation',
    { name: NAME, status: 'DONE', kind: 'compute#operation' },
    { onlyLongrunning: true },
  ),
  malformed('running without a name', { metadata: {} }),
  malformed('`name` is a number', { name: 7 }),
  malformed('`name` is an object', { name: {}, done: true }),
  malformed('`done` is a string', { name: NAME, done: 'true' }),
  malformed('`done` is a number', { name: NAME, done: 1 }),
  malformed('`error` is a string', { name: NAME, done: true, error: 'no' }),
  malformed('`error` is an array', { name: NAME, done: true, error: [] }),
  malformed('an error without done', { name: NAME, error: { code: 3 } }),
  malformed('a response without done', { name: NAME, response: {} }),
]

const unusualOperations: readonly UngroupedRow[] = [
  final('a byte order mark before the JSON', 'Succeeded', ok(`\ufeff${JSON.stringify({ done: true })}`)),
  final('done with neither error nor response', 'Succeeded', ok({ name: NAME, done: true })),
  final(
    'done with both error and response',
    'OperationFailed',
    ok({ name: NAME, done: true, error: { code: 9 }, response: {} }),
  ),
  final('done without a name', 'Succeeded', ok({ done: true, response: {} })),
  final('done, `response` is a number', 'Succeeded', ok({ name: NAME, done: true, response: 42 })),
  final(
    'failed with details of many types',
    'OperationFailed',
    ok({
      name: NAME,
      done: true,
      error: {
        code: 8,
        message: 'The quota is used up.',
        details: [
          {
            '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
            reason: 'QUOTA_EXCEEDED',
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
  final('failed without a code', 'OperationFailed', ok({ name: NAME, done: true, error: {} })),
  final(
    'failed, with wrong types in `error`',
    'OperationFailed',
    ok({ name: NAME, done: true, error: { code: 'x', message: 5, details: 'none' } }),
  ),
  final(
    'failed, with wrong types in `details`',
    'OperationFailed',
    ok({
      name: NAME,
      done: true,
      error: {
        code: 3,
        details: [
          null,
          5,
          'x',
          [],
          { '@type': 7 },
          { ...retryInfo('soon') },
          { ...errorInfo('X'), metadata: 1 },
        ],
      },
    }),
  ),
  running('a name other than the requested name', { name: 'operations/other' }),
  running('`done` and `error` are `null`', { name: NAME, done: null, error: null }),
  running('`metadata` is a number', { name: NAME, metadata: 5 }),
  running('unknown members', { name: NAME, warnings: [1], done: false }),
  running('`__proto__` with done: true', `{"name": "${NAME}", "__proto__": {"done": true, "polluted": 1}}`),
  running(
    '`__proto__` in the metadata',
    `{"name": "${NAME}", "metadata": {"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}}`,
  ),
  final(
    '`__proto__` in the error',
    'OperationFailed',
    ok(
      `{"done": true, "error": {"code": 3, "__proto__": {"polluted": 1}, "details": [{"__proto__": {"polluted": 1}, ` +
        `"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "R", "metadata": {"__proto__": {"polluted": 1}}}]}}`,
    ),
  ),
  final(
    '`__proto__` in the body of a 403',
    REJECTED,
    httpReply(403, '{"error": {"code": 403, "__proto__": {"polluted": 1}}, "__proto__": {"polluted": 1}}'),
  ),
]

/** How long the emulator holds a response before the fault, in milliseconds. */
const HELD_TIME = 30

/** Returns a row for a fault while the server holds the response of `wait`: the watch then sends a GET. */
function held(name: string, step: Frame, { waits, ...more }: RowOptions = {}): UngroupedRow {
  return {
    name,
    steps: [{}, { ...step, after: HELD_TIME }, SUCCESS],
    emits: ['Running', 'Succeeded'],
    requests: 3,
    heldMethods: ['GET', 'POST', 'GET'],
    ...(waits && { waits: [0, ...waits] }),
    ...more,
  }
}

const heldWait: readonly UngroupedRow[] = [
  {
    name: 'connection reset before the response head, twice',
    steps: [{}, { fault: 'reset', after: HELD_TIME }, { fault: 'reset' }, SUCCESS],
    emits: ['Running', 'Succeeded'],
    requests: 4,
    heldMethods: ['GET', 'POST', 'POST', 'GET'],
    note: 'the request is first sent once more on a new connection',
  },
  held('connection reset in the response body', { fault: 'reset-in-body' }),
  held('body shorter than its Content-Length', { fault: 'cut-short' }),
  held('429 with Retry-After in seconds', httpReply(429, '', { 'Retry-After': '1' }), { waits: [1_000] }),
  ...[500, 502, 503, 504].map((httpStatus) =>
    held(`${httpStatus} of a proxy, with an HTML page`, httpReply(httpStatus, htmlPage(httpStatus, 'Error'))),
  ),
  held('504', error(504, 'DEADLINE_EXCEEDED', 'Deadline expired.')),
  held('200 with an HTML page', ok(htmlPage(200, 'Sign in'))),
  held('200 with an empty body', ok('')),
  held('403 for a missing permission', error(403, 'PERMISSION_DENIED', NO_PERMISSION_MESSAGE)),
  held('404 of the API', NOT_FOUND),
  held('404 with an HTML page', httpReply(404, htmlPage(404, 'Not Found'))),
  held('501', error(501, 'UNIMPLEMENTED', 'Not implemented.')),
  {
    name: '503 for each `wait`',
    steps: [
      {},
      ...[0, 1].flatMap((): Frame[] => [
        error(503, 'UNAVAILABLE', 'Unavailable.'),
        { metadata: { progress: 50 } },
      ]),
      SUCCESS,
    ],
    emits: ['Running', 'Running', 'Running', 'Succeeded'],
    requests: 6,
    heldMethods: ['GET', 'POST', 'GET', 'POST', 'GET', 'POST'],
  },
]

/** Returns a raw HTTP response. `head` is the status without `HTTP/1.1`, and may contain headers. */
function rawResponse(head: string, body = ''): string {
  return `HTTP/1.1 ${head}\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`
}
/** Returns a raw HTTP response with a JSON body. `status` is the status line, and may contain further headers. */
function jsonResponse(status: string, body: unknown): string {
  return rawResponse(`${status}\r\nContent-Type: application/json`, JSON.stringify(body))
}

const ACCESS_TOKEN = { access_token: 'ya29.S3CRET-TOKEN', expires_in: 3_600, token_type: 'Bearer' }
const TOKEN_RESPONSE = jsonResponse('200 OK', ACCESS_TOKEN)
/** A response that both detects a metadata server and contains its token. */
const METADATA_RESPONSE = jsonResponse('200 OK\r\nMetadata-Flavor: Google', ACCESS_TOKEN)

/** Returns a row for a transient fault of the token server. The API receives no request until there is a token. */
function transientToken(
  name: string,
  response: string | undefined,
  { waits, ...more }: RowOptions = {},
): UngroupedRow {
  return {
    name,
    tokenResponses: [response, TOKEN_RESPONSE],
    steps: [SUCCESS],
    emits: ['Succeeded'],
    requests: 2,
    ...(waits && { waits }),
    ifPersistent: {
      emits: ['CredentialsError'],
      options: { maxRetryTime: 20 },
      ...(waits && { requests: 2, waits }),
    },
    ...more,
  }
}

/** Returns a row for a permanent error of the token server. */
function finalToken(name: string, response: string): UngroupedRow {
  return {
    name,
    tokenResponses: [response],
    steps: [SUCCESS],
    emits: ['CredentialsError'],
    requests: 1,
  }
}

const tokenServer: readonly UngroupedRow[] = [
  transientToken('connection reset', ''),
  transientToken('no response', undefined, { options: SHORT_REQUEST_TIMEOUT }),
  transientToken(
    'truncated body',
    'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{"acc\r\n',
  ),
  transientToken('a response that is not HTTP', 'SSH-2.0-OpenSSH_9.2\r\n'),
  transientToken('500', rawResponse('500 Internal Server Error')),
  transientToken('503', rawResponse('503 Service Unavailable')),
  transientToken('429 with Retry-After in seconds', rawResponse('429 Too Many Requests\r\nRetry-After: 1'), {
    waits: [1_000],
  }),
  transientToken(
    '200 with an HTML page',
    rawResponse('200 OK\r\nContent-Type: text/html', htmlPage(200, 'Sign in')),
  ),
  transientToken('200 with `null`', jsonResponse('200 OK', null)),
  transientToken('200 without a token', jsonResponse('200 OK', { expires_in: 3_600 })),
  transientToken('200 without a token, for a federated identity', jsonResponse('200 OK', {}), {
    credentials: 'federated',
  }),
  transientToken(
    '200 with an HTML page, for a federated identity',
    rawResponse('200 OK\r\nContent-Type: text/html', htmlPage(200, 'Sign in')),
    { credentials: 'federated' },
  ),
  transientToken('520', rawResponse('520 Unknown')),
  transientToken('599', rawResponse('599 Unknown')),
  transientToken(
    '400 for a grant, and the clock of the machine is wrong',
    jsonResponse(`400 Bad Request\r\nDate: ${SERVER_DATE}`, { error: 'invalid_grant' }),
  ),
  finalToken('400 for a revoked grant', jsonResponse('400 Bad Request', { error: 'invalid_grant' })),
  finalToken('401 for an unknown client', jsonResponse('401 Unauthorized', { error: 'invalid_client' })),
  finalToken('403', jsonResponse('403 Forbidden', { error: 'access_denied', error_description: 'S3CRET' })),
  finalToken(
    '404 with an HTML page',
    rawResponse('404 Not Found\r\nContent-Type: text/html', htmlPage(404, 'Not Found')),
  ),
]

/**
 * Returns a row for a metadata server that starts after the watch. Until then, `responses` are sent instead. The client
 * sends a request that detects the server, a request for a token, and one more request because of the fault.
 */
function startingMetadata(name: string, responses: readonly string[]): UngroupedRow {
  return {
    ...transientToken(name, undefined, { credentials: 'machine' }),
    tokenResponses: [...responses, METADATA_RESPONSE],
    requests: 3,
  }
}

/** A response without the header `Metadata-Flavor`, as a proxy sends it. */
const PROXY_PAGE = rawResponse('200 OK\r\nContent-Type: text/html', htmlPage(200, 'Sign in'))

const metadataServer: readonly UngroupedRow[] = [
  startingMetadata('404 for the request that detects the server', [rawResponse('404 Not Found')]),
  startingMetadata('404 for the token request', [METADATA_RESPONSE, rawResponse('404 Not Found')]),
  startingMetadata('403 for the token request', [METADATA_RESPONSE, rawResponse('403 Forbidden')]),
  startingMetadata('200 with an HTML page for the token request', [METADATA_RESPONSE, PROXY_PAGE]),
]

/** Adds the group to the rows. */
function grouped(group: string, rows: readonly UngroupedRow[]): readonly Row[] {
  return rows.map((row) => ({ group, ...row }))
}

/** The faults of the network, the server and the token server. */
export const TABLE: readonly Row[] = [
  ...grouped('The network', network),
  ...grouped('Transient HTTP errors', transientHttp),
  ...grouped('Permanent HTTP errors', finalHttp),
  ...grouped('Redirects (never followed)', redirects),
  ...grouped('Operation not found', notFound),
  ...grouped(NO_OPERATION, noOperation),
  ...grouped('HTTP 200 with an unusual operation', unusualOperations),
  ...grouped('A held `wait` request of Compute Engine', heldWait),
  ...grouped('The token server', tokenServer),
  ...grouped('The metadata server of Google Cloud, if it starts after the watch', metadataServer),
]
