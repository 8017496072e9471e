import { ProjectsClient } from '@google-cloud/resource-manager'
import { credentialOf } from './google-credential.ts'
import { PATIENCE } from './limits.ts'
import type { Library, Token } from './seen.ts'

const clients = new Map<string, ProjectsClient>()

/**
 * As the sample of `checkCreateProjectProgress` shows, over REST; one client serves all, as is advised.
 *
 * It has no signal: only the end of its process stops it.
 */
export const gax: Library = async (endpoint, operationName, token) => {
  const client = (typeof token === 'string' ? clients.get(endpoint) : undefined) ?? connect(endpoint, token)
  if (typeof token === 'string') clients.set(endpoint, client)
  try {
    const operation = await client.checkCreateProjectProgress(operationName)
    operation.backoffSettings.totalTimeoutMillis = PATIENCE
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
