import { defer, type Observable } from 'rxjs'
import type { Auth } from './credentials.js'
import { importAuthLibrary } from './metadata-server.js'

/** Application Default Credentials and their teardown. */
export interface DefaultCredentials {
  readonly auth: Observable<Auth>
  /** Destroys the sockets of token requests. */
  readonly close: () => void
}

/**
 * Imports google-auth-library and loads Application Default Credentials at the first subscription.
 *
 * Token requests use their own agents, because google-auth-library has no other way to abort its requests.
 */
export function defaultCredentials(scopes: readonly string[], requestTimeout: number): DefaultCredentials {
  let agents: readonly { destroy(): void }[] = []
  let isClosed = false
  let loadedAuth: Promise<Auth> | undefined
  const loadAuth = async (): Promise<Auth> => {
    const [{ GoogleAuth }, http, https] = await Promise.all([
      importAuthLibrary(),
      import('node:http'),
      import('node:https'),
    ])
    const httpAgent = new http.Agent()
    const httpsAgent = new https.Agent()
    agents = [httpAgent, httpsAgent]
    const agent = ({ protocol }: URL) => {
      // google-auth-library retries a request whose connection breaks, even after close() has destroyed the connection.
      if (isClosed) throw new Error('closed')
      return protocol === 'https:' ? httpsAgent : httpAgent
    }
    // `size` limits the body of a token response to 1 MiB.
    const transporterOptions = { timeout: requestTimeout, size: 2 ** 20, agent }
    // Without a project, google-auth-library runs gcloud and sends requests to find one, although none is needed here.
    const projectId = 'none'
    return new GoogleAuth({ scopes: [...scopes], projectId, clientOptions: { transporterOptions } })
  }
  return {
    auth: defer(() => {
      loadedAuth ??= loadAuth()
      return loadedAuth
    }),
    close: () => {
      isClosed = true
      for (const agent of agents) agent.destroy()
    },
  }
}
