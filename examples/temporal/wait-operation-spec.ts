import { once } from 'node:events'
import { setImmediate } from 'node:timers/promises'
import { ApplicationFailure, CancelledFailure, type Info } from '@temporalio/activity'
import { MockActivityEnvironment } from '@temporalio/testing'
import { DefaultLogger } from '@temporalio/worker'
import { expect } from 'chai'
import { constant, type OperationFailed } from 'rx-longrunning'
import { type Emulator, type EmulatorEvent, type Frame, startEmulator } from 'rx-longrunning/emulator'
import type { HeartbeatDetails } from 'rx-longrunning/temporal'
import { filter, firstValueFrom, type Observable } from 'rxjs'
import { type Activities, createActivities } from './activities.js'

const NAME = 'operations/cp.1'
const END: Frame = { polls: 3, done: true, response: { name: 'projects/1' } }

describe('waitOperation', () => {
  let emulator: Emulator
  let activities: Activities

  beforeEach(async () => {
    emulator = await startEmulator()
    activities = activitiesOf(emulator.endpoint)
  })
  afterEach(() => emulator.close())

  const activitiesOf = (endpoint: string): Activities =>
    createActivities({ endpoint, auth: false, schedule: constant({ interval: 20 }) })

  /** Returns an environment, and the details of its heartbeats. */
  const environment = (info: Partial<Info> = {}) => {
    const env = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR') })
    const beats: (HeartbeatDetails | undefined)[] = []
    env.on('heartbeat', (progress) => beats.push(progress))
    return { env, beats }
  }

  /** Resolves with the error of an activity, or undefined if it succeeds. */
  const rejectionOf = async (run: Promise<unknown>): Promise<unknown> =>
    run.then(
      () => undefined,
      (failure) => failure,
    )

  const next = (tag: EmulatorEvent['_tag']): Promise<EmulatorEvent> =>
    firstValueFrom((emulator.events as Observable<EmulatorEvent>).pipe(filter(({ _tag }) => _tag === tag)))

  it('should return the response when the operation succeeds, after a heartbeat for each snapshot', async () => {
    emulator.operations.add(NAME, [
      { metadata: { percent: 10 } },
      { polls: 2, metadata: { percent: 60 } },
      END,
    ])
    const { env, beats } = environment()
    expect(await env.run(activities.waitOperation, NAME)).to.deep.equal({ name: 'projects/1' })
    expect(beats.map((beat) => beat?.metadata)).to.deep.equal([{ percent: 10 }, { percent: 60 }])
    expect(beats[0]?.resume).to.deep.include({ name: NAME, endpoint: emulator.endpoint, apiVersion: 'v3' })
    expect(beats[1]?.resume).to.deep.equal(beats[0]?.resume)
  })

  it('should resume from the heartbeat of the previous attempt', async () => {
    emulator.operations.add(NAME, [{}, { ...END, polls: 2 }])
    const since = Date.now() - 3_600_000
    const resume = { name: NAME, endpoint: emulator.endpoint, apiVersion: 'v3', since }
    const { env, beats } = environment({ attempt: 2, heartbeatDetails: { resume, elapsed: 3_600_000 } })
    // The name from the workflow is ignored.
    expect(await env.run(activities.waitOperation, 'operations/cp.other')).to.deep.equal({
      name: 'projects/1',
    })
    expect(beats.map((beat) => beat?.resume)).to.deep.equal([resume])
    expect(beats[0]?.elapsed).to.be.within(3_600_000, 3_660_000)
    expect(emulator.requests.map(({ path }) => path)).to.deep.equal([`/v3/${NAME}`, `/v3/${NAME}`])
  })

  it('should resume from heartbeat details that were converted to JSON and back', async () => {
    emulator.operations.add(NAME, [{ metadata: { percent: 10 } }, { polls: 4, done: true }])
    const first = environment()
    const started = once(first.env, 'heartbeat')
    const running = rejectionOf(first.env.run(activities.waitOperation, NAME))
    await started
    first.env.cancel('WORKER_SHUTDOWN')
    expect(await running).to.be.instanceOf(CancelledFailure)
    const heartbeatDetails = JSON.parse(JSON.stringify(first.beats.at(-1)))
    const second = environment({ attempt: 2, heartbeatDetails })
    await second.env.run(activitiesOf(emulator.endpoint).waitOperation, NAME)
    for (const beat of second.beats) expect(beat?.resume).to.deep.equal(heartbeatDetails.resume)
  })

  it('should throw a non-retryable failure with the typed details when the operation failed', async () => {
    const details = [
      {
        '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
        violations: [{ subject: 'projects', description: 'no more' }],
      },
    ]
    emulator.operations.add(NAME, [{ done: true, error: { code: 8, message: 'no quota', details } }])
    const failure = await rejectionOf(environment().env.run(activities.waitOperation, NAME))
    if (!(failure instanceof ApplicationFailure)) throw failure
    expect(failure).to.include({ type: 'OperationFailed', nonRetryable: true })
    const [failed] = failure.details as [OperationFailed]
    const { status } = failed
    expect(status).to.include({ code: 8, codeName: 'RESOURCE_EXHAUSTED', message: 'no quota' })
    expect(status.details[0]).to.deep.include({ _tag: 'QuotaFailure' })
    // The server stores the details as JSON.
    expect(JSON.parse(JSON.stringify(failure.details))).to.deep.equal(failure.details)
  })

  it('should throw a non-retryable failure if the name is invalid', async () => {
    const failure = await rejectionOf(environment().env.run(activities.waitOperation, 'no name'))
    expect(failure).to.include({ type: 'InvalidName', nonRetryable: true })
    expect(emulator.requests).to.deep.equal([])
  })

  it('should abort the request when the activity is cancelled', async () => {
    emulator.operations.add(NAME, [{ stall: true }])
    const { env } = environment()
    const [requested, aborted] = [next('Request'), next('Aborted')]
    const running = rejectionOf(env.run(activities.waitOperation, NAME))
    await requested
    env.cancel()
    expect(await running).to.be.instanceOf(CancelledFailure)
    await aborted
    expect(emulator.requests).to.have.length(1)
  })

  it('should send no request if the activity is cancelled before it starts', async () => {
    emulator.operations.add(NAME, [{}])
    const { env } = environment()
    env.cancel()
    expect(await rejectionOf(env.run(activities.waitOperation, NAME))).to.be.instanceOf(CancelledFailure)
    expect(emulator.requests).to.deep.equal([])
  })

  it('should repeat the last heartbeat when no snapshot arrives', async () => {
    emulator.operations.add(NAME, [{}, { polls: 2, stall: true }])
    const { env, beats } = environment({ heartbeatTimeoutMs: 60 })
    const four = new Promise<void>((resolve) => {
      env.on('heartbeat', () => beats.length === 4 && resolve())
    })
    const running = rejectionOf(env.run(activities.waitOperation, NAME))
    await four
    env.cancel()
    expect(await running).to.be.instanceOf(CancelledFailure)
    expect(emulator.operations.polls(NAME)).to.be.at.most(2)
    for (const beat of beats.slice(1)) expect(beat?.resume.name ?? NAME).to.equal(NAME)
    expect(beats.at(-1)?.resume.name).to.equal(NAME)
  })

  it('should clear every timer when the activity returns', async () => {
    emulator.operations.add(NAME, [{}, { ...END, polls: 2 }])
    const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    // Mocha sets a timer of its own at the start of a spec.
    await setImmediate()
    const before = timers()
    const { env } = environment()
    const started = once(env, 'heartbeat')
    const running = env.run(activities.waitOperation, NAME)
    await started
    expect(timers()).to.be.above(before)
    await running
    expect(timers()).to.equal(before)
  })

  it('should wait for two operations that another activity started', async () => {
    await emulator.close()
    emulator = await startEmulator({ duration: 30 })
    const { startOperation, waitOperation } = activitiesOf(emulator.endpoint)
    const { env } = environment()
    const project = await env.run(async () =>
      waitOperation(await startOperation('projects', { projectId: 'team-1' })),
    )
    const parent = Object(project).name
    expect(parent).to.match(/^projects\/\d+$/)
    const key = await env.run(async () =>
      waitOperation(await startOperation('tagKeys', { parent, shortName: 'team' })),
    )
    expect(Object(key)).to.include({ parent, shortName: 'team' })
  })
})
