import { defer, type Observable } from 'rxjs'
import type { Auth } from './credentials.js'

/** Application Default Credentials with their teardown. */
export interface DefaultCredentials {
  readonly auth: Observable<Auth>
  /** Destroys the sockets of token requests. */
  readonly close: () => void
}

/**
 * Loads Application Default Credentials, and google-auth-library with them, at the first subscription.
 *
 * Token requests use their own agents, because google-auth-library has no other way to abort them.
 */
export function defaultCredentials(scopes: readonly string[], requestTimeout: number): DefaultCredentials {
  let agents: readonly { destroy(): void }[] = []
  let isClosed = false
  let loaded: Promise<Auth> | undefined
  const load = async (): Promise<Auth> => {
    const [{ GoogleAuth }, http, https] = await Promise.all([
      import('google-auth-library'),
      import('node:http'),
      import('node:https'),
    ])
    const httpAgent = new http.Agent()
    const httpsAgent = new https.Agent()
    agents = [httpAgent, httpsAgent]
    const agent = ({ protocol }: URL) => {
      // The library retries after a broken connection, and so after close() destroyed it.
      if (isClosed) throw new Error('closed')
      return protocol === 'https:' ? httpsAgent : httpAgent
    }
    const transporterOptions = { timeout: requestTimeout, size: 2 ** 20, agent }
    return new GoogleAuth({ scopes: [...scopes], clientOptions: { transporterOptions } })
  }
  return {
    auth: defer(() => {
      loaded ??= load()
      return loaded
    }),
    close: () => {
      isClosed = true
      for (const agent of agents) agent.destroy()
    },
  }
}
