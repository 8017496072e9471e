import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { asyncScheduler, concatMap, map, type Observable, of, timer } from 'rxjs'
import {
  andThen,
  constant,
  InvalidOption,
  isTimedOut,
  OperationsClient,
  service,
  type WatchOptions,
  watchOperation,
} from '../../lib/index.js'
import { httpReply, inVirtualTime, type Reply, running, scripted, succeeded } from '../virtual.js'

const NAME = 'projects/p/locations/l/operations/x'
const PARENT = 'projects/p/locations/l'
const schedule = constant({ interval: 1_000 })

type Deadline = WatchOptions['deadline']

/** Every method with the option. */
const METHODS: Readonly<
  Record<string, (client: OperationsClient, deadline: Deadline) => Observable<unknown>>
> = {
  get: (client, deadline) => client.get(NAME, { deadline }),
  wait: (client, deadline) => client.wait(NAME, { deadline }),
  list: (client, deadline) => client.list(PARENT, { deadline }),
  cancel: (client, deadline) => client.cancel(NAME, { deadline }),
  delete: (client, deadline) => client.delete(NAME, { deadline }),
  watch: (client, deadline) => client.watch(NAME, { schedule, deadline }),
  watchAll: (client, deadline) =>
    client.watchAll([NAME], { schedule, deadline }).pipe(map(({ snapshot }) => snapshot)),
  follow: (client, deadline) => client.follow({ name: NAME }, { schedule, deadline }),
  step: (client, deadline) =>
    client
      .step(NAME, { schedule, deadline })
      .pipe(map((step) => (step._tag === 'Ended' ? step.result : step))),
}

function clientFor(...replies: readonly Reply[]) {
  const script = scripted(...replies)
  const client = new OperationsClient({
    endpoint: 'https://jobs.example.com',
    transport: script.transport,
    rateLimit: false,
    random: () => 0.5,
  })
  return { ...script, client }
}

/** Returns `TIME TAG` for each emission, and `TIME end`. `TimedOut` is followed by its timeout. */
function eventsOf(watch: () => Observable<unknown>, start = 0): readonly string[] {
  const events: string[] = []
  const add = (text: string) => events.push(`${asyncScheduler.now()} ${text}`)
  inVirtualTime(({ flush }) => {
    timer(start)
      .pipe(concatMap(watch))
      .subscribe({
        next: (emission) => {
          const { left, right, _tag } = Object(emission)
          const value = left ?? right ?? { _tag }
          add(value.timeout === undefined ? value._tag : `${value._tag} ${value.timeout}`)
        },
        complete: () => add('end'),
      })
    flush()
  })
  return events
}

