import { isJsonObject, type Json } from './json.js'

/** The machine-readable cause of an error: `reason` is unique within `domain`. */
export interface ErrorInfo {
  readonly _tag: 'ErrorInfo'
  readonly reason: string
  readonly domain: string
  readonly metadata: Readonly<Record<string, string>>
}

/** The minimum delay before a retry. */
export interface RetryInfo {
  readonly _tag: 'RetryInfo'
  /** Milliseconds; the API sends seconds, such as `"20s"`. */
  readonly retryDelay: number
}

/** Debugging information of the server. */
export interface DebugInfo {
  readonly _tag: 'DebugInfo'
  readonly stackEntries: readonly string[]
  readonly detail: string
}

/** The quotas that were exceeded. */
export interface QuotaFailure {
  readonly _tag: 'QuotaFailure'
  readonly violations: readonly QuotaViolation[]
}

/** One exceeded quota. `quotaValue` and `futureQuotaValue` are int64 values, and are decoded as strings. */
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

/** The preconditions that were not met. */
export interface PreconditionFailure {
  readonly _tag: 'PreconditionFailure'
  readonly violations: readonly PreconditionViolation[]
}

/** One precondition that was not met. */
export interface PreconditionViolation {
  readonly type: string
  readonly subject: string
  readonly description: string
}

/** The invalid fields of the request. */
export interface BadRequest {
  readonly _tag: 'BadRequest'
  readonly fieldViolations: readonly FieldViolation[]
}

/** One invalid field; `field` is its path in the request. */
export interface FieldViolation {
  readonly field: string
  readonly description: string
  readonly reason: string
  readonly localizedMessage?: { readonly locale: string; readonly message: string }
}

/** Identifiers of the request, for a support case with the service. */
export interface RequestInfo {
  readonly _tag: 'RequestInfo'
  readonly requestId: string
  readonly servingData: string
}

/** The resource that the error concerns. */
export interface ResourceInfo {
  readonly _tag: 'ResourceInfo'
  readonly resourceType: string
  readonly resourceName: string
  readonly owner: string
  readonly description: string
}

/** Links to documentation. They come from the server: check a URL before you open it. */
export interface Help {
  readonly _tag: 'Help'
  readonly links: readonly { readonly description: string; readonly url: string }[]
}

/** A message for end users, in the language `locale` (BCP 47). */
export interface LocalizedMessage {
  readonly _tag: 'LocalizedMessage'
  readonly locale: string
  readonly message: string
}

/** A detail of an unknown type, or a detail with an invalid field. `value` is the original JSON. */
export interface UnknownDetail {
  readonly _tag: 'UnknownDetail'
  /** The `@type` of the detail, or the empty string. */
  readonly type: string
  readonly value: Json
}

/**
 * A detail of a {@link Status}: one of ten types of google.rpc, or an {@link UnknownDetail}. A detail of a known type
 * also keeps members that its interface does not declare.
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

/** Decodes a member of `Status.details`: an {@link UnknownDetail} if its type is unknown or a field is invalid. */
export function decodeDetail(raw: Json): Detail {
  const type = isJsonObject(raw) && typeof raw['@type'] === 'string' ? raw['@type'] : ''
  const tag = /(?:^|\/)google\.rpc\.(\w+)$/.exec(type)?.[1] ?? ''
  const fields = Object.hasOwn(DECODERS, tag) ? DECODERS[tag as keyof typeof DECODERS](raw) : undefined
  return fields ? ({ ...fields, _tag: tag } as Detail) : { _tag: 'UnknownDetail', type, value: raw }
}

/**
 * Decodes the JSON form of google.protobuf.Duration, such as `"3.5s"`, into milliseconds. Returns undefined if it is
 * invalid.
 *
 * Source: google/protobuf/duration.proto.
 */
export function decodeDuration(raw: Json | undefined): number | undefined {
  return typeof raw === 'string' && /^-?\d{1,12}(?:\.\d{1,9})?s$/.test(raw)
    ? Number(raw.slice(0, -1)) * 1000
    : undefined
}

/**
 * A decoder of one field. Returns the proto3 default if the field is absent. The default of a message is undefined. For any
 * other value, undefined means that the value has a wrong type.
 */
type Field<A> = (raw: Json | undefined) => A | undefined

const string: Field<string> = (raw = '') => (typeof raw === 'string' ? raw : undefined)
const int64: Field<string> = (raw = '') => (typeof raw === 'number' ? String(raw) : string(raw))
const stringMap: Field<Readonly<Record<string, string>>> = (raw = {}) =>
  isJsonObject(raw) && Object.values(raw).every((value) => typeof value === 'string')
    ? (raw as Readonly<Record<string, string>>)
    : undefined

/* @__NO_SIDE_EFFECTS__ */
function listOf<A>(element: Field<A>): Field<readonly A[]> {
  return (raw = []) => {
    if (!Array.isArray(raw)) return undefined
    const elements = raw.map((value: Json) => element(value))
    return elements.includes(undefined) ? undefined : (elements as readonly A[])
  }
}

/* @__NO_SIDE_EFFECTS__ */
function objectOf<A extends object>(fields: { readonly [K in keyof A]: Field<A[K]> }): Field<A> {
  return (raw) => {
    if (!isJsonObject(raw)) return undefined
    const decoded: Record<string, unknown> = { ...raw }
    for (const [key, field] of Object.entries<Field<unknown>>(fields)) {
      const value = field(raw[key] ?? undefined)
      if (value !== undefined) decoded[key] = value
      else if (raw[key] != null) return undefined
    }
    return decoded as A
  }
}

const localizedMessage = objectOf({ locale: string, message: string })
const fieldViolation = objectOf({ field: string, description: string, reason: string, localizedMessage })
const quotaViolation = objectOf({
  subject: string,
  description: string,
  apiService: string,
  quotaMetric: string,
  quotaId: string,
  quotaDimensions: stringMap,
  quotaValue: int64,
  futureQuotaValue: int64,
})

const DECODERS: {
  readonly [D in Exclude<Detail, UnknownDetail> as D['_tag']]: Field<Omit<D, '_tag'>>
} = {
  ErrorInfo: objectOf({ reason: string, domain: string, metadata: stringMap }),
  RetryInfo: objectOf({ retryDelay: (raw = '0s') => decodeDuration(raw) }),
  DebugInfo: objectOf({ stackEntries: listOf(string), detail: string }),
  QuotaFailure: objectOf({ violations: listOf(quotaViolation) }),
  PreconditionFailure: objectOf({
    violations: listOf(objectOf({ type: string, subject: string, description: string })),
  }),
  BadRequest: objectOf({ fieldViolations: listOf(fieldViolation) }),
  RequestInfo: objectOf({ requestId: string, servingData: string }),
  ResourceInfo: objectOf({ resourceType: string, resourceName: string, owner: string, description: string }),
  Help: objectOf({ links: listOf(objectOf({ description: string, url: string })) }),
  LocalizedMessage: localizedMessage,
}
