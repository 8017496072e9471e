import { ProjectsClient } from '@google-cloud/resource-manager'
import { type Contender, pollAgain } from './contender.ts'
import { credential } from './credential.ts'

/** Polls with the OperationsClient of google-gax over REST, as configured by Google's Resource Manager client. */
export async function gax(endpoint: string): Promise<Contender> {
  const { protocol, hostname, port } = new URL(endpoint)
  const client = new ProjectsClient({
    fallback: true,
    protocol: protocol.slice(0, -1),
    apiEndpoint: hostname,
    port: Number(port),
    authClient: credential(),
  })
  await client.initialize()
  return pollAgain(async (name) => {
    // Sends one request. `promise()` would start the library's own loop.
    const [operation] = await client.operationsClient.getOperation({ name } as never)
    if (operation.name !== name) throw new Error(`requested ${name}, got ${operation.name}`)
  })
}
