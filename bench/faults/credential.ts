import { OAuth2Client } from 'google-auth-library'
import type { Token } from './library.ts'

/** Returns a credential for Google's libraries. If the token changes, it has a refresh handler as in their documentation. */
export function credentialOf(token: Token): OAuth2Client {
  const client = new OAuth2Client()
  client.setCredentials({ access_token: typeof token === 'string' ? token : token() })
  if (typeof token === 'function')
    client.refreshHandler = async () => ({ access_token: token(), expiry_date: Date.now() + 3_600_000 })
  return client
}
