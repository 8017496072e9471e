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
  delayed,
  failed,
  inVirtualTime,
  lost,
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

/** All steps to the last word, each by a client of its own that is given the JSON of the one before. */
function stepped(clients: () => OperationsClient, options: StepOptions = { schedule }): Observable<Step> {
  return clients()
    .step(NAME, options)
    .pipe(
      expand((step) =>
        step._tag === 'Ended'
          ? []
          : timer(step.wait).pipe(
              concatMap(() => clients().step(JSON.parse(JSON.stringify(step.state)), options)),
            ),
      ),
    )
}

function wordsOf(steps: Observable<Step>) {
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
  const courses: Readonly<Record<string, readonly Reply[]>> = {
    'an operation that succeeds': [running({ percent: 1 }), running(), succeeded({ a: 1 })],
    'an operation that fails': [running(), failed(8, 'no quota', [{ '@type': 'x' }])],
    'a server that is silent for a while': [
      running(),
      unavailable,
      lost(),
      unavailable,
      running(),
      succeeded(),
    ],
    'a name that is not visible yet': [notFound, notFound, running(), succeeded()],
    'a name that is never visible': [notFound],
    'an operation that is gone': [running(), notFound],
    'a refusal': [running(), rpcError(403, 'PERMISSION_DENIED')],
    'a server that asks for a pause': [
      rpcError(429, 'RESOURCE_EXHAUSTED', {}, { 'retry-after': '7' }),
      succeeded(),
    ],
    'answers that are no operation': [
      running(),
      delayed(10, { _tag: 'Right', right: { httpStatus: 200, body: 'x' } }),
    ],
    'failures without end': [unavailable],
  }
  for (const [what, replies] of Object.entries(courses))
    it(`should say word for word, and at the same times, what a watch says of ${what}`, () => {
      inVirtualTime(({ flush }) => {
        const [watched, kept] = [clientOf(...replies), clientOf(...replies)]
        const said: unknown[] = []
        const steps: unknown[] = []
        const options = { schedule, maxRetryTime: 20_000 }
        const at = <A>(source: Observable<A>) =>
          source.pipe(map((word) => ({ at: asyncScheduler.now(), word })))
        at(watched.client.watch(NAME, options)).subscribe((word) => said.push(word))
        at(wordsOf(stepped(() => kept.client, options))).subscribe((word) => steps.push(word))
        flush()
        expect(said).to.not.deep.equal([])
        expect(steps).to.deep.equal(said)
        expect(kept.polledAt).to.deep.equal(watched.polledAt)
      })
    })

  it('should go on with another client, as if it were the same watch', () => {
    inVirtualTime(({ expectObservable }) => {
      const script = scripted(running(), unavailable, running(), succeeded())
      const fresh = () =>
        new OperationsClient({ transport: script.transport, random: () => 1, rateLimit: false })
      const seen = wordsOf(stepped(fresh)).pipe(
        map((word) =>
          word._tag === 'Right' ? `${word.right.attempt}@${word.right.elapsed}` : word.left._tag,
        ),
      )
      expectObservable(seen).toBe('a 1499ms b 999ms (c|)', { a: '1@0', b: '3@1500', c: '4@2500' })
    })
  })

  it('should keep a course that is plain JSON', async () => {
    const { client } = clientOf(running({ '@type': 'x' }))
    const step = await lastValueFrom(
      client.step({ name: NAME, endpoint: client.endpoint, apiVersion: 'v3', since: 5 }),
    )
    if (step._tag === 'Ended') throw new Error('it has ended')
    const { lastSeen, failing, ...rest } = step.state
    expect(JSON.parse(JSON.stringify(step.state))).to.deep.equal({ ...rest, lastSeen })
    expect(failing).to.equal(undefined)
    expect(step.snapshot).to.equal(lastSeen)
    expect(step.state.target.since).to.equal(5)
  })

  it('should tell the server’s wish and the failure where a poll brought nothing', () => {
    let step: Step | undefined
    inVirtualTime(({ flush }) => {
      const { client } = clientOf(rpcError(429, 'RESOURCE_EXHAUSTED', {}, { 'retry-after': '7' }))
      client.step(NAME).subscribe((told) => {
        step = told
      })
      flush()
    })
    expect(step).to.deep.include({ _tag: 'Pending', wait: 7_000, retryAfter: 7_000 })
    expect(step).to.have.nested.property('failure.httpStatus', 429)
    expect(step).to.have.nested.property('failure.retryAfter', 7_000)
    expect(step).to.not.have.property('snapshot')
  })

  describe('given a course from outside', () => {
    const target = {
      name: NAME,
      endpoint: 'https://cloudresourcemanager.googleapis.com',
      apiVersion: 'v3',
      since: 1,
    }
    const course = {
      target,
      startedAt: 1,
      polledAt: 2,
      attempt: 1,
      hasResponse: true,
      visible: true,
      malformedInARow: 0,
      lastSeen: { _tag: 'Running', done: false, name: NAME, attempt: 1, elapsed: 1 },
    }
    it('should go on from one that is well formed', async () => {
      const { client, polledAt } = clientOf(succeeded())
      const step = await lastValueFrom(client.step(course as PollState))
      expect(step).to.have.nested.property('word.right.attempt', 2)
      expect(polledAt).to.have.length(1)
    })

    const refused: Readonly<Record<string, object>> = {
      'leads to another host': { target: { ...target, endpoint: 'https://evil.example' } },
      'leads to another host of the universe': {
        target: { ...target, endpoint: 'https://run.googleapis.com' },
      },
      'has another name in its target': { target: { ...target, name: 'operations/../x' } },
      'has no target': { target: null },
      'has no times': { startedAt: null },
      'has times that are no numbers': { polledAt: '2' },
      'has an attempt below 0': { attempt: -1 },
      'has an attempt that is no whole number': { attempt: 1.5 },
      'has malformedInARow that are no number': { malformedInARow: 'many' },
      'does not say whether the server answered': { hasResponse: 1 },
      'does not say whether it was visible': { visible: undefined },
      'has failures of another form': { failing: { since: 1 } },
      'has last seen something else': { lastSeen: { _tag: 'Succeeded' } },
      'has last seen something without a name': { lastSeen: { ...course.lastSeen, name: 1 } },
    }
    for (const [what, change] of Object.entries(refused))
      it(`should refuse one that ${what}, without a request`, async () => {
        const { client, polledAt } = clientOf(succeeded())
        const step = await lastValueFrom(client.step({ ...course, ...change } as PollState))
        expect(step).to.have.property('_tag', 'Ended')
        expect(step).to.have.nested.property('word.left._tag', 'InvalidName')
        expect(polledAt).to.deep.equal([])
      })

    it('should take what lies in the time to come for now', () => {
      inVirtualTime(({ flush }) => {
        const { client } = clientOf(unavailable)
        const later = 1e12
        const ahead = {
          ...course,
          target: { ...target, since: later },
          startedAt: later,
          polledAt: later,
          failing: { since: later, attempts: 1 },
        }
        const seen: Step[] = []
        client.step(ahead as PollState, { maxRetryTime: 1_000 }).subscribe((step) => seen.push(step))
        flush()
        expect(seen).to.have.nested.property('[0].course.target.since', 0)
        expect(seen).to.have.nested.property('[0].course.failing.since', 0)
        expect(seen).to.have.nested.property('[0].wait', 500)
      })
    })

    it('should give on why metadata was left out', async () => {
      const { client } = clientOf(unavailable)
      const lastSeen = { ...course.lastSeen, metadataError: { path: '', message: 'too large' } }
      const step = await lastValueFrom(client.step({ ...course, lastSeen } as PollState))
      expect(step).to.have.nested.property('course.lastSeen.metadataError.message', 'too large')
    })
  })

  it('should refuse a bad name and bad options without a request', async () => {
    const { client, polledAt } = clientOf(succeeded())
    expect(await lastValueFrom(client.step('x'))).to.have.nested.property('word.left._tag', 'InvalidName')
    expect(() => client.step(NAME, { maxRetryTime: -1 })).to.throw('maxRetryTime must be')
    expect(polledAt).to.deep.equal([])
  })

  it('should end with ClientClosed when the client is closed, and abort the poll', () => {
    inVirtualTime(({ expectObservable, flush }) => {
      const { client, abortedAt } = clientOf('never')
      asyncScheduler.schedule(() => client.close(), 5)
      const words = client.step(NAME).pipe(
        concatMap((step) => (step._tag === 'Ended' ? [step.result] : [])),
        tags(),
      )
      expectObservable(words).toBe('5ms (x|)', { x: 'ClientClosed' })
      flush()
      expect(abortedAt).to.deep.equal([5])
    })
  })

  it('should tell a schedule that throws as an error, for that is a defect', async () => {
    const { client } = clientOf(running())
    const broken = { next: () => Number.NaN }
    const told = await lastValueFrom(client.step(NAME, { schedule: broken }).pipe(toArray())).catch(
      (error) => error,
    )
    expect(told).to.be.instanceOf(RangeError)
  })
})

describe('OperationsClient.token', () => {
  it('should say where and by what name it would ask, and send nothing', () => {
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
