import { isJsonObject, type Json, type JsonObject } from './json.js'

/** Why an error came, in words that do not change: `reason` within `domain`. */
export interface ErrorInfo {
  readonly _tag: 'ErrorInfo'
  readonly reason: string
  readonly domain: string
  readonly metadata: Readonly<Record<string, string>>
}

/** How long to wait before asking again. */
export interface RetryInfo {
  readonly _tag: 'RetryInfo'
  /** Milliseconds; the API writes seconds, such as `"20s"`. */
  readonly retryDelay: number
}

/** Where in the server an error came from. */
export interface DebugInfo {
  readonly _tag: 'DebugInfo'
  readonly stackEntries: readonly string[]
  readonly detail: string
}

/** Which quotas were used up. */
export interface QuotaFailure {
  readonly _tag: 'QuotaFailure'
  readonly violations: readonly QuotaViolation[]
}

/** One used-up quota; `quotaValue` and `futureQuotaValue` are int64 and stay strings. */
export interface QuotaViolation {
  readonly subject: string
  readonly description: string
  readonly apiService: string
  readonly quotaMetric: string
  readonly quotaId: string
  readonly quotaDimensions: Readonly<Record<string, string>>
  readonly quotaValue: string
  readonly futureQuotaValue: string
}

/** What must be put right before the call can succeed. */
export interface PreconditionFailure {
  readonly _tag: 'PreconditionFailure'
  readonly violations: readonly PreconditionViolation[]
}

/** One condition that did not hold. */
export interface PreconditionViolation {
  readonly type: string
  readonly subject: string
  readonly description: string
}

/** Which fields of the request were wrong. */
export interface BadRequest {
  readonly _tag: 'BadRequest'
  readonly fieldViolations: readonly FieldViolation[]
}

/** One wrong field, by its path in the request. */
export interface FieldViolation {
  readonly field: string
  readonly description: string
  readonly reason: string
  readonly localizedMessage?: { readonly locale: string; readonly message: string }
}

/** What to quote when asking the service's owner about a request. */
export interface RequestInfo {
  readonly _tag: 'RequestInfo'
  readonly requestId: string
  readonly servingData: string
}

/** Which resource the error is about. */
export interface ResourceInfo {
  readonly _tag: 'ResourceInfo'
  readonly resourceType: string
  readonly resourceName: string
  readonly owner: string
  readonly description: string
}

/** Where to read more; the links are the server's, so look before you follow one. */
export interface Help {
  readonly _tag: 'Help'
  readonly links: readonly { readonly description: string; readonly url: string }[]
}

/** A message for a person, in the language `locale` (BCP 47). */
export interface LocalizedMessage {
  readonly _tag: 'LocalizedMessage'
  readonly locale: string
  readonly message: string
}

/** A detail of another type, or one that does not fit its own; `value` is what was sent. */
export interface UnknownDetail {
  readonly _tag: 'UnknownDetail'
  /** The `@type` that was sent, or the empty string. */
  readonly type: string
  readonly value: Json
}

/**
 * A detail of a {@link Status}: the ten types of google.rpc, and all others raw. A known detail keeps
 * whatever else the server put beside the fields named here.
 *
 * Source: google/rpc/error_details.proto, https://google.aip.dev/193.
 */
export type Detail =
  | ErrorInfo
  | RetryInfo
  | DebugInfo
  | QuotaFailure
  | PreconditionFailure
  | BadRequest
  | RequestInfo
  | ResourceInfo
  | Help
  | LocalizedMessage
  | UnknownDetail

/** Reads one member of `Status.details`; what fits no known type comes back as {@link UnknownDetail}. */
export function decodeDetail(raw: Json): Detail {
  const type = isJsonObject(raw) && typeof raw['@type'] === 'string' ? raw['@type'] : ''
  const known = /(?:^|\/)google\.rpc\.(\w+)$/.exec(type)?.[1] ?? ''
  const detail = isJsonObject(raw) && Object.hasOwn(DETAILS, known) ? DETAILS[known]?.(raw) : undefined
  return detail ?? { _tag: 'UnknownDetail', type, value: raw }
}

