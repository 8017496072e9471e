import { fileURLToPath } from 'node:url'
import { startChild } from './child.ts'
import type { Counts, ServerRequest } from './server.ts'

/** The server in a child process. */
export interface Server {
  readonly endpoint: string
  /** Resets the counts. `interval` is the time between a response and the next poll of the operation. */
  readonly startCounting: (interval: number) => Promise<void>
  readonly counts: () => Promise<Counts>
  readonly kill: () => void
}

/** The environment variables of a process that trusts the certificate of the server. */
export const TRUST: NodeJS.ProcessEnv = {
  NODE_EXTRA_CA_CERTS: fileURLToPath(new URL('../../spec/certificates/ca.pem', import.meta.url)),
}

export async function startServer(scheme: 'http' | 'https' = 'http'): Promise<Server> {
  const child = startChild('./server.js', [scheme])
  const request = <A>(message: ServerRequest): Promise<A> => child.request(message)
  return {
    endpoint: await request<string>({ _tag: 'Endpoint' }),
    startCounting: (interval) => request({ _tag: 'StartCounting', interval }),
    counts: () => request({ _tag: 'Counts' }),
    kill: child.kill,
  }
}
