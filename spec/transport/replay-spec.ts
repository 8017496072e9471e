import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { left } from 'fp-ts/lib/Either.js'
import { map, type Observable } from 'rxjs'
import { type ClientOptions, constant, OperationsClient, type PollStarted } from '../../lib/index.js'
import {
  connectionLost,
  delayed,
  httpReply,
  inVirtualTime,
  NAME,
  type Reply,
  running,
  scripted,
  succeeded,
  type TransportResult,
  tags,
} from '../virtual.js'

const STALE: TransportResult = left({ _tag: 'ConnectionFailed', code: 'ECONNRESET', stale: true })
const TIMED_OUT: TransportResult = left({ _tag: 'RequestTimedOut', requestTimeout: 1 })
/** A batch response with the parts of two polls. */
const BATCH_RESPONSE = httpReply(200, `${[0, 1].map(partOf).join('')}--r--\r\n`, {
  'content-type': 'multipart/mixed; boundary=r',
})

/** Returns the part of poll `n` in a batch response. */
function partOf(n: number): string {
  return `--r\r\nContent-ID: <response-${n}>\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{"name":"${NAME}${n}"}\r\n`
}

/** Returns a client that receives `replies` in order, and the records of its transport. */
function clientOf(replies: readonly Reply[], options: ClientOptions = {}) {
  const network = scripted(...replies)
  const { transport } = network
  // A client with only an endpoint supports every method.
  const common = { endpoint: 'https://example.com', auth: false, random: () => 0 } as const
  return { client: new OperationsClient({ ...common, transport, ...options }), ...network }
}

