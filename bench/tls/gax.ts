import { ProjectsClient } from '@google-cloud/resource-manager'
import { type Contender, pollAgain } from '../cost/contender.ts'
import { credential } from '../cost/credential.ts'

/** Polls with the OperationsClient of google-gax over REST and https, which is its default scheme. */
export async function gaxOverTls(endpoint: string): Promise<Contender> {
  const { hostname, port } = new URL(endpoint)
  const client = new ProjectsClient({
    fallback: true,
    apiEndpoint: hostname,
    port: Number(port),
    authClient: credential(),
  })
  await client.initialize()
  return pollAgain((name) => client.operationsClient.getOperation({ name } as never))
}
