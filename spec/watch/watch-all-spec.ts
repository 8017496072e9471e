import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { asyncScheduler, from, map, NEVER, Observable, of, Subject, take, timer } from 'rxjs'
import {
  type ClientOptions,
  constant,
  InvalidOption,
  type NamedSnapshot,
  OperationsClient,
  type Transport,
  type WatchAllOptions,
} from '../../lib/index.js'
import { type HeapItem, TimerHeap } from '../../lib/time/timer-heap.js'
import {
  delayed,
  http,
  inVirtualTime,
  notFound,
  type Reply,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'

const schedule = constant({ interval: 1_000 })

/** A server whose operations last as long as their names say, in milliseconds. */
function lasting(options: ClientOptions = {}) {
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
function short({ name, snapshot }: NamedSnapshot): string {
  return `${name.slice(11)} ${isLeft(snapshot) ? snapshot.left._tag : snapshot.right._tag}`
}
function seenIn(words: Observable<NamedSnapshot>): string[] {
  const seen: string[] = []
  words.subscribe({
    next: (word) => seen.push(`${asyncScheduler.now()} ${short(word)}`),
    error: (defect: unknown) => seen.push(`${asyncScheduler.now()} ${defect}`),
    complete: () => seen.push(`${asyncScheduler.now()} end`),
  })
  return seen
}
function played(act: () => string[]): readonly string[] {
  let seen: string[] = []
  inVirtualTime(({ flush }) => {
    seen = act()
    flush()
  })
  return seen
}

describe('watch/watch-all', () => {
  it('should emit every snapshot of every name, and complete when all are done', () => {
    const { client, polledAt } = lasting()
    const seen = played(() => seenIn(client.watchAll([name(1_500), name(0), name(500)], { schedule })))
    expect(seen).to.deep.equal([
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

  it('should end a name that fails, and no other', () => {
    const { transport } = scripted(http(403, 'no'), running(), succeeded())
    const client = new OperationsClient({ transport, rateLimit: false })
    const names = [
      name('a'),
      'operations/../b',
      name('c'),
      { name: name('d'), endpoint: 'https://evil.example', apiVersion: 'v3' },
    ]
    expect(played(() => seenIn(client.watchAll(names, { schedule })))).to.deep.equal([
      '0 ../b InvalidName',
      '0 d InvalidName',
      '0 a RequestRejected',
      '0 c Running',
      '1000 c Succeeded',
      '1000 end',
    ])
  })

  describe('agrees with watch, poll for poll', () => {
    const scripts: readonly (readonly [string, readonly Reply[], WatchAllOptions?])[] = [
      ['failures that pass', [unavailable, unavailable, running(), unavailable, succeeded()]],
      ['failures that last', [running(), unavailable], { maxRetryTime: 7_000 }],
      ['a 404 before it is visible', [notFound, notFound, running(), succeeded()]],
      ['a 404 that stays', [notFound], { visibilityWindow: 2_500 }],
      ['a Retry-After', [http(429, '', { 'retry-after': '7' }), succeeded()]],
      ['what is no operation', [http(200, 'x')]],
      ['a timeout while it waits', [running()], { timeout: 3_400 }],
      ['a timeout just after a poll', [running()], { timeout: 3_001 }],
      ['a timeout while a poll is under way', [running(), delayed(5_000, running())], { timeout: 3_000 }],
      ['a timeout before a Retry-After', [http(429, '', { 'retry-after': '7' })], { timeout: 3_000 }],
      [
        'a timeout shorter than its last poll',
        [delayed(50, running()), delayed(50, running())],
        { timeout: 200 },
      ],
      ['answers that take their time', [delayed(1_234, running()), delayed(99, running()), succeeded()]],
    ]
    for (const [what, replies, options = {}] of scripts)
      it(`of ${what}`, () => {
        const run = (watch: (client: OperationsClient) => Observable<NamedSnapshot>) => {
          const { transport, polledAt, abortedAt } = scripted(...replies)
          const client = new OperationsClient({ transport, random: () => 0.5, rateLimit: false })
          const seen = played(() => seenIn(watch(client)))
          return { seen, polledAt, abortedAt }
        }
        const settings = { schedule, ...options }
        const all = run((client) => client.watchAll([name('x')], settings))
        const one = run((client) =>
          client.watch(name('x'), settings).pipe(map((snapshot) => ({ name: name('x'), snapshot }))),
        )
        expect(all).to.deep.equal(one)
        expect(all.polledAt).to.not.deep.equal([])
      })
  })

  it('should read names no faster than concurrency allows, be they endless', () => {
    let read = 0
    function* endless() {
      for (;;) yield name(`${500 + 1_000 * (read % 2)}-${read++}`)
    }
    const { client, polledAt } = lasting()
    let most = 0
    const live = new Set<string>()
    played(() => {
      client
        .watchAll(endless(), { schedule, concurrency: 3 })
        .pipe(take(60))
        .subscribe(({ name, snapshot }) => {
          live.add(name)
          most = Math.max(most, live.size)
          if (isLeft(snapshot) || snapshot.right.done) live.delete(name)
        })
      return []
    })
    expect(most).to.equal(3)
    expect(read).to.be.below(60)
    expect(polledAt.size).to.be.at.most(read)
  })

  it('should close an iterator that it reads no further', () => {
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
    const { client } = lasting()
    played(() => seenIn(client.watchAll(names(), { concurrency: 1 }).pipe(take(2))))
    expect(isClosed).to.equal(true)
  })

  it('should take names as they are pushed, and keep what comes too soon', () => {
    const { client } = lasting()
    const names = new Subject<string>()
    const seen = played(() => {
      const words = seenIn(client.watchAll(names, { schedule, concurrency: 1 }))
      for (const id of [500, 0, 1]) names.next(name(id))
      timer(5_000).subscribe(() => {
        names.next(name(2))
        names.complete()
      })
      return words
    })
    expect(seen).to.deep.equal([
      '0 500 Running',
      '1000 500 Succeeded',
      '1000 0 Succeeded',
      '1000 1 Succeeded',
      '5000 2 Succeeded',
      '5000 end',
    ])
  })

  it('should read an async iterable one name at a time', async () => {
    let read = 0
    async function* names() {
      for (const id of [0, 0, 0]) {
        read++
        yield name(`${id}-${read}`)
      }
    }
    const { client } = lasting()
    const seen: string[] = []
    await new Promise<void>((resolve) =>
      client.watchAll(names(), { concurrency: 1 }).subscribe({
        next: (word) => seen.push(`${short(word)} of ${read}`),
        complete: resolve,
      }),
    )
    expect(seen).to.deep.equal(['0-1 Succeeded of 1', '0-2 Succeeded of 2', '0-3 Succeeded of 3'])
  })

  it('should complete at once without names', () => {
    const { client } = lasting()
    expect(played(() => seenIn(client.watchAll([])))).to.deep.equal(['0 end'])
  })

  it('should err where the names err, and abort what is asked', () => {
    const { transport, abortedAt } = scripted('never')
    const client = new OperationsClient({ transport })
    const names = new Subject<string>()
    const seen = played(() => {
      const words = seenIn(client.watchAll(names))
      names.next(name('a'))
      timer(10).subscribe(() => names.error('no more'))
      return words
    })
    expect(seen).to.deep.equal(['10 no more'])
    expect(abortedAt).to.deep.equal([10])
  })

  it('should stop all when it is unsubscribed or its signal is aborted, and ask no more', () => {
    for (const stop of ['unsubscribe', 'abort'] as const) {
      const { client, polledAt } = lasting()
      const abort = new AbortController()
      played(() => {
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

  it('should ask no more when it is left from within a word', () => {
    const { client, polledAt } = lasting()
    const seen = played(() =>
      seenIn(client.watchAll([name(9_000), name(8_000), name(7_000)], { schedule }).pipe(take(1))),
    )
    expect(seen).to.deep.equal(['0 9000 Running', '0 end'])
    expect([...polledAt]).to.deep.equal([['9000', [0]]])
  })

  it('should ask no more when it is left though more than a thousand polls wait their turn', () => {
    let asked = 0
    const transport: Transport = () => {
      asked++
      return timer(5).pipe(map(() => running()))
    }
    const client = new OperationsClient({ transport, rateLimit: false })
    const names = Array.from({ length: 1_500 }, (_, n) => name(n))
    const seen = played(() => seenIn(client.watchAll(names, { schedule }).pipe(take(1))))
    expect(seen).to.deep.equal(['5 0 Running', '5 end'])
    expect(asked).to.equal(1_000)
  })

  it('should say nothing of names that were pushed and not read when the client is closed', () => {
    const { client } = lasting()
    const pushed = new Observable<string>((subscriber) => {
      for (const id of [90_000, 80_000, 70_000]) subscriber.next(name(id))
    })
    const seen = played(() => {
      timer(500).subscribe(() => client.close())
      return seenIn(client.watchAll(pushed, { schedule, concurrency: 1 }))
    })
    expect(seen).to.deep.equal(['0 90000 Running', '500 90000 ClientClosed', '500 end'])
  })

  it('should end all watches of a client that is closed, though an iterator throws when it is let go', () => {
    const { client } = lasting()
    function* names(): Generator<string> {
      try {
        yield name(90_000)
        yield name(80_000)
      } finally {
        // biome-ignore lint/correctness/noUnsafeFinally: what throws there is what is looked at.
        throw new Error('let go')
      }
    }
    let others: string[] = []
    const seen = played(() => {
      const all = seenIn(client.watchAll(names(), { schedule, concurrency: 1 }))
      others = seenIn(client.watchAll([name(70_000)], { schedule }))
      timer(500).subscribe(() => client.close())
      return all
    })
    expect(seen.slice(-2)).to.deep.equal(['500 90000 ClientClosed', '500 end'])
    expect(others.slice(-2)).to.deep.equal(['500 70000 ClientClosed', '500 end'])
  })

  it('should end each name with ClientClosed, and then complete', () => {
    const { client } = lasting()
    const seen = played(() => {
      timer(1_500).subscribe(() => client.close())
      return seenIn(client.watchAll([name(90_000), name(80_000), name(10)], { schedule, concurrency: 2 }))
    })
    expect(seen.slice(-3)).to.deep.equal(['1500 90000 ClientClosed', '1500 80000 ClientClosed', '1500 end'])
    expect(played(() => seenIn(client.watchAll([name(1)])))).to.deep.equal(['0 end'])
  })

  it('should have no more than a thousand polls under way, the first due first', () => {
    let inFlight = 0
    let most = 0
    const transport: Transport = () => {
      most = Math.max(most, ++inFlight)
      return timer(100).pipe(
        map(() => {
          inFlight--
          return succeeded()
        }),
      )
    }
    const client = new OperationsClient({ transport, rateLimit: false })
    const seen = played(() => seenIn(client.watchAll(Array.from({ length: 2_500 }, (_, n) => name(n)))))
    expect(seen).to.have.length(2_501)
    expect(most).to.equal(1_000)
    expect(seen.at(-1)).to.equal('300 end')
  })

  it('should take ten thousand names that are pushed at once', () => {
    const { client } = lasting()
    const seen = played(() =>
      seenIn(client.watchAll(from(Array.from({ length: 10_000 }, (_, n) => name(`0-${n}`))))),
    )
    expect(seen).to.have.length(10_001)
    expect(seen.at(-1)).to.match(/ end$/)
  })

  it('should hold to concurrency though names come slowly, and then in a burst', () => {
    const { client, polledAt } = lasting()
    const names = new Subject<string>()
    played(() => {
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

  it('should tell that time is up when it is, however many polls are under way', () => {
    const client = new OperationsClient({ transport: () => NEVER, rateLimit: false })
    const names = Array.from({ length: 1_500 }, (_, n) => name(n))
    const seen = played(() => seenIn(client.watchAll(names, { timeout: 1_000 })))
    expect(seen.slice(0, 1_500).every((text) => /^1000 .*TimedOut$/.test(text))).to.equal(true)
    expect(seen.at(-1)).to.equal('1000 end')
  })

  it('should read by the decoders', () => {
    const { client } = lasting()
    const response = (value: unknown) => ({ _tag: 'Right', right: `read ${value}` }) as const
    let last: unknown
    played(() => {
      client.watchAll([name(0)], { response }).subscribe(({ snapshot }) => (last = snapshot))
      return []
    })
    expect(last).to.have.nested.property('right.response', 'read 0')
  })

  for (const [names, options, message] of [
    [
      'operations/x',
      {},
      'names must be what an Observable can be made of, such as an array, got "operations/x"',
    ],
    [[], { concurrency: 0 }, 'concurrency must be a number from 1 to 10000000, got 0'],
    [[], { maxRetryTime: -1 }, 'maxRetryTime must be a finite number'],
  ] as const)
    it(`should refuse: ${message}`, () => {
      const { client } = lasting()
      expect(() => client.watchAll(names as never, options)).to.throw(InvalidOption, message)
    })

  it('should take names from an Observable of tokens', () => {
    const { client } = lasting()
    const token = {
      name: name(0),
      endpoint: 'https://cloudresourcemanager.googleapis.com',
      apiVersion: 'v3',
      since: -500,
    }
    let elapsed: unknown
    played(() => {
      client
        .watchAll(from([token]))
        .subscribe(({ snapshot }) => (elapsed = !isLeft(snapshot) && snapshot.right.elapsed))
      return []
    })
    expect(elapsed).to.equal(500)
  })
})

describe('watch/agenda', () => {
  it('should give what is due first, whatever was added and removed', () => {
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    const agenda = new TimerHeap<HeapItem>()
    const items: HeapItem[] = []
    for (let step = 0; step < 2_000; step++) {
      if (items.length === 0 || random(3) > 0) {
        const item = { at: random(1_000), order: step, index: -1 }
        agenda.add(item)
        items.push(item)
      } else {
        const [item] = items.splice(random(items.length), 1)
        if (item) agenda.remove(item)
        expect(item?.index).to.equal(-1)
      }
      expect(agenda.first?.at).to.equal(
        items.length === 0 ? undefined : Math.min(...items.map(({ at }) => at)),
      )
    }
  })
})
