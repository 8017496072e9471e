import { map } from 'rxjs'
import { redactEchoes, secretsIn, secretsInHeaders, secretsInUrl } from '../messages/redact.js'
import { isLeft } from '../model/either.js'
import type { RequestOptions } from '../wire/request-options.js'
import type { Transport } from './transport.js'

/**
 * Redacts the query string of the request and the values of the option `headers` in every response, and the quota user
 * only in error responses. A server may echo them.
 */
export function withRedaction(options: RequestOptions): (transport: Transport) => Transport {
  const quotaUserSecrets = secretsIn([options.quotaUser ?? ''])
  const headerSecrets = secretsInHeaders(options.headers ?? {})
  return (transport) => (request) => {
    const secrets = [...headerSecrets, ...secretsInUrl(request.url)]
    const result = transport(request)
    if (secrets.length === 0) return result
    // Other responses keep the quota user, because it may equal an ordinary value, such as a project ID.
    const errorSecrets = [...secrets, ...quotaUserSecrets]
    return result.pipe(
      map((received) => {
        const isError = isLeft(received) || received.right.httpStatus >= 300
        return redactEchoes(received, isError ? errorSecrets : secrets)
      }),
    )
  }
}
