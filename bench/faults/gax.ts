import { ProjectsClient } from '@google-cloud/resource-manager'
import { credentialOf } from './credential.ts'
import type { Library, Token } from './library.ts'
import { MAX_RETRY_TIME } from './limits.ts'

const clients = new Map<string, ProjectsClient>()

/**
 * Waits over REST as in the sample of `checkCreateProjectProgress`, with one shared client, as its documentation
 * recommends. It accepts no signal, so it stops only with its process.
 */
export const gax: Library = async (endpoint, operationName, token) => {
  const client = (typeof token === 'string' ? clients.get(endpoint) : undefined) ?? connect(endpoint, token)
  if (typeof token === 'string') clients.set(endpoint, client)
  try {
    const operation = await client.checkCreateProjectProgress(operationName)
    operation.backoffSettings.totalTimeoutMillis = MAX_RETRY_TIME
    const [response] = await operation.promise()
    return { ended: 'resolved', response }
  } catch (error) {
    return { ended: 'rejected', error }
  }
}

function connect(endpoint: string, token: Token): ProjectsClient {
  const { hostname, port } = new URL(endpoint)
  return new ProjectsClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: hostname,
    port: Number(port),
    authClient: credentialOf(token),
  })
}
