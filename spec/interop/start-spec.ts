import { ProjectsClient } from '@google-cloud/resource-manager'
import { auth, cloudresourcemanager } from '@googleapis/cloudresourcemanager'
import { expect } from 'chai'
import { isStartFailed, OperationsClient, outcome } from 'rx-longrunning'
import { type Emulator, startEmulator } from 'rx-longrunning/emulator'
import { createProject } from 'rx-longrunning/resource-manager'
import { lastValueFrom } from 'rxjs'

type Start = (emulator: Emulator, projectId: string) => Promise<unknown>

const authClient = new auth.OAuth2()
authClient.setCredentials({ access_token: 'a-token', expiry_date: Date.now() + 3_600_000 })

const CLIENTS: Readonly<Record<string, Start>> = {
  '@googleapis/cloudresourcemanager': ({ endpoint }, projectId) =>
    cloudresourcemanager({ version: 'v3', auth: authClient, rootUrl: endpoint }).projects.create(
      { requestBody: { projectId } },
      { retry: false },
    ),
  '@google-cloud/resource-manager': ({ endpoint }, projectId) => {
    const { hostname, port } = new URL(endpoint)
    const options = {
      fallback: true,
      apiEndpoint: hostname,
      port: Number(port),
      protocol: 'http',
      authClient,
    }
    const projects = new ProjectsClient(options as ConstructorParameters<typeof ProjectsClient>[0])
    return projects.createProject({ project: { projectId } }, { retry: null })
  },
}

describe('client.start', () => {
  let emulator: Emulator
  let client: OperationsClient
  before(async () => {
    emulator = await startEmulator({ duration: 20 })
    client = new OperationsClient({ endpoint: emulator.endpoint, auth: false })
  })
  after(async () => {
    client.close()
    await emulator.close()
  })

  for (const [name, start] of Object.entries(CLIENTS))
    it(`should follow an operation of ${name}, and report why a call was rejected`, async () => {
      const resultOf = (projectId: string) =>
        lastValueFrom(client.start(() => start(emulator, projectId), createProject).pipe(outcome()))
      const projectId = `by-${name.length}-letters`
      expect(await resultOf(projectId)).to.have.nested.property('right.projectId', projectId)
      const rejected = await resultOf('Invalid ID')
      if (rejected._tag !== 'Left' || !isStartFailed(rejected.left)) throw new Error('expected StartFailed')
      expect(rejected.left.mayHaveStarted).to.equal(false)
      expect(rejected.left.status).to.include({ code: 3, codeName: 'INVALID_ARGUMENT' })
      const repeated = await resultOf(projectId)
      if (repeated._tag !== 'Left' || !isStartFailed(repeated.left)) throw new Error('expected StartFailed')
      expect(repeated.left.mayHaveStarted).to.equal(true)
      // google-gax converts HTTP 409 to ABORTED.
      expect(['ALREADY_EXISTS', 'ABORTED']).to.include(repeated.left.status?.codeName)
    })
})
