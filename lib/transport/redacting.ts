import { map } from 'rxjs'
import { redactEchoes, secretsIn, secretsInHeaders, secretsInUrl } from '../messages/redact.js'
import { isLeft } from '../model/either.js'
import type { RequestOptions } from '../wire/request-options.js'
import type { Transport } from './transport.js'

/**
 * Redacts the query string of the request and the values of the option `headers` in every response, because a server may
 * echo them. Redacts the quota user only in error responses.
 */
export function withRedaction(options: RequestOptions): (transport: Transport) => Transport {
  const quotaUserSecrets = secretsIn([options.quotaUser ?? ''])
  const headerSecrets = secretsInHeaders(options.headers ?? {})
  return (transport) => (request) => {
    const secrets = [...headerSecrets, ...secretsInUrl(request.url)]
    const results = transport(request)
    if (secrets.length === 0) return results
    // The quota user may equal an ordinary value of a successful response, such as a project ID.
    const errorSecrets = [...secrets, ...quotaUserSecrets]
    return results.pipe(
      map((result) => {
        const isError = isLeft(result) || result.right.httpStatus >= 300
        return redactEchoes(result, isError ? errorSecrets : secrets)
      }),
    )
  }
}
