import type { RequestOptions } from './request-options.js'
import type { ResumeToken } from './resume-token.js'
import { VERSION } from './version.js'

/** A question to the API, as a value; credentials are not part of it. */
export interface Request {
  readonly method: 'GET'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
}

/**
 * The request for one snapshot of an operation: `GET {endpoint}/{version}/{name}`.
 *
 * Source: the HTTP rule of google.longrunning.Operations.GetOperation;
 * https://cloud.google.com/apis/docs/system-parameters for the parameters.
 */
export const getRequest = ({ name, endpoint, apiVersion }: ResumeToken, options: RequestOptions): Request => {
  const path = `/${apiVersion}/${name.split('/').map(encodeURIComponent).join('/')}`
  const url = new URL(path, endpoint)
  // Names are checked long before; this is the last door before credentials leave.
  if (url.origin !== endpoint || url.pathname !== path) throw new Error('a name led its URL astray')
  if (options.xgafv !== undefined) url.searchParams.set('$.xgafv', options.xgafv)
  if (options.quotaUser !== undefined) url.searchParams.set('quotaUser', options.quotaUser)
  if (options.fields !== undefined) url.searchParams.set('fields', options.fields)
  return {
    method: 'GET',
    url: url.href,
    headers: {
      ...options.headers,
      accept: 'application/json',
      'user-agent': `rx-longrunning/${VERSION} gl-node/${process.versions.node}`,
      ...(options.quotaProject !== undefined && { 'x-goog-user-project': options.quotaProject }),
    },
  }
}
