import { type Detail, decodeDetail, type ErrorInfo } from './error-details.js'
import { isJsonObject, type Json, type JsonObject } from './json.js'

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

/** The error of a request or an operation: `google.rpc.Status` with decoded details. */
export interface Status {
  /** The code in the error of an operation. For an HTTP error, the number of `codeName`. */
  readonly code: number
  /** The name of `code`; `UNKNOWN` if the number has no name. */
  readonly codeName: CodeName
  /** A message for developers, in English. It comes from the server: do not render it as HTML. */
  readonly message: string
  /** All details, in the order of the response. */
  readonly details: readonly Detail[]
  /** The errors of the older format (`$.xgafv=1`), if the body has any. */
  readonly errors?: readonly LegacyError[]
}

/** One member of `errors` in the older error format. Members that are not declared here are kept. */
export interface LegacyError {
  readonly message: string
  readonly domain: string
  readonly reason: string
  readonly [more: string]: Json | undefined
}

/** Decodes the `error` of an operation, which has a canonical `code`. */
export function decodeStatus(raw: JsonObject): Status {
  const code = toCode(raw.code)
  return { code, codeName: codeNameOf(code), message: toText(raw.message), details: toDetails(raw.details) }
}

/**
 * Decodes the body of an HTTP error, in the current or the older format. The body can also be an array that contains
 * the error. Returns undefined if the body contains no error.
 *
 * Source: https://google.aip.dev/193; https://cloud.google.com/apis/docs/system-parameters (`$.xgafv`).
 */
export function decodeHttpError(httpStatus: number, body: unknown): Status | undefined {
  const container: unknown = Array.isArray(body)
    ? body.find((member) => isJsonObject(member) && 'error' in member)
    : body
  const error = isJsonObject(container) ? container.error : undefined
  if (!isJsonObject(error)) return undefined
  const hasCodeName = typeof error.status === 'string' && Object.hasOwn(Code, error.status)
  const codeName = hasCodeName ? (error.status as CodeName) : codeNameOfHttp(httpStatus)
  const errors = toLegacyErrors(error.errors)
  return {
    code: Code[codeName],
    codeName,
    message: toText(error.message),
    details: toDetails(error.details),
    ...(errors.length > 0 && { errors }),
  }
}

/** Returns the status for an HTTP error whose body contains no `google.rpc.Status`. */
export function statusOfHttp(httpStatus: number): Status {
  const codeName = codeNameOfHttp(httpStatus)
  return { code: Code[codeName], codeName, message: '', details: [] }
}

/** Returns the first detail with the given tag, such as `ErrorInfo`. */
export function detailOf<T extends Detail['_tag']>(
  status: Status,
  tag: T,
): Extract<Detail, { readonly _tag: T }> | undefined {
  return status.details.find((detail): detail is Extract<Detail, { readonly _tag: T }> => detail._tag === tag)
}

/** Returns whether an HTTP status is transient, regardless of the body. */
export function isTransient(httpStatus: number): boolean {
  return TRANSIENT.has(httpStatus)
}

const TRANSIENT: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504])

/** Returns every `reason` in a status, in both error formats. */
export function reasonsOf({ details, errors = [] }: Status): readonly string[] {
  const infos = details.filter((detail): detail is ErrorInfo => detail._tag === 'ErrorInfo')
  return [...infos, ...errors].map(({ reason }) => reason)
}

function codeNameOf(code: number): CodeName {
  return (Object.keys(Code) as CodeName[]).find((name) => Code[name] === code) ?? 'UNKNOWN'
}

/**
 * Returns the canonical code for an HTTP status.
 *
 * Source: the "HTTP Mapping" of google/rpc/code.proto, inverted in the same way as in google-gax.
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

function toCode(raw: Json | undefined): number {
  const code = typeof raw === 'string' && /^-?\d+$/.test(raw) ? Number(raw) : raw
  return typeof code === 'number' && Number.isSafeInteger(code) ? code : Code.UNKNOWN
}

function toText(raw: Json | undefined): string {
  return typeof raw === 'string' ? raw : ''
}

function toDetails(raw: Json | undefined): readonly Detail[] {
  return (Array.isArray(raw) ? raw : raw == null ? [] : [raw]).map(decodeDetail)
}

function toLegacyErrors(raw: Json | undefined): readonly LegacyError[] {
  return (Array.isArray(raw) ? (raw as readonly Json[]) : []).filter(isJsonObject).map((error) => ({
    ...error,
    message: toText(error.message),
    domain: toText(error.domain),
    reason: toText(error.reason),
  }))
}
