import { defer, type Observable } from 'rxjs'
import type { Auth } from './credentials.js'

/** Credentials of our own, and how to let go of what they have under way. */
export interface DefaultCredentials {
  readonly auth: Observable<Auth>
  readonly close: () => void
}

/**
 * Application Default Credentials with the scopes given; google-auth-library is imported on first use. Its requests go
 * over agents of our own, for nothing else can call them back.
 */
export function defaultCredentials(scopes: readonly string[], requestTimeout: number): DefaultCredentials {
  let agents: readonly { destroy(): void }[] = []
  let isClosed = false
  let loading: Promise<Auth> | undefined
  const load = async (): Promise<Auth> => {
    const [{ GoogleAuth }, http, https] = await Promise.all([
      import('google-auth-library'),
      import('node:http'),
      import('node:https'),
    ])
    const plain = new http.Agent()
    const secure = new https.Agent()
    agents = [plain, secure]
    const agent = ({ protocol }: URL) => {
      // The library asks again when a connection breaks, and so when we break it.
      if (isClosed) throw new Error('closed')
      return protocol === 'https:' ? secure : plain
    }
    const transporterOptions = { timeout: requestTimeout, size: 2 ** 20, agent }
    return new GoogleAuth({ scopes: [...scopes], clientOptions: { transporterOptions } })
  }
  return {
    auth: defer(() => {
      loading ??= load()
      return loading
    }),
    close: () => {
      isClosed = true
      for (const agent of agents) agent.destroy()
    },
  }
}
