import { ProjectsClient } from '@google-cloud/resource-manager'
import { back, type Contender } from './contender.ts'
import { credential } from './credential.ts'

/** The OperationsClient of google-gax over REST, as Google's own client of Resource Manager sets it up. */
export async function gax(endpoint: string): Promise<Contender> {
  const { hostname, port } = new URL(endpoint)
  const client = new ProjectsClient({
    fallback: true,
    protocol: 'http',
    apiEndpoint: hostname,
    port: Number(port),
    authClient: credential(),
  })
  await client.initialize()
  return back(async (name) => {
    // The operation alone, without the loop of promise().
    const [operation] = await client.operationsClient.getOperation({ name } as never)
    if (operation.name !== name) throw new Error(`asked for ${name}, got ${operation.name}`)
  })
}
