import { OAuth2Client } from 'google-auth-library'
import { TOKEN } from './contender.ts'

/** Returns a google-auth-library client with a valid token, so that a poll includes only the cost of its lookup. */
export function credential(): OAuth2Client {
  const client = new OAuth2Client()
  client.setCredentials({ access_token: TOKEN })
  return client
}
