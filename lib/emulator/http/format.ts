import type { IncomingHttpHeaders } from 'node:http'
import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'

/** The format of a response. The query of the request selects it. */
export interface Format {
  /** Whether JSON has an indent of two spaces and a final newline. False for `prettyPrint=false`. */
  readonly pretty: boolean
  /** Whether error bodies also have the member `errors`. True for `$.xgafv=1`. */
  readonly legacyErrors: boolean
  /** Whether error bodies have no member `status`, as those of Compute Engine. @defaultValue false */
  readonly omitsStatus?: boolean
  /** Whether enum values are numbers. True for `$alt=json;enum-encoding=int`. */
  readonly enumNumbers: boolean
  /** The mask of the members of the response, such as `name,done`. An empty mask selects all. */
  readonly fields: string
}

/** The decoded query parameters of a request. A repeated parameter has the last of its values. */
export type Query = Readonly<Record<string, string>>

/** The headers of a request by lower-case name; repeated headers are joined with commas. */
export type SeenHeaders = Readonly<Record<string, string | undefined>>

/** Converts the headers of a Node.js request. Joins the values of `set-cookie`, the only header that is a list. */
export function joinedHeaders(headers: IncomingHttpHeaders): SeenHeaders {
  const entries = Object.entries(headers).map(([name, value]) => [name, value && [value].flat().join(', ')])
  return Object.fromEntries(entries)
}

/** Parses the text after the `?` of a URL. */
export function parseQuery(text: string): Query {
  return Object.fromEntries(new URLSearchParams(text))
}

/**
 * Reads the format from the system parameters. The name of a parameter may begin with `$`.
 *
 * Source: https://cloud.google.com/apis/docs/system-parameters
 */
export function readFormat(query: Query): Format {
  const alt = query.$alt ?? query.alt ?? 'json'
  return {
    pretty: readBoolean(query.$prettyPrint ?? query.prettyPrint, true),
    legacyErrors: query['$.xgafv'] === '1',
    enumNumbers: alt.split(';').includes('enum-encoding=int'),
    fields: query.$fields ?? query.fields ?? '',
  }
}

/** Reads a boolean query parameter: `true`, `1`, `false` or `0`. Returns the default for any other text. */
export function readBoolean(text: string | undefined, defaultValue: boolean): boolean {
  if (text === 'true' || text === '1') return true
  if (text === 'false' || text === '0') return false
  return defaultValue
}

/** The numbers of the enum values of each member. */
export type Enums = Readonly<Record<string, ReadonlyMap<string, number>>>

/** Returns the numbers of enum values that are separated by blanks, from 0. */
export function enumNumbers(names: string): ReadonlyMap<string, number> {
  return new Map(names.split(/\s+/).map((name, number) => [name, number]))
}

const PURPOSES = enumNumbers('PURPOSE_UNSPECIFIED GCE_FIREWALL DATA_GOVERNANCE')
/** The enums of Resource Manager. */
const ENUMS: Enums = {
  state: enumNumbers('STATE_UNSPECIFIED ACTIVE DELETE_REQUESTED'),
  lifecycleState: enumNumbers('LIFECYCLE_STATE_UNSPECIFIED ACTIVE DELETE_REQUESTED DELETE_IN_PROGRESS'),
  operationType: enumNumbers('OPERATION_TYPE_UNSPECIFIED CREATE MOVE'),
  purpose: PURPOSES,
  types: enumNumbers('TYPE_UNSPECIFIED APP_MANAGEMENT AGENT_MANAGEMENT'),
}

/** Returns the name of a purpose; undefined for an unknown number, and for 0, which means unspecified. */
export function purposeName(number: number): string | undefined {
  return number === 0 ? undefined : [...PURPOSES.keys()][number]
}

/** Formats a resource, an operation or a page. Its enum values are numbers if the format requires it. */
export function formatEnums(body: JsonObject, format: Format, enums: Enums = ENUMS): JsonObject {
  if (!format.enumNumbers) return body
  const members = Object.entries(body).map(([name, value]) => [name, formatMember(name, value)])
  return Object.fromEntries(members)

  function formatMember(name: string, value: Json): Json {
    if (Array.isArray(value))
      return value.map((item: Json) => {
        return isJsonObject(item) ? formatEnums(item, format, enums) : formatMember(name, item)
      })
    const numbers = Object.hasOwn(enums, name) ? enums[name] : undefined
    return numbers?.get(String(value)) ?? value
  }
}

// The package name of v1 has no dot after `cloud`.
const RESOURCE_TYPE =
  /\/google\.cloud(\.)?resourcemanager\.v\d+\.(Project|Folder|FolderOperation|TagKey|CapabilityConfig)$/

/** Formats a google.protobuf.Any: the metadata or response of an operation. Changes only Resource Manager types. */
export function formatAny(any: Json, format: Format): Json {
  return isJsonObject(any) && RESOURCE_TYPE.test(String(any['@type'])) ? formatEnums(any, format) : any
}
