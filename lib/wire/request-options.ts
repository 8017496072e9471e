import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isPlainObject } from '../model/json.js'
import type { OperationProtocol } from './protocol.js'

/** Options of every request of a client. */
export interface RequestOptions {
  /** The error format. `1` is the older format. @defaultValue the format of the API, which is `2` */
  readonly xgafv?: '1' | '2' | undefined
  /** The project for billing and quota, sent as `X-Goog-User-Project`. */
  readonly quotaProject?: string | undefined
  /** A user for per-user quota, 1 to 40 characters of printable ASCII, sent as `quotaUser`. */
  readonly quotaUser?: string | undefined
  /**
   * A field mask, such as `name,done,error,response`. It must contain the members that the protocol reads: `name`, `done`
   * and `error` for google.longrunning.
   */
  readonly fields?: string | undefined
  /**
   * Additional headers of each request. If a response repeats the value of a header, the value is redacted. Credentials are
   * set with `auth` or `apiKey`.
   */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Validates the options of requests. Throws {@link InvalidOption}. */
export function checkRequestOptions(
  options: RequestOptions,
  { requiredFields }: Pick<OperationProtocol, 'requiredFields'>,
): void {
  const { xgafv, quotaProject, quotaUser, fields, headers = {} } = options
  if (xgafv !== undefined && xgafv !== '1' && xgafv !== '2')
    throw new InvalidOption('xgafv', '"1" or "2"', xgafv)
  if (quotaProject !== undefined && !isHeaderValue(quotaProject))
    throw new InvalidOption('quotaProject', 'a project ID', quotaProject)
  if (quotaUser !== undefined && !(isHeaderValue(quotaUser) && quotaUser.length <= 40))
    throw new InvalidOption('quotaUser', '1 to 40 characters of printable ASCII', quotaUser)
  if (fields !== undefined && !isValidMask(fields, requiredFields))
    throw new InvalidOption('fields', `a field mask${requirement(requiredFields)}`, fields)
  const expected = 'a plain object that maps header names to strings'
  if (!isPlainObject(headers)) throw new InvalidOption('headers', expected, headers, describeType)
  for (const [name, value] of Object.entries(headers)) {
    // The messages contain only the name, because the value may be a secret.
    if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name) || !isHeaderValue(value))
      throw new InvalidOption('headers', 'valid HTTP header names and values', name)
    if (CLIENT_HEADERS.has(name.toLowerCase()))
      throw new InvalidOption('headers', 'different from the headers that the client sets', name)
  }
}

/** The headers that only the client sets, by lower-case name. */
const CLIENT_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'authorization',
  'connection',
  'content-length',
  'content-type',
  'cookie',
  'host',
  'proxy-authorization',
  'transfer-encoding',
  'user-agent',
  'x-goog-api-key',
  'x-goog-fieldmask',
  'x-goog-user-project',
  'x-http-method-override',
])

function isHeaderValue(value: unknown): boolean {
  return typeof value === 'string' && /^[\x20-\x7e]+$/.test(value)
}

/** Returns whether a field mask contains the fields completely. For `error`, `error(code)` is not sufficient. */
function isValidMask(mask: unknown, requiredFields: readonly string[]): boolean {
  if (typeof mask !== 'string') return false
  let depth = 0
  const flatMask = mask.replace(/[()]|[^()]+/g, (part) => {
    depth += Number(part === '(') - Number(part === ')')
    return depth === 0 && part !== ')' ? part : '…'
  })
  const paths = flatMask.split(',')
  return paths.includes('*') || requiredFields.every((field) => paths.includes(field))
}

function requirement(fields: readonly string[]): string {
  // British English has no comma before "and".
  return fields.length === 0 ? '' : ` that contains ${new Intl.ListFormat('en-GB').format(fields)}`
}
