/**
 * The canonical error codes of Google's APIs, by name.
 *
 * Source: google/rpc/code.proto.
 */
export const Code = {
  OK: 0,
  CANCELLED: 1,
  UNKNOWN: 2,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  OUT_OF_RANGE: 11,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  DATA_LOSS: 15,
  UNAUTHENTICATED: 16,
} as const

/** The name of a canonical code. */
export type CodeName = keyof typeof Code

/** Returns whether a value is the name of a canonical code. */
export function isCodeName(value: unknown): value is CodeName {
  return typeof value === 'string' && Object.hasOwn(Code, value)
}

/** Returns the name of a canonical code that is a number or a name; `UNKNOWN` for any other value. */
export function codeNameOf(code: unknown): CodeName {
  if (isCodeName(code)) return code
  return (Object.keys(Code) as CodeName[]).find((name) => Code[name] === code) ?? 'UNKNOWN'
}

/**
 * Returns the canonical code for an HTTP status.
 *
 * Source: the "HTTP Mapping" of google/rpc/code.proto, inverted in the same way as in google-gax, except for the transient
 * 4xx. google-gax returns `FAILED_PRECONDITION` for them, and code.proto states that this code must not be retried.
 */
export function codeNameOfHttp(httpStatus: number): CodeName {
  const codeName = CODE_NAME_OF_HTTP[httpStatus]
  if (codeName !== undefined) return codeName
  if (httpStatus >= 200 && httpStatus < 300) return 'OK'
  if (httpStatus >= 400 && httpStatus < 500)
    return isTransient(httpStatus) ? 'UNAVAILABLE' : 'FAILED_PRECONDITION'
  return httpStatus >= 500 && httpStatus < 600 ? 'INTERNAL' : 'UNKNOWN'
}

const CODE_NAME_OF_HTTP: Readonly<Record<number, CodeName>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  408: 'DEADLINE_EXCEEDED',
  409: 'ABORTED',
  416: 'OUT_OF_RANGE',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

/** Returns whether an HTTP status is transient, regardless of the body. An unknown status of 500 or more is. */
export function isTransient(httpStatus: number): boolean {
  return httpStatus >= 500 ? !PERMANENT.has(httpStatus) : TRANSIENT.has(httpStatus)
}

/** Request Timeout, Misdirected Request, Too Early, and Too Many Requests. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 421, 425, 429])
/** Not Implemented, and HTTP Version Not Supported. */
const PERMANENT: ReadonlySet<number> = new Set([501, 505])
