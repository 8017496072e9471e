import { DisksClient, ZoneOperationsClient } from '@google-cloud/compute'
import { ClusterManagerClient } from '@google-cloud/container'
import { SqlInstancesServiceClient, SqlOperationsServiceClient } from '@google-cloud/sql'
import { auth } from '@googleapis/cloudresourcemanager'
import { expect } from 'chai'
import { OperationsClient, type ServiceName, service } from 'rx-longrunning'
import { type Emulator, type Frame, type FrameStatus, startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'
import * as compute from './coming-from/compute.js'
import * as container from './coming-from/container.js'
import * as sql from './coming-from/sql.js'
import { installedVersion } from './installed-version.js'

const [project, zone] = ['p', 'europe-west1-b']
const UNAVAILABLE = { error: { code: 503, status: 'UNAVAILABLE', message: 'try again' } }

const FAILED_WITHOUT_ERROR = {
  metadata: {
    statusMessage: 'no nodes',
    clusterConditions: [{ canonicalCode: 'RESOURCE_EXHAUSTED', message: 'no nodes' }],
  },
}

/** How an operation of the emulator ends. */
interface End {
  readonly error?: FrameStatus
  /** Members of the operation when it is done. */
  readonly metadata?: object
  /** Whether the first poll gets HTTP 503. The operation ends at the next poll. */
  readonly isUnavailable?: boolean
}

function framesOf({ error, metadata, isUnavailable = false }: End, first: Frame = {}): readonly Frame[] {
  const members = { ...Object(first.metadata), ...metadata }
  const polls = isUnavailable ? 2 : 1
  const failedPoll: Frame = { polls: 1, httpResponse: { httpStatus: 503, body: UNAVAILABLE } }
  const last: Frame =
    error === undefined
      ? { polls, done: true, metadata: members }
      : { polls, done: true, metadata: members, error }
  return isUnavailable ? [first, failedPoll, last] : [first, last]
}

describe('docs/COMING-FROM.md: clients of services', () => {
  let emulator: Emulator
  let client: OperationsClient | undefined
  /** How the operations end that start from now on. */
  let end: End
  beforeEach(async () => {
    end = {}
    const timeline = (_: unknown, [first]: readonly Frame[]): readonly Frame[] => framesOf(end, first)
    emulator = await startEmulator({ services: ['compute', 'container', 'sqladmin'], timeline })
  })
  afterEach(async () => {
    client?.close()
    await emulator.close()
  })

  function clientOf(name: ServiceName): OperationsClient {
    client = new OperationsClient({ ...service(name), endpoint: emulator.endpoint, auth: false })
    return client
  }

  const authClient = new auth.OAuth2()
  authClient.setCredentials({ access_token: 'a-token', expiry_date: Date.now() + 3_600_000 })

  // The clients accept `protocol` together with `fallback`, but their types do not declare it. They have their own
  // versions of google-auth-library, whose types differ.
  const options = (): ConstructorParameters<typeof DisksClient>[0] & { protocol: string } => ({
    fallback: true,
    apiEndpoint: '127.0.0.1',
    port: Number(new URL(emulator.endpoint).port),
    protocol: 'http',
    projectId: project,
    authClient: authClient as never,
  })

  /** Returns the message of the error, or an empty string if the promise resolves. */
  function rejectionOf(promise: Promise<unknown>): Promise<string> {
    return promise.then(
      () => '',
      (error: Error) => error.message,
    )
  }

  describe(`@google-cloud/compute ${installedVersion('@google-cloud/compute')}`, () => {
    const disks = (): DisksClient => new DisksClient(options())
    const operations = (): ZoneOperationsClient => new ZoneOperationsClient(options())
    const withLoop = (): Promise<unknown> => compute.createWithWaitLoop(disks(), operations())
    const withWatch = (): Promise<unknown> => compute.createWithWatch(disks(), clientOf('compute'))
    const target = `https://www.googleapis.com/compute/v1/projects/p/zones/${zone}/disks/data`

    it('should create a disk with the loop of the samples', async () => {
      expect(await withLoop()).to.equal(target)
    })

    it('should create a disk with a watch', async () => {
      expect(await withWatch()).to.equal(target)
    })

    it('should throw with the watch if the operation fails, although the loop of the samples resolves', async () => {
      end = { error: { code: 8, message: 'no capacity' } }
      expect(await withLoop()).to.equal(target)
      expect(await rejectionOf(withWatch())).to.include('RESOURCE_EXHAUSTED: no capacity')
    })

    it('should reject in the loop after one poll with HTTP 503', async () => {
      end = { isUnavailable: true }
      expect(await rejectionOf(withLoop())).to.include('try again')
    })

    it('should retry with the watch after one poll with HTTP 503', async () => {
      end = { isUnavailable: true }
      expect(await withWatch()).to.equal(target)
    })

    it('should report the warnings with the watch, although the loop of the samples only returns them with the last operation', async () => {
      end = { metadata: { warnings: [{ code: 'CLEANUP_FAILED', message: 'a disk remains' }] } }
      const [started] = await disks().insert({ project, zone, diskResource: { name: 'data' } })
      const [polled] = await operations().wait({ project, zone, operation: started.name ?? '' })
      expect(polled).to.have.nested.property('warnings[0].code', 'CLEANUP_FAILED')
      expect(await lastValueFrom(clientOf('compute').follow(started))).to.have.nested.property(
        'right.warnings[0].code',
        'CLEANUP_FAILED',
      )
    })

    it('should return an operation with a number as name, which is never done and has no promise', async () => {
      const [started] = await disks().insert({ project, zone, diskResource: { name: 'data' } })
      expect(started.latestResponse).to.include({ status: 'RUNNING' })
      expect(started.done).to.equal(false)
      expect(started.name).to.match(/^\d+$/)
      expect(started).to.not.have.property('promise')
      const [polled] = await operations().wait({ project, zone, operation: started.name ?? '' })
      expect(polled).to.include({ status: 'DONE' })
      expect(started.done).to.equal(false)
    })
  })

  describe(`@google-cloud/container ${installedVersion('@google-cloud/container')}`, () => {
    const clusters = (): ClusterManagerClient => new ClusterManagerClient(options())
    const withLoop = (): Promise<unknown> => container.createWithPollLoop(clusters())
    const withWatch = (): Promise<unknown> => container.createWithWatch(clusters(), clientOf('container'))
    const target =
      /^https:\/\/container\.googleapis\.com\/v1\/projects\/\w+\/locations\/europe-west1\/clusters\/c$/

    it('should create a cluster with a watch', async () => {
      expect(await withWatch()).to.match(target)
    })

    it('should resolve in the loop if only a condition and the status message report a failure', async () => {
      end = FAILED_WITHOUT_ERROR
      expect(await withLoop()).to.match(target)
    })

    it('should throw with the watch if only a condition and the status message report a failure', async () => {
      end = FAILED_WITHOUT_ERROR
      expect(await rejectionOf(withWatch())).to.include('no nodes')
    })

    // google-gax 6 retries this poll. With google-gax 5, the retry works only over gRPC.
    const retriesPolls = !installedVersion('@google-cloud/container').startsWith('6.')

    it(`should ${retriesPolls ? 'retry' : 'reject'} in the loop over REST after one poll with HTTP 503`, async () => {
      end = { isUnavailable: true }
      const message = await rejectionOf(withLoop())
      if (retriesPolls) expect(message).to.equal('')
      else expect(message).to.include('try again')
    })

    it('should return an operation whose name is not a path, and which has no promise', async () => {
      const parent = 'projects/p/locations/europe-west1'
      const [started] = await clusters().createCluster({ parent, cluster: { name: 'c' } })
      expect(started.name).to.match(/^operation-/)
      expect(started).to.not.have.property('promise')
    })
  })

  describe(`@google-cloud/sql ${installedVersion('@google-cloud/sql')}`, () => {
    const instances = (): SqlInstancesServiceClient => new SqlInstancesServiceClient(options())
    const operations = (): SqlOperationsServiceClient => new SqlOperationsServiceClient(options())
    const withLoop = (): Promise<unknown> => sql.restartWithPollLoop(instances(), operations())
    const withWatch = (): Promise<unknown> => sql.restartWithWatch(instances(), clientOf('sqladmin'))
    const target = 'https://sqladmin.googleapis.com/v1/projects/p/instances/i'

    beforeEach(async () => {
      const [{ name }] = await instances().insert({ project, body: { name: 'i' } })
      const [created] = await operations().get({ project, operation: name ?? '' })
      expect(created).to.include({ status: 'DONE' })
    })

    // Cloud SQL rejects a restart during another one, so the tests start them one after another.
    it('should restart an instance with a poll loop and with a watch', async () => {
      expect([await withWatch(), await withLoop()]).to.deep.equal([target, target])
    })

    it('should report all errors with the watch, although the poll loop throws only the first error', async () => {
      end = { metadata: { error: { errors: [{ code: 'ERROR_RDBMS', message: 'first' }, { code: 'X' }] } } }
      const started = await instances().restart({ project, instance: 'i' })
      const last = await lastValueFrom(clientOf('sqladmin').follow(started))
      expect(await rejectionOf(withLoop())).to.equal('first')
      expect(last).to.deep.nested.include({ 'left.status.errors[0].code': 'ERROR_RDBMS' })
      expect(last).to.deep.nested.include({ 'left.status.errors[1].code': 'X' })
    })

    it('should retry with the watch after one poll with HTTP 503, although the poll loop rejects', async () => {
      end = { isUnavailable: true }
      expect(await withWatch()).to.equal(target)
      expect(await rejectionOf(withLoop())).to.include('try again')
    })

    it('should return an operation whose name is not a path, and which has no promise', async () => {
      const [started] = await instances().restart({ project, instance: 'i' })
      expect(started.name).to.match(/^[\da-f-]{36}$/)
      expect(started).to.not.have.property('promise')
    })
  })
})