describe('transport/replay', () => {
  const verbs: readonly (readonly [
    string,
    TransportResult,
    (client: OperationsClient) => Observable<unknown>,
  ])[] = [
    ['get', succeeded(), (client) => client.get(NAME)],
    ['wait', succeeded(), (client) => client.wait(NAME)],
    ['list', httpReply(200, { operations: [] }), (client) => client.list('p', { maxRetryTime: 0 })],
    ['cancel', httpReply(200, {}), (client) => client.cancel(NAME, { maxRetryTime: 0 })],
    ['watch', succeeded(), (client) => client.watch(NAME, { maxRetryTime: 0 })],
    ['watchAll', succeeded(), (client) => client.watchAll([NAME], { maxRetryTime: 0 })],
  ]
  for (const [verb, reply, call] of verbs)
    it(`should send the request of ${verb} once more, on a new connection, after a stale connection`, () => {
      inVirtualTime(({ flush }) => {
        const { client, requests, polledAt } = clientOf([STALE, reply], { headers: { 'x-key': 'SECRET' } })
        const results: unknown[] = []
        call(client).subscribe((result) => results.push(result))
        flush()
        const [first, second] = requests
        expect(JSON.stringify(results)).to.not.include('"Left"')
        expect(first).to.not.have.property('newConnection')
        expect(second).to.deep.equal({ ...first, newConnection: true })
        expect(polledAt).to.deep.equal([0, 0])
      })
    })

  it('should send a long poll once more after a stale connection', () => {
    inVirtualTime(({ flush }) => {
      const { client, requests } = clientOf([running(), STALE, succeeded()])
      client.watch(NAME, { longPoll: true, maxRetryTime: 0 }).subscribe()
      flush()
      expect(requests.map(({ newConnection }) => newConnection)).to.deep.equal([undefined, undefined, true])
    })
  })

  it('should not replay a delete or a step', () => {
    inVirtualTime(({ flush, expectObservable }) => {
      const { client, requests } = clientOf([STALE])
      client.delete(NAME, { maxRetryTime: 0 }).subscribe()
      expectObservable(client.step(NAME).pipe(map(({ _tag }) => _tag))).toBe('(a|)', { a: 'Pending' })
      flush()
      expect(requests.map(({ method }) => method)).to.deep.equal(['DELETE', 'GET'])
    })
  })

  const failures: readonly (readonly [string, TransportResult])[] = [
    ['the failure of a new connection', connectionLost()],
    ['a request that timed out', TIMED_OUT],
    ['an HTTP error', httpReply(503)],
  ]
  for (const [description, failure] of failures)
    it(`should not replay ${description}`, () => {
      inVirtualTime(({ flush, expectObservable }) => {
        const { client, requests } = clientOf([failure, succeeded()])
        expectObservable(client.get(NAME).pipe(tags())).toBe('(a|)', { a: 'Unreachable' })
        flush()
        expect(requests).to.have.length(1)
      })
    })

  it('should replay a request only once', () => {
    inVirtualTime(({ flush, expectObservable }) => {
      const { client, requests } = clientOf([STALE, STALE, succeeded()])
      expectObservable(client.get(NAME).pipe(tags())).toBe('(a|)', { a: 'Unreachable' })
      flush()
      expect(requests).to.have.length(2)
    })
  })

  it('should acquire a permit of the rate limit for the replay', () => {
    inVirtualTime(({ flush }) => {
      const rateLimit = { requests: 1, per: 300 }
      const { client, polledAt } = clientOf([STALE, succeeded()], { rateLimit })
      client.get(NAME).subscribe()
      flush()
      expect(polledAt).to.deep.equal([0, 300])
      expect(client.stats()).to.include({ inFlight: 0, waiting: 0 })
    })
  })

  const endings: readonly (readonly [string, (client: OperationsClient, unsubscribe: () => void) => void])[] =
    [
      ['the subscriber unsubscribes', (_, unsubscribe) => unsubscribe()],
      ['the client is closed', (client) => client.close()],
    ]
  for (const [description, end] of endings)
    it(`should not replay if ${description} while the replay waits for the rate limit`, () => {
      inVirtualTime(({ flush, cold }) => {
        const rateLimit = { requests: 1, per: 300 }
        const { client, polledAt } = clientOf([STALE, succeeded()], { rateLimit })
        const subscription = client.get(NAME).subscribe()
        cold('100ms (a|)').subscribe(() => end(client, () => subscription.unsubscribe()))
        flush()
        expect(polledAt).to.deep.equal([0])
        expect(client.stats()).to.include({ inFlight: 0, waiting: 0 })
      })
    })

  it('should count a poll and its replay as one attempt of the watch', () => {
    const attempts: number[] = []
    const onPoll = (event: unknown): void => void attempts.push((event as PollStarted).attempt)
    subscribe('rx-longrunning:poll:start', onPoll)
    try {
      inVirtualTime(({ flush }) => {
        const { client, polledAt } = clientOf([running(), STALE, delayed(7, running()), succeeded()])
        const emitted: unknown[] = []
        client
          .watch(NAME, { schedule: constant({ interval: 1_000 }), maxRetryTime: 0 })
          .subscribe((emission) => emitted.push(emission))
        flush()
        expect(emitted.map((emission) => Object(emission).right.attempt)).to.deep.equal([1, 2, 3])
        expect(polledAt).to.deep.equal([0, 1_000, 1_000, 2_007])
      })
    } finally {
      unsubscribe('rx-longrunning:poll:start', onPoll)
    }
    expect(attempts).to.deep.equal([1, 2, 3])
  })

  it('should count a stale connection whose replay fails as one failed poll', () => {
    inVirtualTime(({ flush, expectObservable }) => {
      const { client, requests } = clientOf([STALE, connectionLost()])
      const attempts = client.get(NAME).pipe(map((emission) => Object(emission).left.attempts))
      expectObservable(attempts).toBe('(a|)', { a: 1 })
      flush()
      expect(requests).to.have.length(2)
    })
  })

  it('should replay the polls of a batch as one batch, with a permit for each poll', () => {
    inVirtualTime(({ flush }) => {
      const options = { batch: { window: 10 }, rateLimit: { requests: 4, per: 60_000 } }
      const { client, requests, polledAt } = clientOf([STALE, BATCH_RESPONSE], options)
      const emitted: string[] = []
      for (const n of [0, 1])
        client
          .get(`${NAME}${n}`)
          .pipe(tags())
          .subscribe((tag) => emitted.push(tag))
      flush()
      expect(emitted).to.deep.equal(['Running', 'Running'])
      expect(requests.map(({ method, newConnection }) => [method, newConnection])).to.deep.equal([
        ['POST', undefined],
        ['POST', true],
      ])
      // The batch of the polls waits for its window of 10 ms, and so does the batch of the replays.
      expect(polledAt).to.deep.equal([10, 20])
      // Two polls and two replays within ten seconds.
      expect(client.stats().requestsPerSecond).to.equal(0.4)
    })
  })
})
