import { expect } from 'chai'
import {
  asyncScheduler,
  concatMap,
  expand,
  lastValueFrom,
  map,
  type Observable,
  of,
  timer,
  toArray,
} from 'rxjs'
import { constant, OperationsClient, type PollState, type Step, type StepOptions } from '../lib/index.js'
import {
  connectionLost,
  delayed,
  failed,
  inVirtualTime,
  NAME,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  tags,
  unavailable,
} from './virtual.js'

const schedule = constant({ interval: 1_000 })
function clientOf(...replies: readonly Reply[]) {
  const script = scripted(...replies)
  const client = new OperationsClient({ transport: script.transport, random: () => 0.5, rateLimit: false })
  return { ...script, client }
}

/**
 * Runs all steps. Each step uses the client that `nextClient` returns, and the serialized state of the
 * previous step.
 */
function runSteps(nextClient: () => OperationsClient, options: StepOptions = { schedule }): Observable<Step> {
  return nextClient()
    .step(NAME, options)
    .pipe(
      expand((step) =>
        step._tag === 'Ended'
          ? []
          : timer(step.wait).pipe(
              concatMap(() => nextClient().step(JSON.parse(JSON.stringify(step.state)), options)),
            ),
      ),
    )
}

function emissionsOf(steps: Observable<Step>) {
  return steps.pipe(
    concatMap((step) =>
      step._tag === 'Ended'
        ? [step.result]
        : step.snapshot
          ? [{ _tag: 'Right', right: step.snapshot } as const]
          : [],
    ),
  )
}

