import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { locate } from '../../lib/index.js'

const GCLOUD = 'gcloud'
const HINT = 'install gcloud (https://cloud.google.com/sdk/docs/install)'
const [zone, region] = ['europe-west1-b', 'europe-west1']

/** Returns the version of gcloud; undefined if it is not installed. */
function gcloudVersion(): string | undefined {
  const { status, stdout } = spawnSync(GCLOUD, ['version', '--format=value("Google Cloud SDK")'], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : undefined
}

const version = gcloudVersion()

if (version === undefined) {
  describe('interop/gcloud', () => {
    if (process.env.REQUIRE_GCLOUD) {
      it(`should run: ${HINT}`, () => Promise.reject(new Error(HINT)))
    } else {
      process.stderr.write(`\n*** NOT RUN: the specs of gcloud. To run them, ${HINT}. ***\n\n`)
      it(`pending: ${HINT}`)
    }
  })
} else {
  describe(`interop/gcloud: version ${version}`, function () {
    this.timeout(120_000)
    const config = mkdtempSync(join(tmpdir(), 'gcloud-spec-'))
    let emulator: Emulator
    beforeEach(async () => {
      emulator = await startEmulator({ services: ['compute', 'container', 'sqladmin'], duration: 500 })
    })
    afterEach(() => emulator.close())
    after(() => rmSync(config, { recursive: true }))

    /** Runs a command and returns its standard output. Rejects if the command fails. */
    async function gcloud(command: string): Promise<string> {
      const env = {
        ...process.env,
        CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${emulator.endpoint}/compute/v1/`,
        CLOUDSDK_API_ENDPOINT_OVERRIDES_CONTAINER: `${emulator.endpoint}/`,
        CLOUDSDK_API_ENDPOINT_OVERRIDES_SQL: `${emulator.endpoint}/`,
        CLOUDSDK_AUTH_DISABLE_CREDENTIALS: 'true',
        CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: '1',
        CLOUDSDK_CONFIG: config,
        CLOUDSDK_CORE_DISABLE_PROMPTS: '1',
        CLOUDSDK_CORE_DISABLE_USAGE_REPORTING: 'true',
        CLOUDSDK_CORE_PROJECT: 'p',
      }
      return (await promisify(execFile)(GCLOUD, command.split(' '), { env })).stdout
    }

    /** Creates a resource with a request, and waits until it exists. */
    async function create(path: string, body: object): Promise<void> {
      const response = await fetch(emulator.endpoint + path, { method: 'POST', body: JSON.stringify(body) })
      expect(response.status, path).to.equal(200)
      await new Promise((resolve) => setTimeout(resolve, 600))
    }

    const requests = (): readonly string[] => emulator.requests.map(({ method, path }) => `${method} ${path}`)

    it('should create an address and wait for its operation', async () => {
      await gcloud(`compute addresses create a --region ${region}`)
      const parent = `/compute/v1/projects/p/regions/${region}`
      const [name] = emulator.operations.names()
      expect(requests()).to.deep.equal([
        `POST ${parent}/addresses`,
        `POST /compute/v1/${name}/wait`,
        `GET ${parent}/addresses/a`,
      ])
    })

    it('should create a disk, and list and describe its operation', async () => {
      const created = await gcloud(`compute disks create d --zone ${zone} --size 200 --format json`)
      expect(JSON.parse(created)[0]).to.include({ name: 'd', sizeGb: '200' })
      const listed = JSON.parse(await gcloud('compute operations list --format json'))
      expect(listed).to.have.length(1)
      expect(listed[0]).to.include({ operationType: 'insert', status: 'DONE' })
      const described = await gcloud(
        `compute operations describe ${listed[0].name} --zone ${zone} --format json`,
      )
      expect(JSON.parse(described)).to.include({ id: listed[0].id, progress: 100 })
    })

    it('should delete an instance and wait for its operation', async () => {
      const path = `/compute/v1/projects/p/zones/${zone}/instances`
      await create(path, { name: 'vm' })
      await gcloud(`compute instances delete vm --zone ${zone}`)
      expect((await fetch(`${emulator.endpoint}${path}/vm`)).status).to.equal(404)
      expect(requests()).to.include(`POST /compute/v1/${emulator.operations.names()[1]}/wait`)
    })

    it('should fail if the operation fails', async () => {
      await emulator.close()
      const error = { code: 8, message: 'no capacity' }
      const timeline = () => [{}, { polls: 1, done: true as const, error }]
      emulator = await startEmulator({ services: ['compute'], timeline })
      const failure = await gcloud(`compute disks create d --zone ${zone} --size 200`).catch(
        (thrown: unknown) => thrown,
      )
      expect(failure).to.have.property('stderr').that.includes('no capacity')
    })

    it('should restart an instance of Cloud SQL, and list its operations', async () => {
      await create('/sql/v1beta4/projects/p/instances', { name: 'i' })
      await gcloud('sql instances restart i')
      const listed = JSON.parse(await gcloud('sql operations list --instance i --format json'))
      expect(listed.map((operation: { operationType: string }) => operation.operationType)).to.deep.equal([
        'RESTART',
        'CREATE',
      ])
    })

    it('should delete a cluster, and list the operations of GKE', async () => {
      await create(`/v1/projects/p/zones/${zone}/clusters`, { cluster: { name: 'c' } })
      await gcloud(`container clusters delete c --zone ${zone}`)
      const listed = JSON.parse(await gcloud('container operations list --format json'))
      expect(listed.map((operation: { operationType: string }) => operation.operationType)).to.deep.equal([
        'CREATE_CLUSTER',
        'DELETE_CLUSTER',
      ])
      expect(listed[1]).to.include({ status: 'DONE', zone })
    })

    const ERROR = { code: 8, message: 'no capacity' }

    /** Returns the exit code and the standard error of a command that fails. */
    async function failureOf(command: string): Promise<{ readonly code: unknown; readonly stderr: string }> {
      return gcloud(command).then(
        () => expect.fail(`${command} succeeded`),
        (failure: { code: unknown; stderr: string }) => failure,
      )
    }

    it('should have no command that waits for an operation of Compute Engine', async () => {
      const { code, stderr } = await failureOf(`compute operations wait o --zone ${zone}`)
      expect(code).to.equal(2)
      expect(stderr).to.include("Invalid choice: 'wait'")
    })

    it('should succeed if the description of an operation of Compute Engine contains an error', async () => {
      emulator.operations.add(`projects/p/zones/${zone}/operations/o`, [{ done: true, error: ERROR }])
      expect(await gcloud(`compute operations describe o --zone ${zone}`)).to.include('no capacity')
    })

    it('should wait for an operation of GKE, and ignore an error without a status message', async () => {
      const metadata = { error: ERROR, clusterConditions: [{ canonicalCode: 'RESOURCE_EXHAUSTED' }] }
      emulator.operations.add(`projects/p/locations/${zone}/operations/o`, [{ done: true, metadata }])
      expect(await gcloud(`container operations wait o --zone ${zone}`)).to.include('no capacity')
    })

    it('should end with 1 and the first error if an operation of Cloud SQL fails', async () => {
      const errors = [{ code: 'A', message: 'first' }, { code: 'B' }]
      emulator.operations.add('projects/p/operations/o', [{ done: true, metadata: { error: { errors } } }])
      const { code, stderr } = await failureOf('sql operations wait o')
      expect(code).to.equal(1)
      expect(stderr).to.include('[A] first').and.not.include('B')
    })

    it('should also end with 1 if an operation of Cloud SQL does not end in time, or is not found', async () => {
      emulator.operations.add('projects/p/operations/o', [{}])
      const [late, missing] = await Promise.all([
        failureOf('sql operations wait o --timeout 1'),
        failureOf('sql operations wait x'),
      ])
      expect([late.code, missing.code]).to.deep.equal([1, 1])
      expect(late.stderr).to.include('taking longer than expected')
    })

    it('should print URLs of asynchronous operations that locate accepts', async () => {
      await Promise.all([
        create('/sql/v1beta4/projects/p/instances', { name: 'i' }),
        create(`/compute/v1/projects/p/zones/${zone}/instances`, { name: 'vm' }),
      ])
      const format = '--async --format=value(selfLink)'
      const urls = await Promise.all([
        gcloud(`sql export sql i gs://b/dump.sql ${format}`),
        gcloud(`compute instances stop vm --zone ${zone} ${format}`),
      ])
      const located = urls.map((url) => locate(url.trim()))
      expect(located.map((result) => Object(result).right.service.name)).to.deep.equal([
        'sqladmin',
        'compute',
      ])
      const started = emulator.operations.names().slice(2)
      expect(started).to.include.members(located.map((result) => Object(result).right.name))
    })
  })
}
