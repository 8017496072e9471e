import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import {
  asyncScheduler,
  from,
  map,
  merge,
  NEVER,
  Observable,
  of,
  Subject,
  Subscription,
  take,
  tap,
  timer,
} from 'rxjs'
import {
  type ClientOptions,
  constant,
  InvalidOption,
  type NamedSnapshot,
  OperationsClient,
  type ResumeToken,
  type Transport,
  type WatchAllOptions,
} from '../../lib/index.js'
import { isFinal } from '../../lib/polling/emission.js'
import {
  delayed,
  httpReply,
  inVirtualTime,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'

const schedule = constant({ interval: 1_000 })
const TOKEN = { endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3' }

/** Creates a client for operations whose names contain the duration of the operation in milliseconds. */
function clientForDurations(options: ClientOptions = {}) {
  const polledAt = new Map<string, number[]>()
  const transport: Transport = ({ url }) => {
    const name = url.slice(url.lastIndexOf('/') + 1)
    polledAt.set(name, [...(polledAt.get(name) ?? []), asyncScheduler.now()])
    return of(asyncScheduler.now() < Number(name.split('-')[0]) ? running() : succeeded(name))
  }
  return {
    polledAt,
    client: new OperationsClient({ transport, rateLimit: false, random: () => 0.5, ...options }),
  }
}
function name(id: string | number): string {
  return `operations/${id}`
}
function summary({ name, snapshot }: NamedSnapshot): string {
  return `${name.slice(11)} ${isLeft(snapshot) ? snapshot.left._tag : snapshot.right._tag}`
}
function record(watch: Observable<NamedSnapshot>): string[] {
  const events: string[] = []
  watch.subscribe({
    next: (named) => events.push(`${asyncScheduler.now()} ${summary(named)}`),
    error: (defect: unknown) => events.push(`${asyncScheduler.now()} ${defect}`),
    complete: () => events.push(`${asyncScheduler.now()} end`),
  })
  return events
}
function eventsOf(run: () => string[]): readonly string[] {
  let events: string[] = []
  inVirtualTime(({ flush }) => {
    events = run()
    flush()
  })
  return events
}

describe('watch/watch-all', () => {
  it('should emit every snapshot of every name, and complete when all operations are done', () => {
    const { client, polledAt } = clientForDurations()
    const events = eventsOf(() => record(client.watchAll([name(1_500), name(0), name(500)], { schedule })))
    expect(events).to.deep.equal([
      '0 1500 Running',
      '0 0 Succeeded',
      '0 500 Running',
      '1000 1500 Running',
      '1000 500 Succeeded',
      '2000 1500 Succeeded',
      '2000 end',
    ])
    expect(polledAt.get('1500')).to.deep.equal([0, 1_000, 2_000])
  })

  it('should emit a Left for each name that cannot be watched, and continue with the other names', () => {
    const { transport } = scripted(httpReply(403, 'no'), running(), succeeded())
    const client = new OperationsClient({ transport, rateLimit: false })
    const names = [
      name('a'),
      'operations/../b',
      name('c'),
      { name: name('d'), endpoint: 'https://evil.example', apiVersion: 'v3' },
    ]
    expect(eventsOf(() => record(client.watchAll(names, { schedule })))).to.deep.equal([
      '0 ../b InvalidName',
      '0 d InvalidName',
      '0 a RequestRejected',
      '0 c Running',
      '1000 c Succeeded',
      '1000 end',
    ])
  })

  const longName = name('x'.repeat(500))
  const names: readonly (readonly [string, readonly (string | ResumeToken)[]])[] = [
    ['longer than 400 characters, and equal except for the end', [`${longName}1`, `${longName}2`]],
    ['similar to a URL with a user', ['x:y@z/operations/1', 'x:w@z/operations/1', 'x:/y@z/operations/1']],
    [
      'invalid, and similar to a URL with a password',
      ['https://a:b@c/operations/1', 'a?key=1', 'a?key=2', ''],
    ],
    [
      'in tokens',
      [
        { ...TOKEN, name: `${longName}1` },
        { ...TOKEN, name: 'x:y@z/operations/1' },
      ],
    ],
    ['equal', [name('a'), name('a')]],
  ]
  for (const [description, given] of names)
    it(`should emit each name as it was given if the names are ${description}`, () => {
      const { client } = clientForDurations()
      const emitted: string[] = []
      inVirtualTime(({ flush }) => {
        client.watchAll(given).subscribe(({ name, snapshot }) => {
          if (isFinal(snapshot)) emitted.push(name)
        })
        flush()
      })
      expect(emitted).to.have.members(given.map((value) => (typeof value === 'string' ? value : value.name)))
    })

  it('should emit an empty name for a value without a name', () => {
    const { client } = clientForDurations()
    const emitted: string[] = []
    client.watchAll([1, {}, { name: 1 }] as never).subscribe((named) => emitted.push(named.name))
    expect(emitted).to.deep.equal(['', '', ''])
  })

  describe('equal names', () => {
    it('should share their polls, and have their own snapshots and final results', () => {
      const { client, polledAt } = clientForDurations()
      const token = { ...TOKEN, name: name(1_500) }
      const names = [name(1_500), name(1_500), token]
      const events = eventsOf(() => record(client.watchAll(names, { schedule })))
      expect(events).to.deep.equal([
        ...Array(3).fill('0 1500 Running'),
        ...Array(3).fill('1000 1500 Running'),
        ...Array(3).fill('2000 1500 Succeeded'),
        '2000 end',
      ])
      expect(polledAt.get('1500')).to.deep.equal([0, 1_000, 2_000])
    })

    it('should have separate polls if their tokens have different API versions', () => {
      const { client, polledAt } = clientForDurations()
      const tokens = ['v1', 'v3', 'v1'].map((apiVersion) => ({ ...TOKEN, apiVersion, name: name(0) }))
      eventsOf(() => record(client.watchAll(tokens, { schedule })))
      expect(polledAt.get('0')).to.deep.equal([0, 0])
    })

    it('should receive the latest snapshot first if they are read later, and a new poll after the final result', () => {
      const { client, polledAt } = clientForDurations()
      const times = [0, 300, 2_500]
      const names = merge(...times.map((time) => timer(time).pipe(map(() => name(1_500)))))
      expect(eventsOf(() => record(client.watchAll(names, { schedule })))).to.deep.equal([
        '0 1500 Running',
        '300 1500 Running',
        '1000 1500 Running',
        '1000 1500 Running',
        '2000 1500 Succeeded',
        '2000 1500 Succeeded',
        '2500 1500 Succeeded',
        '2500 end',
      ])
      expect(polledAt.get('1500')).to.deep.equal([0, 1_000, 2_000, 2_500])
    })

    it('should time out separately, and poll as scheduled until the last of them ends', () => {
      const { client, polledAt } = clientForDurations()
      const names = merge(
        of(name(9_999)),
        ...[1_000, 2_000].map((at) => timer(at).pipe(map(() => name(9_999)))),
      )
      const options = { schedule: constant({ interval: 10_000 }), timeout: 3_000 }
      const events = eventsOf(() => record(client.watchAll(names, options)))
      expect(events.filter((event) => !event.endsWith('Running'))).to.deep.equal([
        '3000 9999 TimedOut',
        '4000 9999 TimedOut',
        '5000 9999 TimedOut',
        '5000 end',
      ])
      // A watch sends its last poll 750 ms before its timeout, and one more if 500 ms have passed since then.
      expect(polledAt.get('9999')).to.deep.equal([0, 2_250, 2_750, 3_250, 3_750, 4_250, 4_750])
    })

    it('should not poll before `Retry-After` when the first of them times out', () => {
      const { transport, polledAt } = scripted(
        rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '10' }),
        succeeded(),
      )
      const client = new OperationsClient({ transport, rateLimit: false })
      const names = merge(of(name('a')), timer(9_000).pipe(map(() => name('a'))))
      expect(eventsOf(() => record(client.watchAll(names, { timeout: 9_500 })))).to.deep.equal([
        '9500 a TimedOut',
        '10000 a Succeeded',
        '10000 end',
      ])
      expect(polledAt).to.deep.equal([0, 10_000])
    })

    it('should count toward `concurrency`', () => {
      const { client } = clientForDurations()
      const names = [name('500-a'), name('500-a'), name('500-b')]
      expect(eventsOf(() => record(client.watchAll(names, { schedule, concurrency: 2 })))).to.deep.equal([
        '0 500-a Running',
        '0 500-a Running',
        '1000 500-a Succeeded',
        '1000 500-a Succeeded',
        '1000 500-b Succeeded',
        '1000 end',
      ])
    })

    it('should send no more polls after the subscriber unsubscribes, and each end when the client is closed', () => {
      const { client, polledAt } = clientForDurations()
      const names = [name(9_999), name(9_999)]
      eventsOf(() => record(client.watchAll(names, { schedule }).pipe(take(3))))
      expect(polledAt.get('9999')).to.deep.equal([0, 1_000])
      const events = eventsOf(() => {
        timer(100).subscribe(() => client.close())
        return record(client.watchAll(names, { schedule }))
      })
      expect(events.slice(2)).to.deep.equal(['100 9999 ClientClosed', '100 9999 ClientClosed', '100 end'])
    })
  })

  describe('{ name, context }', () => {
    it('should emit the context of each name by reference, also for tokens and invalid names', () => {
      const { client, polledAt } = clientForDurations()
      const contexts = [{ ack: 1 }, { ack: 2 }, { ack: 3 }, undefined]
      const names = [name(500), { ...TOKEN, name: name(500) }, 'operations/../x', name(0)]
      const given = names.map((value, index) => ({ name: value, context: contexts[index] }))
      const emitted: (readonly [unknown, string])[] = []
      inVirtualTime(({ flush }) => {
        client
          .watchAll(from(given), { schedule })
          .subscribe((named) => emitted.push([named.context, summary(named)]))
        flush()
      })
      expect(emitted).to.deep.equal([
        [contexts[2], '../x InvalidName'],
        [contexts[0], '500 Running'],
        [contexts[1], '500 Running'],
        [undefined, '0 Succeeded'],
        [contexts[0], '500 Succeeded'],
        [contexts[1], '500 Succeeded'],
      ])
      expect(emitted[1]?.[0]).to.equal(contexts[0])
      expect(polledAt.get('500')).to.deep.equal([0, 1_000])
    })

    it('should reject an object without a name', () => {
      const { client } = clientForDurations()
      const emitted: NamedSnapshot[] = []
      client.watchAll([{ context: 1 }] as never).subscribe((named) => emitted.push(named))
      expect(emitted.map(summary)).to.deep.equal([' InvalidName'])
      expect(emitted[0]).to.include({ name: '', context: 1 })
    })
  })

  describe('compared with client.watch()', () => {
    const scripts: readonly (readonly [string, readonly Reply[], WatchAllOptions?])[] = [
      ['transient failures', [unavailable, unavailable, running(), unavailable, succeeded()]],
      ['failures until the end of the retry time', [running(), unavailable], { maxRetryTime: 7_000 }],
      ['a 404 before the operation is visible', [notFound, notFound, running(), succeeded()]],
      ['a 404 until the end of the visibility window', [notFound], { visibilityWindow: 2_500 }],
      ['a Retry-After', [httpReply(429, '', { 'retry-after': '7' }), succeeded()]],
      ['responses without an operation', [httpReply(200, 'x')]],
      ['a timeout during a wait', [running()], { timeout: 3_400 }],
      ['a timeout just after a poll', [running()], { timeout: 3_001 }],
      ['a timeout during a poll', [running(), delayed(5_000, running())], { timeout: 3_000 }],
      ['a timeout before a Retry-After', [httpReply(429, '', { 'retry-after': '7' })], { timeout: 3_000 }],
      [
        'a timeout shorter than the shortest wait of the schedule',
        [delayed(50, running()), delayed(50, running())],
        { timeout: 200 },
      ],
      ['slow responses', [delayed(1_234, running()), delayed(99, running()), succeeded()]],
    ]
    for (const [description, replies, options = {}] of scripts)
      it(`should emit the same values at the same times for ${description}`, () => {
        const run = (watch: (client: OperationsClient) => Observable<NamedSnapshot>) => {
          const { transport, polledAt, abortedAt } = scripted(...replies)
          const client = new OperationsClient({ transport, random: () => 0.5, rateLimit: false })
          const events = eventsOf(() => record(watch(client)))
          return { events, polledAt, abortedAt }
        }
        const settings = { schedule, ...options }
        const actual = run((client) => client.watchAll([name('x')], settings))
        const expected = run((client) =>
          client.watch(name('x'), settings).pipe(map((snapshot) => ({ name: name('x'), snapshot }))),
        )
        expect(actual).to.deep.equal(expected)
        expect(actual.polledAt).to.not.deep.equal([])
      })
  })

  it('should read an endless iterator only as fast as concurrency allows', () => {
    let namesRead = 0
    function* endless() {
      for (;;) yield name(`${500 + 1_000 * (namesRead % 2)}-${namesRead++}`)
    }
    const { client, polledAt } = clientForDurations()
    let maximum = 0
    const watchedNames = new Set<string>()
    eventsOf(() => {
      client
        .watchAll(endless(), { schedule, concurrency: 3 })
        .pipe(take(60))
        .subscribe(({ name, snapshot }) => {
          watchedNames.add(name)
          maximum = Math.max(maximum, watchedNames.size)
          if (isLeft(snapshot) || snapshot.right.done) watchedNames.delete(name)
        })
      return []
    })
    expect(maximum).to.equal(3)
    expect(namesRead).to.be.below(60)
    expect(polledAt.size).to.be.at.most(namesRead)
  })

  it('should close the iterator of the names when the subscriber unsubscribes', () => {
    let isClosed = false
    function* names() {
      try {
        yield name(0)
        yield name(9_999)
        yield name(1)
      } finally {
        isClosed = true
      }
    }
    const { client } = clientForDurations()
    eventsOf(() => record(client.watchAll(names(), { concurrency: 1 }).pipe(take(2))))
    expect(isClosed).to.equal(true)
  })

  it('should buffer names that an Observable emits', () => {
    const { client } = clientForDurations()
    const names = new Subject<string>()
    const events = eventsOf(() => {
      const recorded = record(client.watchAll(names, { schedule, concurrency: 1 }))
      for (const id of [500, 0, 1]) names.next(name(id))
      timer(5_000).subscribe(() => {
        names.next(name(2))
        names.complete()
      })
      return recorded
    })
    expect(events).to.deep.equal([
      '0 500 Running',
      '1000 500 Succeeded',
      '1000 0 Succeeded',
      '1000 1 Succeeded',
      '5000 2 Succeeded',
      '5000 end',
    ])
  })

  it('should read an async iterable one name at a time', async () => {
    let namesRead = 0
    async function* names() {
      for (const id of [0, 0, 0]) {
        namesRead++
        yield name(`${id}-${namesRead}`)
      }
    }
    const { client } = clientForDurations()
    const events: string[] = []
    await new Promise<void>((resolve) =>
      client.watchAll(names(), { concurrency: 1 }).subscribe({
        next: (named) => events.push(`${summary(named)} of ${namesRead}`),
        complete: resolve,
      }),
    )
    expect(events).to.deep.equal(['0-1 Succeeded of 1', '0-2 Succeeded of 2', '0-3 Succeeded of 3'])
  })

  it('should complete immediately if there are no names', () => {
    const { client } = clientForDurations()
    expect(eventsOf(() => record(client.watchAll([])))).to.deep.equal(['0 end'])
  })

  it('should error and abort polls in flight if the source of names errors', () => {
    const { transport, abortedAt } = scripted('never')
    const client = new OperationsClient({ transport })
    const names = new Subject<string>()
    const events = eventsOf(() => {
      const recorded = record(client.watchAll(names))
      names.next(name('a'))
      timer(10).subscribe(() => names.error('no more'))
      return recorded
    })
    expect(events).to.deep.equal(['10 no more'])
    expect(abortedAt).to.deep.equal([10])
  })

  it('should send no more polls after the subscriber unsubscribes or the signal is aborted', () => {
    for (const stop of ['unsubscribe', 'abort'] as const) {
      const { client, polledAt } = clientForDurations()
      const abort = new AbortController()
      eventsOf(() => {
        const watch = client
          .watchAll([name(90_000), name(80_000)], { schedule, signal: abort.signal })
          .subscribe()
        timer(1_500).subscribe(() => (stop === 'abort' ? abort.abort() : watch.unsubscribe()))
        return []
      })
      expect([...polledAt.values()]).to.deep.equal([
        [0, 1_000],
        [0, 1_000],
      ])
    }
  })

  it('should send no more polls if the subscriber unsubscribes during an emission', () => {
    const { client, polledAt } = clientForDurations()
    const events = eventsOf(() =>
      record(client.watchAll([name(9_000), name(8_000), name(7_000)], { schedule }).pipe(take(1))),
    )
    expect(events).to.deep.equal(['0 9000 Running', '0 end'])
    expect([...polledAt]).to.deep.equal([['9000', [0]]])
  })

  it('should send no more polls if the subscriber unsubscribes while more than 1,000 polls are due', () => {
    let sent = 0
    const transport: Transport = () => {
      sent++
      return timer(5).pipe(map(() => running()))
    }
    const client = new OperationsClient({ transport, rateLimit: false })
    const names = Array.from({ length: 1_500 }, (_, n) => name(n))
    const events = eventsOf(() => record(client.watchAll(names, { schedule }).pipe(take(1))))
    expect(events).to.deep.equal(['5 0 Running', '5 end'])
    expect(sent).to.equal(1_000)
  })

  it('should emit nothing for names that are still buffered when the client is closed', () => {
    const { client } = clientForDurations()
    const names = new Observable<string>((subscriber) => {
      for (const id of [90_000, 80_000, 70_000]) subscriber.next(name(id))
    })
    const events = eventsOf(() => {
      timer(500).subscribe(() => client.close())
      return record(client.watchAll(names, { schedule, concurrency: 1 }))
    })
    expect(events).to.deep.equal(['0 90000 Running', '500 90000 ClientClosed', '500 end'])
  })

  it('should end all watches when the client is closed, even if an iterator throws on return', () => {
    const { client } = clientForDurations()
    function* names(): Generator<string> {
      try {
        yield name(90_000)
        yield name(80_000)
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: the spec needs an iterator that throws on return.
        throw new Error('on return')
      }
    }
    let others: string[] = []
    const events = eventsOf(() => {
      const all = record(client.watchAll(names(), { schedule, concurrency: 1 }))
      others = record(client.watchAll([name(70_000)], { schedule }))
      timer(500).subscribe(() => client.close())
      return all
    })
    expect(events.slice(-2)).to.deep.equal(['500 90000 ClientClosed', '500 end'])
    expect(others.slice(-2)).to.deep.equal(['500 70000 ClientClosed', '500 end'])
  })

  it('should emit ClientClosed for each watched operation when the client is closed, and then complete', () => {
    const { client } = clientForDurations()
    const events = eventsOf(() => {
      timer(1_500).subscribe(() => client.close())
      return record(client.watchAll([name(90_000), name(80_000), name(10)], { schedule, concurrency: 2 }))
    })
    expect(events.slice(-3)).to.deep.equal(['1500 90000 ClientClosed', '1500 80000 ClientClosed', '1500 end'])
    expect(eventsOf(() => record(client.watchAll([name(1)])))).to.deep.equal(['0 end'])
  })

  it('should emit a value if an operator closes the client when it receives the value', () => {
    for (const [names, expected] of [
      [[name(0)], ['0 0 Succeeded', '0 end']],
      [['operations/../x'], ['0 ../x InvalidName', '0 end']],
      [
        [name(0), name(90_000)],
        ['0 0 Succeeded', '0 90000 ClientClosed', '0 end'],
      ],
      [[name(90_000)], ['0 90000 Running', '0 90000 ClientClosed', '0 end']],
    ] as const) {
      const { client } = clientForDurations()
      const events = eventsOf(() => record(client.watchAll([...names]).pipe(tap(() => client.close()))))
      expect(events).to.deep.equal(expected)
    }
  })

  it('should abort a request if the subscriber unsubscribes while the request is created', () => {
    let aborted = 0
    const subscription = new Subscription()
    const transport: Transport = () => {
      subscription.unsubscribe()
      return new Observable(() => () => aborted++)
    }
    const client = new OperationsClient({ transport, rateLimit: false })
    eventsOf(() => {
      subscription.add(client.watchAll([name(1)]).subscribe())
      return []
    })
    expect(aborted).to.equal(1)
  })

  it('should error if an iterator returns undefined', () => {
    const { client } = clientForDurations()
    const names = { [Symbol.iterator]: () => ({ next: () => undefined }) } as unknown as Iterable<string>
    const errors: unknown[] = []
    client.watchAll(names).subscribe({ error: (error) => errors.push(error) })
    expect(errors).to.have.nested.property('[0].name', 'TypeError')
  })

  it('should have at most 1,000 polls in flight, and send them in the order in which they are due', () => {
    let inFlight = 0
    let maximum = 0
    const transport: Transport = () => {
      maximum = Math.max(maximum, ++inFlight)
      return timer(100).pipe(
        map(() => {
          inFlight--
          return succeeded()
        }),
      )
    }
    const client = new OperationsClient({ transport, rateLimit: false })
    const events = eventsOf(() => record(client.watchAll(Array.from({ length: 2_500 }, (_, n) => name(n)))))
    expect(events).to.have.length(2_501)
    expect(maximum).to.equal(1_000)
    expect(events.at(-1)).to.equal('300 end')
  })

  it('should accept 10,000 names that an Observable emits at the same time', () => {
    const { client } = clientForDurations()
    const events = eventsOf(() =>
      record(client.watchAll(from(Array.from({ length: 10_000 }, (_, n) => name(`0-${n}`))))),
    )
    expect(events).to.have.length(10_001)
    expect(events.at(-1)).to.match(/ end$/)
  })

  it('should watch no more than `concurrency` operations if names arrive first slowly and then all at the same time', () => {
    const { client, polledAt } = clientForDurations()
    const names = new Subject<string>()
    eventsOf(() => {
      const watch = client.watchAll(names, { schedule, concurrency: 2 }).subscribe()
      for (let n = 0; n < 10; n++) timer(n * 10).subscribe(() => names.next(name(`0-${n}`)))
      timer(200).subscribe(() => {
        for (let n = 0; n < 50; n++) names.next(name(`90000-${n}`))
      })
      timer(500).subscribe(() => watch.unsubscribe())
      return []
    })
    expect([...polledAt.keys()].filter((id) => id.startsWith('90000'))).to.have.length(2)
  })

  it('should emit TimedOut on time if the maximum number of polls is in flight', () => {
    const client = new OperationsClient({ transport: () => NEVER, rateLimit: false })
    const names = Array.from({ length: 1_500 }, (_, n) => name(n))
    const events = eventsOf(() => record(client.watchAll(names, { timeout: 1_000 })))
    expect(events.slice(0, 1_500).every((text) => /^1000 .*TimedOut$/.test(text))).to.equal(true)
    expect(events.at(-1)).to.equal('1000 end')
  })

  it('should apply the decoders', () => {
    const { client } = clientForDurations()
    const response = (value: unknown) => ({ _tag: 'Right', right: `decoded ${value}` }) as const
    let last: unknown
    eventsOf(() => {
      client.watchAll([name(0)], { response }).subscribe(({ snapshot }) => (last = snapshot))
      return []
    })
    expect(last).to.have.nested.property('right.response', 'decoded 0')
  })

  for (const [names, options, message] of [
    ['operations/x', {}, 'names must be an ObservableInput, such as an array, got "operations/x"'],
    [[], { concurrency: 0 }, 'concurrency must be a number from 1 to 10000000, got 0'],
    [[], { maxRetryTime: -1 }, 'maxRetryTime must be a finite number'],
  ] as const)
    it(`should throw if ${message}`, () => {
      const { client } = clientForDurations()
      expect(() => client.watchAll(names as never, options)).to.throw(InvalidOption, message)
    })

  it('should accept an Observable of tokens', () => {
    const { client } = clientForDurations()
    const token = { ...TOKEN, name: name(0), since: -500 }
    let elapsed: unknown
    eventsOf(() => {
      client
        .watchAll(from([token]))
        .subscribe(({ snapshot }) => (elapsed = !isLeft(snapshot) && snapshot.right.elapsed))
      return []
    })
    expect(elapsed).to.equal(500)
  })
})
