import { describeType } from '../messages/format-value.js'
import { InvalidOption } from '../messages/invalid-option.js'
import { isJsonObject } from '../model/json.js'

/** What shapes every request of a client. */
export interface RequestOptions {
  /** The format of errors: `1` is the older one. By default the API's own, which is `2`. */
  readonly xgafv?: '1' | '2' | undefined
  /** The project that is billed and whose quota is used, as `X-Goog-User-Project`. */
  readonly quotaProject?: string | undefined
  /** A user, up to 40 characters, to share quota between; sent as `quotaUser`. */
  readonly quotaUser?: string | undefined
  /** A field mask that has `name`, `done` and `error`, such as `name,done,error,response`. */
  readonly fields?: string | undefined
  /** Further headers; credentials have an option of their own. */
  readonly headers?: Readonly<Record<string, string>> | undefined
}

/** Checks the shape of every request at once; throws {@link InvalidOption}. */
export function checkRequestOptions(options: RequestOptions): void {
  const { xgafv, quotaProject, quotaUser, fields, headers = {} } = options
  if (xgafv !== undefined && xgafv !== '1' && xgafv !== '2')
    throw new InvalidOption('xgafv', '"1" or "2"', xgafv)
  if (quotaProject !== undefined && !isHeaderValue(quotaProject))
    throw new InvalidOption('quotaProject', 'the id of a project', quotaProject)
  if (quotaUser !== undefined && !(isHeaderValue(quotaUser) && quotaUser.length <= 40))
    throw new InvalidOption('quotaUser', '1 to 40 characters of printable ASCII', quotaUser)
  if (fields !== undefined && !isWholeMask(fields))
    throw new InvalidOption('fields', 'a mask that has name, done and error', fields)
  if (!isPlain(headers))
    throw new InvalidOption('headers', 'a plain object of names and texts', headers, describeType)
  for (const [name, value] of Object.entries(headers)) {
    // The value may be a secret, so it is not shown.
    if (!/^[!#$%&'*+.^`|~\w-]+$/.test(name) || !isHeaderValue(value))
      throw new InvalidOption('headers', 'names and texts of HTTP headers', name)
    if (OWN_HEADERS.has(name.toLowerCase()))
      throw new InvalidOption('headers', 'other headers than those that the client sets, as by auth', name)
  }
}

const OWN_HEADERS: ReadonlySet<string> = new Set([
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

/** Neither Headers nor a Map: their entries are no members, and would be lost. */
function isPlain(value: unknown): boolean {
  return isJsonObject(value) && [Object.prototype, null].includes(Object.getPrototypeOf(value))
}

const NESTED = /\([^()]*\)/

/** Whether a field mask keeps what the end of an operation is read from, whole: `error(code)` does not. */
function isWholeMask(mask: unknown): boolean {
  if (typeof mask !== 'string') return false
  let flat = mask
  while (NESTED.test(flat)) flat = flat.replace(NESTED, '…')
  const paths = flat.split(',')
  return paths.includes('*') || ['name', 'done', 'error'].every((field) => paths.includes(field))
}