describe('OperationsClient.step', () => {
  const scripts: Readonly<Record<string, readonly Reply[]>> = {
    'an operation that succeeds': [running({ percent: 1 }), running(), succeeded({ a: 1 })],
    'an operation that fails': [running(), failed(8, 'no quota', [{ '@type': 'x' }])],
    'a server that fails for a while': [
      running(),
      unavailable,
      connectionLost(),
      unavailable,
      running(),
      succeeded(),
    ],
    'a name that is not visible yet': [notFound, notFound, running(), succeeded()],
    'a name that is never visible': [notFound],
    'a deleted operation': [running(), notFound],
    'a rejected request': [running(), rpcError(403, 'PERMISSION_DENIED')],
    'a server that sends Retry-After': [
      rpcError(429, 'RESOURCE_EXHAUSTED', {}, { 'retry-after': '7' }),
      succeeded(),
    ],
    'responses without an operation': [
      running(),
      delayed(10, { _tag: 'Right', right: { httpStatus: 200, body: 'x' } }),
    ],
    'endless failures': [unavailable],
  }
  for (const [description, replies] of Object.entries(scripts))
    it(`should emit the same values at the same times as a watch: ${description}`, () => {
      inVirtualTime(({ flush }) => {
        const [watchSetup, stepSetup] = [clientOf(...replies), clientOf(...replies)]
        const watchEmissions: unknown[] = []
        const stepEmissions: unknown[] = []
        const options = { schedule, maxRetryTime: 20_000 }
        const withTime = <A>(source: Observable<A>) =>
          source.pipe(map((emission) => ({ at: asyncScheduler.now(), emission })))
        withTime(watchSetup.client.watch(NAME, options)).subscribe((emission) =>
          watchEmissions.push(emission),
        )
        withTime(emissionsOf(runSteps(() => stepSetup.client, options))).subscribe((emission) =>
          stepEmissions.push(emission),
        )
        flush()
        expect(watchEmissions).to.not.deep.equal([])
        expect(stepEmissions).to.deep.equal(watchEmissions)
        expect(stepSetup.polledAt).to.deep.equal(watchSetup.polledAt)
      })
    })

  it('should continue one watch with a new client for each step', () => {
    inVirtualTime(({ expectObservable }) => {
      const script = scripted(running(), unavailable, running(), succeeded())
      const newClient = () =>
        new OperationsClient({ transport: script.transport, random: () => 1, rateLimit: false })
      const results = emissionsOf(runSteps(newClient)).pipe(
        map((emission) =>
          emission._tag === 'Right'
            ? `${emission.right.attempt}@${emission.right.elapsed}`
            : emission.left._tag,
        ),
      )
      expectObservable(results).toBe('a 1499ms b 999ms (c|)', { a: '1@0', b: '3@1500', c: '4@2500' })
    })
  })

  it('should return a state that is plain JSON', async () => {
    const { client } = clientOf(running({ '@type': 'x' }))
    const step = await lastValueFrom(
      client.step({ name: NAME, endpoint: client.endpoint, apiVersion: 'v3', since: 5 }),
    )
    if (step._tag === 'Ended') throw new Error('unexpected final result')
    const { lastSeen, failing, ...rest } = step.state
    expect(JSON.parse(JSON.stringify(step.state))).to.deep.equal({ ...rest, lastSeen })
    expect(failing).to.equal(undefined)
    expect(step.snapshot).to.equal(lastSeen)
    expect(step.state.target.since).to.equal(5)
  })

  it('should return the failure and the Retry-After of the server after a transient failure', () => {
    let step: Step | undefined
    inVirtualTime(({ flush }) => {
      const { client } = clientOf(rpcError(429, 'RESOURCE_EXHAUSTED', {}, { 'retry-after': '7' }))
      client.step(NAME).subscribe((emittedStep) => {
        step = emittedStep
      })
      flush()
    })
    expect(step).to.deep.include({ _tag: 'Pending', wait: 7_000, retryAfter: 7_000 })
    expect(step).to.have.nested.property('failure.httpStatus', 429)
    expect(step).to.have.nested.property('failure.retryAfter', 7_000)
    expect(step).to.not.have.property('snapshot')
  })

  describe('with a serialized state', () => {
    const target = {
      name: NAME,
      endpoint: 'https://cloudresourcemanager.googleapis.com',
      apiVersion: 'v3',
      since: 1,
    }
    const state = {
      target,
      startedAt: 1,
      polledAt: 2,
      attempt: 1,
      hasResponse: true,
      visible: true,
      malformedInARow: 0,
      lastSeen: { _tag: 'Running', done: false, name: NAME, attempt: 1, elapsed: 1 },
    }
    it('should continue the watch if the state is valid', async () => {
      const { client, polledAt } = clientOf(succeeded())
      const step = await lastValueFrom(client.step(state as PollState))
      expect(step).to.have.nested.property('result.right.attempt', 2)
      expect(polledAt).to.have.length(1)
    })

    const invalidChanges: Readonly<Record<string, object>> = {
      'is for another host': { target: { ...target, endpoint: 'https://evil.example' } },
      'is for another host in the universe domain': {
        target: { ...target, endpoint: 'https://run.googleapis.com' },
      },
      'has an invalid name': { target: { ...target, name: 'operations/../x' } },
      'has no target': { target: null },
      'has null as startedAt': { startedAt: null },
      'has a string as polledAt': { polledAt: '2' },
      'has an attempt below 0': { attempt: -1 },
      'has a fraction as its attempt': { attempt: 1.5 },
      'has a string as malformedInARow': { malformedInARow: 'many' },
      'has a number as hasResponse': { hasResponse: 1 },
      'has no member visible': { visible: undefined },
      'has an incomplete member failing': { failing: { since: 1 } },
      'has a Succeeded as lastSeen': { lastSeen: { _tag: 'Succeeded' } },
      'has a lastSeen without a name': { lastSeen: { ...state.lastSeen, name: 1 } },
    }
    for (const [description, change] of Object.entries(invalidChanges))
      it(`should emit InvalidName without a request if the state ${description}`, async () => {
        const { client, polledAt } = clientOf(succeeded())
        const step = await lastValueFrom(client.step({ ...state, ...change } as PollState))
        expect(step).to.have.property('_tag', 'Ended')
        expect(step).to.have.nested.property('result.left._tag', 'InvalidName')
        expect(polledAt).to.deep.equal([])
      })

    it('should replace times in the future with the current time', () => {
      inVirtualTime(({ flush }) => {
        const { client } = clientOf(unavailable)
        const futureTime = 1e12
        const futureState = {
          ...state,
          target: { ...target, since: futureTime },
          startedAt: futureTime,
          polledAt: futureTime,
          failing: { since: futureTime, attempts: 1 },
        }
        const steps: Step[] = []
        client.step(futureState as PollState, { maxRetryTime: 1_000 }).subscribe((step) => steps.push(step))
        flush()
        expect(steps).to.have.nested.property('[0].state.target.since', 0)
        expect(steps).to.have.nested.property('[0].state.failing.since', 0)
        expect(steps).to.have.nested.property('[0].wait', 500)
      })
    })

    it('should keep all members of the last snapshot', async () => {
      const { client } = clientOf(unavailable)
      const lastSeen: object = {
        ...state.lastSeen,
        reportedName: 'operations/cp.2',
        metadataError: { path: '', message: 'too large' },
        target: 'https://compute.googleapis.com/compute/v1/projects/p/zones/z/instances/i',
        warnings: [{ code: 'NOT_CRITICAL_ERROR', message: 'slow', data: { zone: 'z' } }],
      }
      const step = await lastValueFrom(client.step({ ...state, lastSeen } as PollState))
      expect(step).to.have.nested.property('state.lastSeen').that.deep.equals(lastSeen)
    })

    it('should ignore invalid warnings of the last snapshot', async () => {
      const { client } = clientOf(unavailable)
      for (const warnings of [null, 'x', [null], [{ code: 1, message: 'm', data: {} }]]) {
        const lastSeen: object = { ...state.lastSeen, warnings }
        const step = await lastValueFrom(client.step({ ...state, lastSeen } as PollState))
        expect(step).to.have.nested.property('state.lastSeen').that.deep.equals(state.lastSeen)
      }
    })
  })

  it('should emit InvalidName for an invalid name and throw InvalidOption for an invalid option, without a request', async () => {
    const { client, polledAt } = clientOf(succeeded())
    expect(await lastValueFrom(client.step('x'))).to.have.nested.property('result.left._tag', 'InvalidName')
    expect(() => client.step(NAME, { maxRetryTime: -1 })).to.throw('maxRetryTime must be')
    expect(polledAt).to.deep.equal([])
  })

  it('should end with ClientClosed and abort the poll when the client is closed', () => {
    inVirtualTime(({ expectObservable, flush }) => {
      const { client, abortedAt } = clientOf('never')
      asyncScheduler.schedule(() => client.close(), 5)
      const emissions = client.step(NAME).pipe(
        concatMap((step) => (step._tag === 'Ended' ? [step.result] : [])),
        tags(),
      )
      expectObservable(emissions).toBe('5ms (x|)', { x: 'ClientClosed' })
      flush()
      expect(abortedAt).to.deep.equal([5])
    })
  })

  it('should error if the schedule returns an invalid wait', async () => {
    const { client } = clientOf(running())
    const invalidSchedule = { next: () => Number.NaN }
    const thrown = await lastValueFrom(
      client.step(NAME, { schedule: invalidSchedule }).pipe(toArray()),
    ).catch((error) => error)
    expect(thrown).to.be.instanceOf(RangeError)
  })
})

describe('OperationsClient.token', () => {
  it('should return a resume token with the endpoint and the name, without a request', () => {
    inVirtualTime(({ expectObservable }) => {
      const { client, polledAt } = clientOf(succeeded())
      const endpoint = 'https://cloudresourcemanager.googleapis.com'
      expectObservable(of(client.token(NAME))).toBe('(a|)', {
        a: { _tag: 'Right', right: { name: NAME, endpoint, apiVersion: 'v3', since: 0 } },
      })
      expect(client.endpoint).to.equal(endpoint)
      expect(client.token('x')).to.have.nested.property('left._tag', 'InvalidName')
      expect(polledAt).to.deep.equal([])
    })
  })
})
