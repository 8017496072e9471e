// Imports one library, gets an access token from the metadata server, and polls once. Prints the time in milliseconds.
import { loadOurs } from '../ours.ts'

/** The scopes of the access token. */
const SCOPES = ['https://www.googleapis.com/auth/cloud-platform']

const NAME = 'operations/private.1'

/** Functions that poll once and return the name in the response. */
const POLLS: Readonly<Record<string, (endpoint: string) => Promise<string | null | undefined>>> = {
  ours: async (endpoint) => {
    const [{ OperationsClient }, { lastValueFrom }] = await Promise.all([loadOurs(), import('rxjs')])
    const emission = await lastValueFrom(new OperationsClient({ endpoint }).get(NAME))
    return emission._tag === 'Right' ? emission.right.name : emission.left.message
  },
  googleapis: async (endpoint) => {
    const { auth, cloudresourcemanager } = await import('@googleapis/cloudresourcemanager')
    const credentials = new auth.GoogleAuth({ scopes: SCOPES })
    const client = cloudresourcemanager({ version: 'v3', auth: credentials, rootUrl: `${endpoint}/` })
    return (await client.operations.get({ name: NAME })).data.name
  },
  gax: async (endpoint) => {
    const { ProjectsClient } = await import('@google-cloud/resource-manager')
    const { hostname, port } = new URL(endpoint)
    const client = new ProjectsClient({ fallback: true, apiEndpoint: hostname, port: Number(port) })
    await client.initialize()
    const [operation] = await client.operationsClient.getOperation({ name: NAME } as never)
    return operation.name
  },
}

const [, , library = '', endpoint = ''] = process.argv
const startedAt = performance.now()
const name = await POLLS[library]?.(endpoint)
const took = performance.now() - startedAt
if (name !== NAME) throw new Error(`${library} returned ${name}`)
console.log(JSON.stringify({ took }))
process.exit()
