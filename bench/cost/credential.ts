import { OAuth2Client } from 'google-auth-library'
import { TOKEN } from './contender.ts'

/** A token that holds: it costs what google-auth-library needs to hand it out. */
export function credential(): OAuth2Client {
  const client = new OAuth2Client()
  client.setCredentials({ access_token: TOKEN })
  return client
}