describe('watch/deadline', () => {
  for (const [method, run] of Object.entries(METHODS)) {
    it(`should end ${method} with TimedOut without a request if the deadline has passed`, () => {
      for (const deadline of [500, new Date(499)]) {
        const { client, polledAt } = clientFor(running())
        const events = eventsOf(() => run(client, deadline), 500)
        const snapshots = method === 'follow' ? ['500 Running'] : []
        expect(events).to.deep.equal([...snapshots, '500 TimedOut 0', '500 end'])
        expect(polledAt).to.deep.equal([])
      }
    })

    it(`should end ${method} and abort its request at the deadline`, () => {
      const { client, polledAt, abortedAt } = clientFor('never')
      const events = eventsOf(() => run(client, new Date(2_500)), 500)
      expect(events.slice(-2)).to.deep.equal(['2500 TimedOut 2000', '2500 end'])
      expect(polledAt).to.have.length(1)
      expect(abortedAt).to.deep.equal([2_500])
    })

    it(`should throw if the deadline of ${method} is invalid`, () => {
      const { client } = clientFor(running())
      for (const [deadline, shown] of [
        ['2030-01-01', '"2030-01-01"'],
        [Number.NaN, 'NaN'],
        [Infinity, 'Infinity'],
        [new Date('tomorrow'), 'NaN'],
        [null, 'null'],
      ] as const)
        expect(() => run(client, deadline as never)).to.throw(
          InvalidOption,
          `deadline must be a valid Date or a finite number of milliseconds since 1970, got ${shown}`,
        )
    })
  }

  const passed = `No request was sent for ${NAME}, because the deadline 1970-01-01T00:00:00.000Z has passed.`
  const unfinished = (deadline: string): string => `${NAME} did not finish before the deadline ${deadline}.`
  for (const [condition, options, expected] of [
    ['has passed', { deadline: 0 }, passed],
    ['ends the watch', { deadline: 2_500 }, unfinished('1970-01-01T00:00:02.500Z')],
    [
      'is earlier than the timeout',
      { deadline: 2_500, timeout: 2_501 },
      unfinished('1970-01-01T00:00:02.500Z'),
    ],
    [
      'is later than the timeout',
      { deadline: 2_500, timeout: 1_500 },
      `${NAME} did not finish within 1.5 s.`,
    ],
  ] as const)
    it(`should contain the limit that ended the watch in the message if the deadline ${condition}`, () => {
      for (const watch of [
        (client: OperationsClient) => client.watch(NAME, { schedule, ...options }),
        (client: OperationsClient) =>
          client.watchAll([NAME], { schedule, ...options }).pipe(map(({ snapshot }) => snapshot)),
      ]) {
        const errors: unknown[] = []
        inVirtualTime(({ flush }) => {
          watch(clientFor(running()).client).subscribe((emission) => {
            if (isLeft(emission) && isTimedOut(emission.left))
              errors.push([emission.left.message, emission.left.deadline])
          })
          flush()
        })
        expect(errors).to.deep.equal([
          [expected, expected.includes('deadline') ? options.deadline : undefined],
        ])
      }
    })

  it('should contain the deadline in the message of a request that it ended', () => {
    const messages: unknown[] = []
    inVirtualTime(({ flush }) => {
      clientFor('never')
        .client.get(NAME, { deadline: 2_500 })
        .subscribe((emission) => messages.push(Object(emission).left.message))
      flush()
    })
    expect(messages).to.deep.equal([
      `${NAME} did not finish before the deadline 1970-01-01T00:00:02.500Z, and no response contained it.`,
    ])
  })

  it('should emit the result of a started operation that is done, even if the deadline has passed', () => {
    const { client } = clientFor()
    const started = { name: NAME, done: true, response: {} }
    expect(eventsOf(() => client.follow(started, { deadline: 0 }))).to.deep.equal(['0 Succeeded', '0 end'])
  })

  for (const [description, options, expected] of [
    ['the timeout', { timeout: 1_200, deadline: 9_000 }, '1700 TimedOut 1200'],
    ['the deadline', { timeout: 9_000, deadline: 1_700 }, '1700 TimedOut 1200'],
  ] as const)
    it(`should end a watch at the earlier of timeout and deadline: ${description}`, () => {
      const once = constant({ interval: 60_000 })
      for (const run of [
        (client: OperationsClient) => client.watch(NAME, { ...options, schedule: once }),
        (client: OperationsClient) =>
          client.watchAll([NAME], { ...options, schedule: once }).pipe(map(({ snapshot }) => snapshot)),
        (_: OperationsClient, { transport }: ReturnType<typeof clientFor>) =>
          watchOperation(NAME, {
            ...service('run'),
            ...options,
            schedule: once,
            transport,
            rateLimit: false,
          }),
      ]) {
        const script = clientFor(running())
        const events = eventsOf(() => run(script.client, script), 500)
        expect(events.slice(-2)).to.deep.equal([expected, '1700 end'])
        // The last poll is sent 500 ms after the first one, because this is later than 750 ms before the end.
        expect(script.polledAt.slice(0, 2)).to.deep.equal([500, 1_000])
      }
    })

  it('should end each name of watchAll at the deadline, and names that are read later without a request', () => {
    const { client, polledAt } = clientFor(running())
    const names = timer(0, 400).pipe(map((n) => `${NAME}${n % 4}`))
    const options = { schedule: constant({ interval: 60_000 }), deadline: 1_000, concurrency: 2 }
    const results: string[] = []
    inVirtualTime(({ flush }) => {
      const watch = client.watchAll(names, options).subscribe(({ name, snapshot }) => {
        if (snapshot._tag === 'Left')
          results.push(`${asyncScheduler.now()} ${name.at(-1)} ${snapshot.left._tag}`)
      })
      timer(1_300).subscribe(() => watch.unsubscribe())
      flush()
    })
    expect(results).to.deep.equal([
      '1000 0 TimedOut',
      '1000 1 TimedOut',
      '1000 2 TimedOut',
      '1200 3 TimedOut',
    ])
    expect(polledAt.every((at) => at < 1_000)).to.equal(true)
  })

  it('should let the server hold the response of wait no longer than until the deadline', () => {
    for (const [deadline, timeout] of [
      [2_500, '2.5s'],
      [99_000, '30s'],
    ] as const) {
      const { client, requests } = clientFor(succeeded())
      eventsOf(() => client.wait(NAME, { deadline }))
      expect(requests[0]?.body).to.equal(JSON.stringify({ timeout }))
    }
  })

  it('should apply to the retries of a request', () => {
    const { client, polledAt } = clientFor(httpReply(503, ''))
    const events = eventsOf(() => client.cancel(NAME, { deadline: 2_000 }))
    expect(events).to.deep.equal(['2000 TimedOut 2000', '2000 end'])
    expect(polledAt).to.have.length.above(1)
  })

  it('should return waits of a step that lead to a last poll before the deadline, and then to the deadline', () => {
    const { client } = clientFor(running())
    const options = { schedule: constant({ interval: 10_000 }), deadline: 5_000 }
    const waits: unknown[] = []
    inVirtualTime(({ flush }) => {
      const next = (from: Parameters<OperationsClient['step']>[0]): void => {
        client.step(from, options).subscribe((step) => {
          waits.push(step._tag === 'Pending' ? step.wait : Object(step.result).left._tag)
          if (step._tag === 'Pending') timer(step.wait).subscribe(() => next(step.state))
        })
      }
      next(NAME)
      flush()
    })
    expect(waits).to.deep.equal([4_250, 500, 250, 'TimedOut'])
  })

  it('should end both watches of a chain at the same deadline', () => {
    const { client, polledAt } = clientFor(running(), succeeded(), running())
    const limits = { schedule, deadline: 2_600 }
    const chain = () => client.watch(NAME, limits).pipe(andThen(() => client.watch(`${NAME}2`, limits)))
    expect(eventsOf(chain)).to.deep.equal([
      '0 Running',
      '1000 Running',
      '2000 Running',
      '2600 TimedOut 1600',
      '2600 end',
    ])
    expect(polledAt).to.deep.equal([0, 1_000, 1_000, 2_000])
  })

  it('should accept the Date of another realm', () => {
    const { client } = clientFor(succeeded())
    const date = { getTime: () => 1_000 } as Date
    expect(eventsOf(() => client.get(NAME, { deadline: date }))).to.deep.equal(['0 Succeeded', '0 end'])
    expect(
      eventsOf(() => of(1).pipe(concatMap(() => client.get(NAME, { deadline: date }))), 1_000),
    ).to.deep.equal(['1000 TimedOut 0', '1000 end'])
  })
})
