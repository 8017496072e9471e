import { Code, type CodeName, codeNameOf, codeNameOfHttp, isCodeName } from './code.js'
import { type Detail, decodeDetail, type ErrorInfo } from './error-details.js'
import { isJsonObject, type Json, type JsonObject, objectsIn, textOf } from './json.js'

/** The error of a request or an operation: `google.rpc.Status` with decoded details. */
export interface Status {
  /** The code in the error of an operation. For an HTTP error, the number that belongs to `codeName`. */
  readonly code: number
  /** The name of `code`; `UNKNOWN` if the number has no name. */
  readonly codeName: CodeName
  /** A message for developers, in English. It comes from the server: do not render it as HTML. */
  readonly message: string
  /** All details, in the order of the response. */
  readonly details: readonly Detail[]
  /** All errors, if the body has a list of errors, as Compute Engine and the older format (`$.xgafv=1`) have. */
  readonly errors?: readonly LegacyError[]
}

/** One member of `errors`. `reason` is the code of the error. Members that are not declared here are kept. */
export interface LegacyError {
  readonly message: string
  readonly domain: string
  readonly reason: string
  readonly [more: string]: Json | undefined
}

/**
 * Decodes a `google.rpc.Status`, such as the `error` of an operation. Absent members have defaults.
 *
 * Source: google/rpc/status.proto.
 */
export function decodeStatus(raw: JsonObject): Status {
  const code = toCode(raw.code)
  return { code, codeName: codeNameOf(code), message: toText(raw.message), details: toDetails(raw.details) }
}

/**
 * Decodes the body of an HTTP error, in the current or the older format. The body can also be a bare
 * `google.rpc.Status`, or an array that contains the error. Returns undefined if it contains no error.
 *
 * Source: https://google.aip.dev/193; https://cloud.google.com/apis/docs/system-parameters (`$.xgafv`).
 */
export function decodeHttpError(httpStatus: number, body: unknown): Status | undefined {
  const error = [body].flat().map(errorIn).find(isJsonObject)
  if (error === undefined) return undefined
  const codeName = codeNameIn(error) ?? codeNameOfHttp(httpStatus)
  const message = toText(error.message ?? error.error)
  return statusOf(codeName, message, toDetails(error.details), legacyErrorsIn(error.errors))
}

/** Returns a status with a canonical code. */
export function statusOf(
  codeName: CodeName,
  message: string,
  details: readonly Detail[] = [],
  errors: readonly LegacyError[] = [],
): Status {
  return { code: Code[codeName], codeName, message, details, ...(errors.length > 0 && { errors }) }
}

function errorIn(value: unknown): JsonObject | undefined {
  if (!isJsonObject(value)) return undefined
  if (isJsonObject(value.error)) return value.error
  return isBareStatus(value) ? value : undefined
}

/** Returns the name of the canonical code. In Google's format, `status` is its name, and `code` is the HTTP status. */
function codeNameIn({ status, code }: JsonObject): CodeName | undefined {
  if (isCodeName(status)) return status
  return isErrorCode(code) ? codeNameOf(Number(code)) : undefined
}

/**
 * The members of a `google.rpc.Status` without a container, as gateways in front of gRPC servers send it. Version 1 of
 * grpc-gateway adds `error`, which repeats the message. Envoy omits an empty message.
 *
 * Source: google/rpc/status.proto; https://github.com/grpc-ecosystem/grpc-gateway (`DefaultHTTPErrorHandler`).
 */
const BARE_STATUS: ReadonlySet<string> = new Set(['code', 'message', 'details', 'error'])

/** Returns whether a body is a `google.rpc.Status`. Bodies of other servers contain an HTTP status or other members. */
function isBareStatus(body: JsonObject): boolean {
  const { code, error = null, message = error, details = null } = body
  return (
    isErrorCode(code) &&
    (message === null || typeof message === 'string') &&
    (error === null || error === message) &&
    (details === null || Array.isArray(details)) &&
    Object.keys(body).every((member) => BARE_STATUS.has(member))
  )
}

/** Returns whether a code is from 1 to 16. JSON parsers of protobuf accept a number as a string too. */
function isErrorCode(code: Json | undefined): boolean {
  return /^(?:[1-9]|1[0-6])$/.test(String(code))
}

/** Returns the status for an HTTP error whose body contains no `google.rpc.Status`. */
export function statusOfHttp(httpStatus: number): Status {
  return statusOf(codeNameOfHttp(httpStatus), '')
}

/** Returns the first detail with the given tag, such as `ErrorInfo`. */
export function detailOf<T extends Detail['_tag']>(
  status: Status,
  tag: T,
): Extract<Detail, { readonly _tag: T }> | undefined {
  return status.details.find((detail): detail is Extract<Detail, { readonly _tag: T }> => detail._tag === tag)
}

/** Returns every `reason` in a status, in both error formats. */
export function reasonsOf({ details, errors = [] }: Status): readonly string[] {
  const infos = details.filter((detail): detail is ErrorInfo => detail._tag === 'ErrorInfo')
  return [...infos, ...errors].map(({ reason }) => reason)
}

function toCode(raw: Json | undefined): number {
  const code = typeof raw === 'string' && /^-?\d+$/.test(raw) ? Number(raw) : raw
  return typeof code === 'number' && Number.isSafeInteger(code) ? code : Code.UNKNOWN
}

function toText(raw: Json | undefined): string {
  return typeof raw === 'string' ? raw : ''
}

function toDetails(raw: Json | undefined): readonly Detail[] {
  return [raw ?? []].flat().map(decodeDetail)
}

/**
 * Returns the members of a list of errors. All members are kept, and numbers are formatted. `reason` is the name of the
 * member with the code.
 */
export function legacyErrorsIn(raw: Json | undefined, reason = 'reason'): readonly LegacyError[] {
  return objectsIn(raw).map((error) => ({
    ...error,
    message: textOf(error.message),
    domain: textOf(error.domain),
    reason: textOf(error[reason]),
  }))
}
