import { isJsonObject, type Json, type JsonObject } from './json-text.js'

/** How an answer is written, as the query of its request asks. */
export interface Format {
  /** Two-space JSON with a last newline; `prettyPrint=false` makes it compact. */
  readonly pretty: boolean
  /** Error bodies carry `errors` too: `$.xgafv=1`. */
  readonly legacyErrors: boolean
  /** Enum values are numbers: `$alt=json;enum-encoding=int`. */
  readonly enumNumbers: boolean
}

/** The query parameters of a request, decoded; of a repeated one the last value. */
export type Query = Readonly<Record<string, string>>

/** The headers of a request, by lower-case names; what came in several lines is one text, with commas. */
export type SeenHeaders = Readonly<Record<string, string | undefined>>

/** Reads what Node makes of headers, of which `set-cookie` alone is a list. */
export function seenHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): SeenHeaders {
  const text = ([name, value]: [string, string | readonly string[] | undefined]) =>
    [name, typeof value === 'object' ? value.join(', ') : value] as const
  return Object.fromEntries(Object.entries(headers).map(text))
}

/** Reads the raw text after the `?`; names and values may come raw or percent-encoded. */
export function queryOf(text: string): Query {
  return Object.fromEntries(new URLSearchParams(text))
}

/**
 * Reads the system parameters, each by its plain name or with a `$` before it.
 *
 * Source: https://cloud.google.com/apis/docs/system-parameters
 */
export function formatOf(query: Query): Format {
  const alt = query.$alt ?? query.alt ?? 'json'
  return {
    pretty: readBoolean(query.$prettyPrint ?? query.prettyPrint, true),
    legacyErrors: query['$.xgafv'] === '1',
    enumNumbers: alt.split(';').includes('enum-encoding=int'),
  }
}

/** A boolean query parameter: `true`, `1`, `false` or `0`; any other text leaves the default. */
export function readBoolean(text: string | undefined, byDefault: boolean): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return byDefault
}

const ENUM_NUMBERS: ReadonlyMap<string, ReadonlyMap<Json, number>> = new Map([
  ['state', enumOf('STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED')],
  [
    'lifecycleState',
    enumOf('LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS'),
  ],
  ['operationType', enumOf('OPERATION_TYPE_UNSPECIFIED', 'CREATE', 'MOVE')],
  ['purpose', enumOf('PURPOSE_UNSPECIFIED', 'GCE_FIREWALL', 'DATA_GOVERNANCE')],
])

function enumOf(...names: readonly string[]): ReadonlyMap<Json, number> {
  return new Map(names.map((name, number) => [name, number]))
}

/** The name of an enum value that came as a number; undefined for 0, the unspecified, and for one that there is not. */
export function enumName(member: string, number: number): string | undefined {
  const names = [...(ENUM_NUMBERS.get(member)?.keys() ?? [])]
  const name = number === 0 ? undefined : names[number]
  return typeof name === 'string' ? name : undefined
}

/** A Resource Manager resource, its enums as numbers where the format asks for that. */
export function formatResource(resource: JsonObject, format: Format): JsonObject {
  if (!format.enumNumbers) return resource
  const members = Object.entries(resource).map(([name, value]): [string, Json] => {
    return [name, ENUM_NUMBERS.get(name)?.get(value) ?? value]
  })
  return Object.fromEntries(members)
}

const RESOURCE_TYPE = /\/google\.cloud(\.)?resourcemanager\.v\d+\.(Project|Folder|FolderOperation|TagKey)$/

/** What an operation carries, written as the format asks if it is a Resource Manager resource. */
export function formatAny(any: Json, format: Format): Json {
  const type = isJsonObject(any) ? any['@type'] : undefined
  return isJsonObject(any) && typeof type === 'string' && RESOURCE_TYPE.test(type)
    ? formatResource(any, format)
    : any
}
