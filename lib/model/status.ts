import { type Detail, decodeDetail, type ErrorInfo } from './error-details.js'
import { isJsonObject, type Json, type JsonObject } from './json.js'

/**
 * The canonical codes of Google's APIs, by name.
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

/** How a call or an operation failed: `google.rpc.Status`, its details read. */
export interface Status {
  /** The number that was sent, or that `code` stands for. */
  readonly code: number
  /** The name of `code`; `UNKNOWN` where the number has none. */
  readonly codeName: CodeName
  /** For developers, in English; from the server, so do not render it as HTML. */
  readonly message: string
  /** All of them, in the order of the server. */
  readonly details: readonly Detail[]
  /** The errors of the older format (`$.xgafv=1`), where the body has them. */
  readonly errors?: readonly LegacyError[]
}

/** One member of `errors` in the older error format, with all that the server put beside these. */
export interface LegacyError {
  readonly message: string
  readonly domain: string
  readonly reason: string
  readonly [more: string]: Json | undefined
}

/** Reads the `error` of an operation: its `code` is a canonical number. */
export function decodeStatus(raw: JsonObject): Status {
  const code = canonicalNumber(raw.code)
  return { code, codeName: codeName(code), message: textOf(raw.message), details: detailsOf(raw.details) }
}

/**
 * Reads the body of an HTTP error, in either format, on its own or wrapped in an array; undefined where it is none.
 *
 * Source: https://google.aip.dev/193; https://cloud.google.com/apis/docs/system-parameters (`$.xgafv`).
 */
export function decodeHttpError(httpStatus: number, body: unknown): Status | undefined {
  const wrapped: unknown = Array.isArray(body)
    ? body.find((one) => isJsonObject(one) && 'error' in one)
    : body
  const error = isJsonObject(wrapped) ? wrapped.error : undefined
  if (!isJsonObject(error)) return undefined
  const known = typeof error.status === 'string' && Object.hasOwn(Code, error.status)
  const name = known ? (error.status as CodeName) : codeNameOfHttp(httpStatus)
  const errors = legacyErrors(error.errors)
  return {
    code: Code[name],
    codeName: name,
    message: textOf(error.message),
    details: detailsOf(error.details),
    ...(errors.length > 0 && { errors }),
  }
}

/** The status that an HTTP answer without a google.rpc body stands for. */
export function statusOfHttp(httpStatus: number): Status {
  const name = codeNameOfHttp(httpStatus)
  return { code: Code[name], codeName: name, message: '', details: [] }
}

/** The first detail of one type, such as `ErrorInfo`. */
export function detailOf<T extends Detail['_tag']>(
  status: Status,
  tag: T,
): Extract<Detail, { readonly _tag: T }> | undefined {
  return status.details.find((detail): detail is Extract<Detail, { readonly _tag: T }> => detail._tag === tag)
}

/** Whether an HTTP status speaks of something that passes, whatever the body says. */
export function isTransient(httpStatus: number): boolean {
  return TRANSIENT.has(httpStatus)
}

const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

/** Every `reason` that a status gives, of both formats. */
export function reasonsOf(status: Status): readonly string[] {
  return [
    ...status.details
      .filter((detail): detail is ErrorInfo => detail._tag === 'ErrorInfo')
      .map((info) => info.reason),
    ...(status.errors ?? []).map((error) => error.reason),
  ]
}

function codeName(code: number): CodeName {
  return (Object.keys(Code) as CodeName[]).find((name) => Code[name] === code) ?? 'UNKNOWN'
}

/**
 * The code that an HTTP status stands for where the body does not say.
 *
 * Source: google/rpc/code.proto, "HTTP Mapping", read backwards as google-gax does.
 */
function codeNameOfHttp(httpStatus: number): CodeName {
  const exact = HTTP_CODES[httpStatus]
  if (exact !== undefined) return exact
  if (httpStatus >= 200 && httpStatus < 300) return 'OK'
  if (httpStatus >= 400 && httpStatus < 500) return 'FAILED_PRECONDITION'
  return httpStatus >= 500 && httpStatus < 600 ? 'INTERNAL' : 'UNKNOWN'
}

const HTTP_CODES: Readonly<Record<number, CodeName>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  416: 'OUT_OF_RANGE',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

function canonicalNumber(raw: Json | undefined): number {
  const number = typeof raw === 'string' && /^-?\d+$/.test(raw) ? Number(raw) : raw
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : Code.UNKNOWN
}

function textOf(raw: Json | undefined): string {
  return typeof raw === 'string' ? raw : ''
}

function detailsOf(raw: Json | undefined): readonly Detail[] {
  return raw == null ? [] : Array.isArray(raw) ? raw.map(decodeDetail) : [decodeDetail(raw)]
}

function legacyErrors(raw: Json | undefined): readonly LegacyError[] {
  return (Array.isArray(raw) ? (raw as readonly Json[]) : []).filter(isJsonObject).map((error) => ({
    ...error,
    message: textOf(error.message),
    domain: textOf(error.domain),
    reason: textOf(error.reason),
  }))
}
