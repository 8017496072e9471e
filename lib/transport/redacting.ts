import { map } from 'rxjs'
import { redactEchoes, secretsIn, secretsInUrl } from '../messages/redact.js'
import { isLeft } from '../model/either.js'
import type { Transport } from './transport.js'

/** Redacts the query string of a request, and the quota user in error responses, if the server echoes them. */
export function withRedaction(quotaUser = ''): (transport: Transport) => Transport {
  const quotaUserSecrets = secretsIn([quotaUser])
  return (transport) => (request) => {
    const secrets = secretsInUrl(request.url)
    const result = transport(request)
    if (secrets.length === 0) return result
    // In an operation itself, the text of the quota user can be an ordinary value, such as a project ID.
    const errorSecrets = [...secrets, ...quotaUserSecrets]
    return result.pipe(
      map((outcome) => {
        const isError = isLeft(outcome) || outcome.right.httpStatus >= 300
        return redactEchoes(outcome, isError ? errorSecrets : secrets)
      }),
    )
  }
}
