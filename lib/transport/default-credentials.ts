import { defer, type Observable, shareReplay } from 'rxjs'
import type { Auth } from './credentials.js'
import { importAuthLibrary, sendMetadataRequestsDirectly } from './metadata-server.js'
import type { ProxyOption } from './proxy.js'
import { type Agents, createAgents } from './sockets.js'

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
export function defaultCredentials(
  scopes: readonly string[],
  requestTimeout: number,
  proxy?: ProxyOption,
): DefaultCredentials {
  let agents: Agents | undefined
  let isClosed = false
  const loadAuth = async (): Promise<Auth> => {
    const [{ GoogleAuth, gaxios }, ownAgents] = await Promise.all([
      importAuthLibrary(),
      createAgents(proxy, requestTimeout, { timeout: requestTimeout }),
    ])
    agents = ownAgents
    const { httpAgent, httpsAgent } = ownAgents
    sendMetadataRequestsDirectly(gaxios.instance)
    const agent = ({ protocol }: URL) => {
      // google-auth-library retries a request whose connection breaks, even after close() has destroyed the connection.
      if (isClosed) throw new Error('closed')
      return protocol === 'https:' ? httpsAgent : httpAgent
    }
    // `size` limits the body of a token response to 1 MiB.
    const transporterOptions = { timeout: requestTimeout, size: 2 ** 20, agent }
    // Without a project, google-auth-library runs gcloud and sends requests to find one, although none is needed here.
    const projectId = 'none'
    const auth = new GoogleAuth({ scopes: [...scopes], projectId, clientOptions: { transporterOptions } })
    const fromJSON = auth.fromJSON.bind(auth)
    // google-auth-library gives no options to the source client of an impersonated account, nor to the client of the
    // Security Token Service. Their requests would use other agents.
    auth.fromJSON = (json, clientOptions) => {
      const client = fromJSON(json, { transporterOptions, ...clientOptions })
      const { stsCredential } = client as { readonly stsCredential?: object }
      if (stsCredential) Object.assign(stsCredential, { transporter: client.transporter })
      return client
    }
    return auth
  }
  return {
    auth: defer(loadAuth).pipe(shareReplay(1)),
    close: () => {
      isClosed = true
      agents?.destroy()
    },
  }
}
