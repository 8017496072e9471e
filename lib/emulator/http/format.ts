import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'

/** The format of a response, which the query of its request selects. */
export interface Format {
  /** Two-space JSON with a final newline; `prettyPrint=false` makes it compact. */
  readonly pretty: boolean
  /** Error bodies also have `errors`: `$.xgafv=1`. */
  readonly legacyErrors: boolean
  /** Enum values are numbers: `$alt=json;enum-encoding=int`. */
  readonly enumNumbers: boolean
}

/** The decoded query parameters of a request; a repeated parameter has its last value. */
export type Query = Readonly<Record<string, string>>

/** The headers of a request by lower-case name; repeated headers are joined with commas. */
export type SeenHeaders = Readonly<Record<string, string | undefined>>

/** Converts the headers of a Node.js request. Joins `set-cookie`, the only header that is a list. */
export function seenHeaders(
  headers: Readonly<Record<string, string | readonly string[] | undefined>>,
): SeenHeaders {
  const entries = Object.entries(headers).map(([name, value]) => {
    return [name, typeof value === 'object' ? value.join(', ') : value] as const
  })
  return Object.fromEntries(entries)
}

/** Parses the text after the `?`; names and values may be raw or percent-encoded. */
export function parseQuery(text: string): Query {
  return Object.fromEntries(new URLSearchParams(text))
}

/**
 * Reads the system parameters, each with or without a leading `$`.
 *
 * Source: https://cloud.google.com/apis/docs/system-parameters
 */
export function readFormat(query: Query): Format {
  const alt = query.$alt ?? query.alt ?? 'json'
  return {
    pretty: readBoolean(query.$prettyPrint ?? query.prettyPrint, true),
    legacyErrors: query['$.xgafv'] === '1',
    enumNumbers: alt.split(';').includes('enum-encoding=int'),
  }
}

/** Reads a boolean query parameter: `true`, `1`, `false` or `0`. Returns the default for any other text. */
export function readBoolean(text: string | undefined, byDefault: boolean): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return byDefault
}

/** The values of each enum by its field, in the order of their numbers. */
const ENUMS: ReadonlyMap<string, readonly Json[]> = new Map([
  ['state', ['STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED']],
  ['lifecycleState', ['LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS']],
  ['operationType', ['OPERATION_TYPE_UNSPECIFIED', 'CREATE', 'MOVE']],
  ['purpose', ['PURPOSE_UNSPECIFIED', 'GCE_FIREWALL', 'DATA_GOVERNANCE']],
])

/** Returns the name of an enum value; undefined for 0, which is unspecified, and for unknown numbers. */
export function enumName(field: string, number: number): string | undefined {
  const name = number === 0 ? undefined : ENUMS.get(field)?.[number]
  return typeof name === 'string' ? name : undefined
}

/** Formats a Resource Manager resource, with its enums as numbers if the format requires it. */
export function formatResource(resource: JsonObject, format: Format): JsonObject {
  if (!format.enumNumbers) return resource
  const members = Object.entries(resource).map(([name, value]): [string, Json] => {
    const number = ENUMS.get(name)?.indexOf(value) ?? -1
    return [name, number === -1 ? value : number]
  })
  return Object.fromEntries(members)
}

const RESOURCE_TYPE = /\/google\.cloud(\.)?resourcemanager\.v\d+\.(Project|Folder|FolderOperation|TagKey)$/

/** Formats the metadata or response of an operation, if it is a Resource Manager resource. */
export function formatAny(any: Json, format: Format): Json {
  return isJsonObject(any) && RESOURCE_TYPE.test(String(any['@type'])) ? formatResource(any, format) : any
}
