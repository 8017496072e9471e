import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { asyncScheduler, delay, NEVER, Observable, of, type Subscription, timer } from 'rxjs'
import {
  type ClientOptions,
  constant,
  InvalidOption,
  OperationsClient,
  type RateLimitAcquired,
  type RateLimitOptions,
  type Stats,
  type Transport,
} from '../../lib/index.js'
import { RateLimiter } from '../../lib/transport/rate-limiter.js'
import { httpReply, inVirtualTime, running, type TransportResult } from '../virtual.js'

const request = { method: 'GET', url: 'https://e.example/v3/operations/x', headers: {} } as const
const TEN_PER_SECOND: RateLimitOptions = { requests: 10, per: 1_000 }

/** Returns a 429 response that contains the name and the value of the exceeded quota. */
function quotaExceeded(quota: string, value: string): TransportResult {
  return httpReply(429, {
    error: {
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'RATE_LIMIT_EXCEEDED',
          domain: 'googleapis.com',
          metadata: { quota_limit: quota, quota_limit_value: value },
        },
      ],
    },
  })
}

/** Creates a rate limiter in virtual time. Its transport passes requests to a network that records their times. */
function limiterFor(
  options: RateLimitOptions | false,
  respond: () => TransportResult = () => running(),
  delayMilliseconds = 0,
) {
  const limiter = new RateLimiter(options, () => asyncScheduler.now())
  const polledAt: number[] = []
  const network: Transport = () => {
    polledAt.push(asyncScheduler.now())
    return delayMilliseconds === 0 ? of(respond()) : of(respond()).pipe(delay(delayMilliseconds))
  }
  return { limiter, polledAt, transport: limiter.wrap(network) }
}
/** Sends `n` requests at the present time. */
function sendMany(n: number, transport: Transport): readonly Subscription[] {
  return Array.from({ length: n }, () => transport(request).subscribe())
}
function at(ms: number, action: () => unknown): Subscription {
  return timer(ms).subscribe(() => void action())
}