/**
 * Reads the JSON form of google.protobuf.Duration, such as `"3.5s"`, into milliseconds.
 *
 * Source: google/protobuf/duration.proto.
 */
export function decodeDuration(raw: Json | undefined): number | undefined {
  return typeof raw === 'string' && /^-?\d{1,12}(?:\.\d{1,9})?s$/.test(raw)
    ? Number(raw.slice(0, -1)) * 1000
    : undefined
}

/** Reads one field: an absent one as its proto3 default, undefined where it has another type. */
type Field<A> = (raw: Json | undefined) => A | undefined
type Shape = Readonly<Record<string, Field<unknown>>>
type Shaped<S extends Shape> = { readonly [K in keyof S]: Exclude<ReturnType<S[K]>, undefined> }

const text: Field<string> = (raw = '') => (typeof raw === 'string' ? raw : undefined)
const int64: Field<string> = (raw = '') => (typeof raw === 'number' ? String(raw) : text(raw))
const texts: Field<Readonly<Record<string, string>>> = (raw = {}) =>
  isJsonObject(raw) && Object.values(raw).every((value) => typeof value === 'string')
    ? (raw as Readonly<Record<string, string>>)
    : undefined

/* @__NO_SIDE_EFFECTS__ */
function listOf<A>(item: Field<A>): Field<readonly A[]> {
  return (raw = []) => {
    if (!Array.isArray(raw)) return undefined
    const items = raw.map((one: Json) => item(one)).filter((one) => one !== undefined)
    return items.length === raw.length ? items : undefined
  }
}

/* @__NO_SIDE_EFFECTS__ */
function shape<S extends Shape>(fields: S): Field<Shaped<S>> {
  return (raw) => {
    if (!isJsonObject(raw)) return undefined
    const read = Object.entries(fields).map(([key, field]) => [key, field(raw[key] ?? undefined)] as const)
    if (read.some(([, value]) => value === undefined)) return undefined
    return { ...raw, ...(Object.fromEntries(read) as Shaped<S>) }
  }
}

/* @__NO_SIDE_EFFECTS__ */
function tagged<T extends string, A extends object>(_tag: T, fields: Field<A>) {
  return (raw: JsonObject): ({ readonly _tag: T } & A) | undefined => {
    const read = fields(raw)
    return read && { ...read, _tag }
  }
}

const localized = shape({ locale: text, message: text })
const fieldViolation = shape({ field: text, description: text, reason: text })

const DETAILS: Readonly<Record<string, (raw: JsonObject) => Detail | undefined>> = {
  ErrorInfo: tagged('ErrorInfo', shape({ reason: text, domain: text, metadata: texts })),
  RetryInfo: tagged('RetryInfo', shape({ retryDelay: (raw = '0s') => decodeDuration(raw) })),
  DebugInfo: tagged('DebugInfo', shape({ stackEntries: listOf(text), detail: text })),
  QuotaFailure: tagged(
    'QuotaFailure',
    shape({
      violations: listOf(
        shape({
          subject: text,
          description: text,
          apiService: text,
          quotaMetric: text,
          quotaId: text,
          quotaDimensions: texts,
          quotaValue: int64,
          futureQuotaValue: int64,
        }),
      ),
    }),
  ),
  PreconditionFailure: tagged(
    'PreconditionFailure',
    shape({ violations: listOf(shape({ type: text, subject: text, description: text })) }),
  ),
  BadRequest: tagged(
    'BadRequest',
    shape({
      fieldViolations: listOf((raw) => {
        const violation = fieldViolation(raw)
        const message =
          isJsonObject(raw) && raw.localizedMessage != null ? localized(raw.localizedMessage) : null
        if (violation === undefined || message === undefined) return undefined
        return message === null ? violation : { ...violation, localizedMessage: message }
      }),
    }),
  ),
  RequestInfo: tagged('RequestInfo', shape({ requestId: text, servingData: text })),
  ResourceInfo: tagged(
    'ResourceInfo',
    shape({ resourceType: text, resourceName: text, owner: text, description: text }),
  ),
  Help: tagged('Help', shape({ links: listOf(shape({ description: text, url: text })) })),
  LocalizedMessage: tagged('LocalizedMessage', localized),
}
