import { map } from 'rxjs'
import { redactEchoes, secretsIn, secretsInUrl } from '../messages/redact.js'
import { isLeft } from '../model/either.js'
import type { Transport } from './transport.js'

/**
 * Redacts the query string of the request in every response, and the quota user only in error responses. A server may
 * echo both.
 */
export function withRedaction(quotaUser = ''): (transport: Transport) => Transport {
  const quotaUserSecrets = secretsIn([quotaUser])
  return (transport) => (request) => {
    const secrets = secretsInUrl(request.url)
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