describe('transport/rate-limiter', () => {
  it('should send as many requests as the limit immediately, and later requests at the rate of the limit', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = limiterFor(TEN_PER_SECOND)
      sendMany(30, transport)
      flush()
      expect(polledAt.slice(0, 10)).to.deep.equal(Array(10).fill(0))
      expect(polledAt.slice(10)).to.deep.equal(Array.from({ length: 20 }, (_, n) => (n + 1) * 100))
    })
  })

  it('should refill its tokens up to the limit when it sends no request', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = limiterFor(TEN_PER_SECOND)
      sendMany(10, transport)
      at(500, () => sendMany(7, transport))
      at(60_000, () => sendMany(12, transport))
      flush()
      expect(polledAt.slice(10, 17)).to.deep.equal([500, 500, 500, 500, 500, 600, 700])
      expect(polledAt.slice(17)).to.deep.equal([...Array(10).fill(60_000), 60_100, 60_200])
    })
  })

  it('should send at most twice the limit in any period, and no more than the limit on average', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = limiterFor({ requests: 7, per: 333 })
      for (let n = 0; n < 400; n++) at(n * 11, () => sendMany(1 + (n % 3), transport))
      flush()
      for (const start of polledAt)
        expect(polledAt.filter((time) => time >= start && time < start + 333).length).to.be.at.most(14)
      const lastTime = polledAt.at(-1) ?? 0
      // A burst of 7, then 7 requests in each period of 333 ms, and 1 because of rounding.
      expect(polledAt.length).to.be.at.most(7 + (lastTime * 7) / 333 + 1)
      expect(polledAt).to.have.length(799)
    })
  })

  it('should send requests in the order in which they are subscribed to', () => {
    inVirtualTime(({ flush }) => {
      const limiter = new RateLimiter({ requests: 1, per: 100 }, () => asyncScheduler.now())
      const sentUrls: string[] = []
      const transport = limiter.wrap(({ url }) => {
        sentUrls.push(url)
        return of(running())
      })
      for (const url of ['a', 'b', 'c', 'd']) transport({ ...request, url }).subscribe()
      flush()
      expect(sentUrls).to.deep.equal(['a', 'b', 'c', 'd'])
    })
  })

  it('should use no token for a request that is unsubscribed while it waits', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt, limiter } = limiterFor({ requests: 1, per: 1_000 })
      const [, secondRequest, thirdRequest] = sendMany(3, transport)
      at(500, () => secondRequest?.unsubscribe())
      at(1_500, () => sendMany(1, transport))
      flush()
      expect(polledAt).to.deep.equal([0, 1_000, 2_000])
      expect(thirdRequest?.closed).to.equal(true)
      for (const waitingRequest of sendMany(2, transport)) waitingRequest.unsubscribe()
      expect(limiter.stats().waiting).to.equal(0)
    })
  })

  it('should abort a request in flight when it is unsubscribed', () => {
    let isAborted = false
    const limiter = new RateLimiter(TEN_PER_SECOND, () => 0)
    const network: Transport = () => new Observable(() => () => (isAborted = true))
    const subscription = limiter.wrap(network)(request).subscribe()
    expect(limiter.stats().inFlight).to.equal(1)
    subscription.unsubscribe()
    expect(isAborted).to.equal(true)
    expect(limiter.stats().inFlight).to.equal(0)
  })

  it('should emit an error that the transport throws for a waiting request, and send later requests', () => {
    inVirtualTime(({ flush }) => {
      const limiter = new RateLimiter({ requests: 1, per: 100 }, () => asyncScheduler.now())
      let requestCount = 0
      const transport = limiter.wrap(() => {
        if (++requestCount === 2) throw new TypeError('broken')
        return of(running())
      })
      const notifications: string[] = []
      for (const id of ['a', 'b', 'c'])
        transport(request).subscribe({
          next: () => notifications.push(id),
          error: (defect) => notifications.push(`${id} ${defect}`),
        })
      flush()
      expect(notifications).to.deep.equal(['a', 'b TypeError: broken', 'c'])
      expect(limiter.stats()).to.include({ inFlight: 0, waiting: 0 })
    })
  })

  it('should report its statistics', () => {
    inVirtualTime(({ flush }) => {
      const { transport, limiter } = limiterFor(TEN_PER_SECOND, () => running(), 150)
      const recordedStats: Stats[] = []
      sendMany(25, transport)
      for (const time of [0, 120, 1_001, 5_000, 20_000]) at(time, () => recordedStats.push(limiter.stats()))
      flush()
      expect(recordedStats).to.deep.equal([
        { inFlight: 10, waiting: 15, oldestWait: 0, requestsPerSecond: 1, currentRate: 10, throttled: 0 },
        { inFlight: 11, waiting: 14, oldestWait: 120, requestsPerSecond: 1.1, currentRate: 10, throttled: 0 },
        { inFlight: 2, waiting: 5, oldestWait: 1_001, requestsPerSecond: 2, currentRate: 10, throttled: 0 },
        { inFlight: 0, waiting: 0, oldestWait: 0, requestsPerSecond: 2.5, currentRate: 10, throttled: 0 },
        { inFlight: 0, waiting: 0, oldestWait: 0, requestsPerSecond: 0, currentRate: 10, throttled: 0 },
      ])
    })
  })

  it('should send all requests immediately and count the 429 responses if there is no limit', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt, limiter } = limiterFor(false, () => quotaExceeded('ReadsPerMinute', '60'))
      sendMany(500, transport)
      flush()
      expect(polledAt).to.deep.equal(Array(500).fill(0))
      expect(limiter.stats()).to.include({ throttled: 500, currentRate: Number.POSITIVE_INFINITY })
    })
  })

  describe('a 429 with a quota', () => {
    const quotas: readonly (readonly [string, string, number])[] = [
      ['ReadRequestsPerMinutePerProject', '120', 2],
      ['ReadRequestsPerSecond', '4', 4],
      ['ReadRequestsPerMinutePerProject', '2400', 10],
      ['ReadRequestsPerDay', '1', 10],
      ['ReadRequestsPerMinute', '0', 10],
      ['ReadRequestsPerMinute', '-5', 10],
      ['ReadRequestsPerMinute', 'many', 10],
      ['', '1', 10],
    ]
    for (const [quota, value, rate] of quotas)
      it(`should set the rate to ${rate} requests per second if ${quota || 'a quota without a name'} is ${value}`, () => {
        inVirtualTime(({ flush }) => {
          const { transport, limiter } = limiterFor(TEN_PER_SECOND, () => quotaExceeded(quota, value))
          sendMany(1, transport)
          expect(limiter.stats()).to.include({ throttled: 1 })
          expect(limiter.stats().currentRate).to.be.closeTo(rate, 1e-9)
          flush()
        })
      })

    it('should lower the rate immediately, and raise it step by step during ten minutes without a 429', () => {
      inVirtualTime(({ flush }) => {
        let response: TransportResult = quotaExceeded('ReadsPerMinute', '60')
        const { transport, limiter } = limiterFor(TEN_PER_SECOND, () => response)
        const rates: number[] = []
        sendMany(1, transport)
        response = running()
        for (let minute = 0; minute <= 11; minute++)
          at(minute * 60_000 + 1, () => rates.push(Number(limiter.stats().currentRate.toFixed(6))))
        flush()
        expect(rates).to.deep.equal([1, 1.9, 2.8, 3.7, 4.6, 5.5, 6.4, 7.3, 8.2, 9.1, 10, 10])
      })
    })

    it('should restart the ten minutes if another 429 is received, even without a quota', () => {
      inVirtualTime(({ flush }) => {
        let response: TransportResult = quotaExceeded('ReadsPerMinute', '60')
        const { transport, limiter } = limiterFor(TEN_PER_SECOND, () => response)
        sendMany(1, transport)
        response = httpReply(429)
        at(300_001, () => sendMany(1, transport))
        const rates: number[] = []
        for (const time of [300_000, 300_002, 360_002])
          at(time, () => rates.push(Number(limiter.stats().currentRate.toFixed(6))))
        flush()
        expect(rates).to.deep.equal([5.5, 5.5, 5.95])
      })
    })
  })

  it('should publish the wait of each request on the diagnostics channel', () => {
    const events: RateLimitAcquired[] = []
    const listener = (event: unknown): void => void events.push(event as RateLimitAcquired)
    subscribe('rx-longrunning:rate-limit:acquire', listener)
    try {
      inVirtualTime(({ flush }) => {
        sendMany(3, limiterFor({ requests: 1, per: 100 }).transport)
        flush()
      })
    } finally {
      unsubscribe('rx-longrunning:rate-limit:acquire', listener)
    }
    expect(events).to.deep.equal([
      { waited: 0, waiting: 0 },
      { waited: 100, waiting: 1 },
      { waited: 200, waiting: 0 },
    ])
  })

  describe('the rate limit of a client', () => {
    // Cited in docs/COMPARISON.md as: fair-rate-limit
    it('should delay all operations about equally if their polls exceed the limit', () => {
      inVirtualTime(({ flush }) => {
        const pollTimes = new Map<string, number[]>()
        const transport: Transport = ({ url }) => {
          pollTimes.set(url, [...(pollTimes.get(url) ?? []), asyncScheduler.now()])
          return of(running())
        }
        const client = new OperationsClient({ transport, rateLimit: { requests: 20, per: 1_000 } })
        const schedule = constant({ interval: 1_000 })
        for (let n = 0; n < 200; n++) client.watch(`operations/${n}`, { schedule }).subscribe()
        at(60_000, () => client.close())
        flush()
        expect(pollTimes.size).to.equal(200)
        for (const timesOfUrl of pollTimes.values()) {
          const gaps = timesOfUrl.slice(1).map((time, n) => time - (timesOfUrl[n] ?? 0))
          expect(gaps.length).to.be.at.least(4)
          // With 20 requests per second, 200 operations can each be polled every 10 s. The gap may be 50 % longer.
          expect(Math.max(...gaps)).to.be.at.most((1.5 * 200 * 1_000) / 20)
        }
      })
    })

    it('should be ten requests per second by default, and appear in client.stats()', () => {
      inVirtualTime(({ flush }) => {
        const client = new OperationsClient({ transport: () => NEVER })
        for (let n = 0; n < 12; n++) client.watch(`operations/${n}`).subscribe()
        const recordedStats: Stats[] = []
        at(50, () => recordedStats.push(client.stats()))
        at(60, () => client.close())
        flush()
        expect(recordedStats[0]).to.include({ inFlight: 10, waiting: 2, oldestWait: 50, currentRate: 10 })
        expect(client.stats()).to.include({ inFlight: 0, waiting: 0 })
      })
    })

    const invalidLimits: readonly (readonly [ClientOptions['rateLimit'], string])[] = [
      [{ requests: 0, per: 1 }, 'rateLimit.requests must be a number from 1 to 1000000, got 0'],
      [{ requests: 1, per: 0 }, 'rateLimit.per must be a finite number of milliseconds, at least 1, got 0'],
      [
        { requests: 1, per: 1e9 },
        'rateLimit.per must be a number of milliseconds from 1 to 3600000, got 1000000000',
      ],
      [true as never, 'rateLimit must be false, or { requests, per }, got true'],
    ]
    for (const [rateLimit, message] of invalidLimits)
      it(`should throw if ${message}`, () => {
        expect(() => new OperationsClient({ rateLimit })).to.throw(InvalidOption, message)
      })
  })
})
