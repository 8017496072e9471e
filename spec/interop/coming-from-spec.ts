import { ProjectsClient } from '@google-cloud/resource-manager'
import { auth, cloudresourcemanager } from '@googleapis/cloudresourcemanager'
import { expect } from 'chai'
import { OperationsClient } from 'rx-longrunning'
import { type Emulator, startEmulator } from 'rx-longrunning/emulator'
import * as gax from './coming-from/google-gax.js'
import * as googleapis from './coming-from/googleapis.js'
import { installedVersion } from './installed-version.js'

const PROJECT_ID = 'tokyo-rain-123'

describe('docs/COMING-FROM.md', () => {
  let emulator: Emulator
  let client: OperationsClient
  beforeEach(async () => {
    emulator = await startEmulator({ duration: 300 })
    client = new OperationsClient({ endpoint: emulator.endpoint })
  })
  afterEach(async () => {
    client.close()
    await emulator.close()
  })

  const authClient = new auth.OAuth2()
  authClient.setCredentials({ access_token: 'a-token', expiry_date: Date.now() + 3_600_000 })

  describe(`@googleapis/cloudresourcemanager ${installedVersion('@googleapis/cloudresourcemanager')}`, () => {
    const crm = () => cloudresourcemanager({ version: 'v3', auth: authClient, rootUrl: emulator.endpoint })

    it('should create a project with the poll loop of googleapis', async () => {
      expect(await googleapis.createWithPollLoop(crm())).to.equal(PROJECT_ID)
    })

    it('should create a project with a watch', async () => {
      expect(await googleapis.createWithWatch(crm(), client)).to.equal(PROJECT_ID)
    })
  })

  describe(`@google-cloud/resource-manager ${installedVersion('@google-cloud/resource-manager')}`, () => {
    const projects = () =>
      new ProjectsClient({
        fallback: true,
        apiEndpoint: '127.0.0.1',
        port: Number(new URL(emulator.endpoint).port),
        protocol: 'http',
        authClient,
      } as ConstructorParameters<typeof ProjectsClient>[0])

    it('should create a project and report progress with google-gax', async () => {
      const reportedMetadata: unknown[] = []
      expect(await gax.createWithGax(projects(), (metadata) => reportedMetadata.push(metadata))).to.equal(
        PROJECT_ID,
      )
      expect(reportedMetadata).to.not.deep.equal([])
    })

    it('should create a project, and report its progress up to the last metadata, with one poll loop', async () => {
      const reportedMetadata: { readonly ready?: unknown }[] = []
      expect(
        await gax.createWithWatch(projects(), (metadata) => reportedMetadata.push(metadata), client),
      ).to.equal(PROJECT_ID)
      expect(reportedMetadata.at(-1)).to.include({ ready: true })
      const polls = emulator.requests.filter(({ method }) => method === 'GET')
      expect(new Set(polls.map(({ headers }) => headers['user-agent'])).size).to.equal(1)
    })

    it('should return the project with each library if only the name of the operation is known', async () => {
      const [{ name = '' }] = await projects().createProject({ project: { projectId: PROJECT_ID } })
      expect(await gax.resumeWithGax(projects(), name)).to.equal(PROJECT_ID)
      expect(await gax.resumeWithWatch(client, name)).to.equal(PROJECT_ID)
    })
  })
})
