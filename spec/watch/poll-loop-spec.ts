import { expect } from 'chai'
import { isLeft, left } from 'fp-ts/lib/Either.js'
import { firstValueFrom, interval, merge, NEVER, type Observable, of, timer, toArray } from 'rxjs'
import {
  constant,
  explain,
  exponential,
  lagBounded,
  type Schedule,
  type Watch,
  type WatchOperationOptions,
  watchOperation,
} from '../../lib/index.js'
import {
  delayed,
  doneAt,
  http,
  inVirtualTime,
  lost,
  NAME,
  notFound,
  type Reply,
  rpcError,
  running,
  scripted,
  succeeded,
  TAGS,
  tags,
  unavailable,
} from '../virtual.js'

/** Watches a script with the longest jitter; what the words are, and when each poll was asked. */
function watched(
  replies: readonly Reply[],
  options: WatchOperationOptions = {},
  marbles?: string,
  until?: string,
): { readonly polledAt: number[]; readonly abortedAt: number[] } {
  const { transport, polledAt, abortedAt } = scripted(...replies)
  inVirtualTime(({ expectObservable }) => {
    const words = watchOperation(NAME, { transport, random: () => 1, ...options }).pipe(tags())
    const drawn = expectObservable(words, until)
    if (marbles !== undefined) drawn.toBe(marbles, TAGS)
  })
  return { polledAt, abortedAt }
}

describe('watch/poll', () => {
  describe('the schedule', () => {
    it('should poll at once, and then as lagBounded says', () => {
      const { polledAt } = watched([running()], {}, undefined, '^ 10s !')
      expect(polledAt).to.deep.equal([0, 750, 1500, 2250, 3000, 3750, 4687, 5858, 7322, 9152])
    })

    it('should give the schedule the attempt, the time since the beginning and the metadata', () => {
      const facts: unknown[] = []
      const schedule: Schedule = {
        next: (fact) => {
          facts.push(fact)
          return 1_000
        },
        settled: (fact) => facts.push({ settled: fact }),
      }
      watched(
        [delayed(5, running({ step: 1 })), running(), succeeded()],
        { schedule },
        '5ms r 999ms r 999ms (s|)',
      )
      expect(facts).to.deep.equal([
        { attempt: 1, elapsed: 5, metadata: { step: 1 }, ranAt: 5 },
        { attempt: 2, elapsed: 1_005, ranAt: 1_005 },
        { settled: { attempt: 3, elapsed: 2_005, ranAt: 1_005 } },
      ])
    })

    it('should leave polling to the hints where the schedule gives Infinity', () => {
      const { polledAt } = watched([running(), succeeded()], {
        schedule: { next: () => Number.POSITIVE_INFINITY },
        hint: interval(7_000),
      })
      expect(polledAt).to.deep.equal([0, 7_000])
    })

    it('should chain waits that are longer than a timer of JavaScript', () => {
      const month = 30 * 24 * 3_600_000
      const { polledAt } = watched([running(), succeeded()], { schedule: constant({ interval: month }) })
      expect(polledAt).to.deep.equal([0, month])
    })

    const schedules: readonly (readonly [string, Schedule])[] = [
      ['lagBounded()', lagBounded()],
      ['lagBounded(0.1, 300, 5000)', lagBounded({ ratio: 0.1, min: 300, max: 5_000 })],
      ['exponential(100, 1.3, 60000)', exponential({ initial: 100, multiplier: 1.3, max: 60_000 })],
      ['constant(2000)', constant({ interval: 2_000 })],
    ]
    for (const [what, schedule] of schedules)
      for (const duration of [0, 1, 749, 750, 3_000, 61_234, 1_800_000])
        it(`should agree with explain(${what}, ${duration}) poll for poll`, () => {
          const { polledAt } = watched([doneAt(duration)], { schedule })
          expect(polledAt).to.deep.equal(explain(schedule, duration).pollsAt)
        })
  })

  describe('retries', () => {
    it('should double the wait after each failure, up to 30 s, with full jitter', () => {
      const { polledAt } = watched([unavailable], {}, undefined, '^ 91s !')
      expect(polledAt).to.deep.equal([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500])
      const jittered = watched([unavailable], { random: () => 0.5 }, undefined, '^ 2s !')
      expect(jittered.polledAt).to.deep.equal([0, 250, 750, 1_750])
    })

    it('should begin anew after a good answer', () => {
      const { polledAt } = watched([unavailable, unavailable, running(), unavailable, succeeded()])
      expect(polledAt).to.deep.equal([0, 500, 1_500, 2_250, 2_750])
    })

    const floors: readonly (readonly [string, Reply, number])[] = [
      ['Retry-After in seconds', rpcError(429, 'RESOURCE_EXHAUSTED', {}, { 'retry-after': '7' }), 7_000],
      [
        'Retry-After as a date, counted from the server’s own',
        rpcError(
          503,
          'UNAVAILABLE',
          {},
          {
            'retry-after': 'Sun, 06 Nov 1994 08:49:41 GMT',
            date: 'Sun, 06 Nov 1994 08:49:37 GMT',
          },
        ),
        4_000,
      ],
      [
        'RetryInfo',
        rpcError(429, 'RESOURCE_EXHAUSTED', {
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3.5s' }],
        }),
        3_500,
      ],
      [
        'no more than five minutes of it',
        rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '86400' }),
        300_000,
      ],
      ['a Retry-After on a running operation', http(200, { name: NAME }, { 'retry-after': '9' }), 9_000],
      ['a Retry-After shorter than the retry', rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '0' }), 500],
      ['a Retry-After that says nothing', rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': 'soon' }), 500],
    ]
    for (const [what, reply, wait] of floors)
      it(`should keep to ${what}, for one step`, () => {
        const { polledAt } = watched([reply, unavailable, succeeded()])
        const next = wait === 9_000 ? 500 : 1_000
        expect(polledAt).to.deep.equal([0, wait, wait + next])
      })
  })

  describe('maxRetryTime', () => {
    it('should give up after 600 s of unbroken failure, the last wait cut to it', () => {
      const { polledAt } = watched([unavailable], {}, '600s (u|)')
      expect(polledAt.at(-1)).to.equal(600_000)
    })

    it('should give up after 30 s where the server has never answered', () => {
      const { polledAt } = watched([lost('ECONNREFUSED')], {}, '30s (u|)')
      expect(polledAt).to.deep.equal([0, 500, 1_500, 3_500, 7_500, 15_500, 30_000])
    })

    it('should count from the first failure after a good answer', () => {
      watched([running(), lost()], { maxRetryTime: 1_000 }, 'r 749ms 1s (u|)')
    })

    it('should be at most maxRetryTime even where the server has never answered', () => {
      watched([lost()], { maxRetryTime: 700 }, '700ms (u|)')
      watched([lost()], { maxRetryTime: 0 }, '(u|)')
    })

    it('should wait for the server’s Retry-After, though maxRetryTime ends before it', () => {
      const { polledAt } = watched([rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '60' })], {
        maxRetryTime: 10_000,
      })
      expect(polledAt).to.deep.equal([0, 60_000])
    })

    it('should tell how often it failed, for how long, and how at last', async () => {
      const { transport } = scripted(unavailable)
      const watch: Watch = watchOperation(NAME, {
        transport,
        maxRetryTime: 0,
        endpoint: 'https://e.googleapis.com',
      })
      const [word] = await firstValueFrom(watch.pipe(toArray()))
      const { since, ...resume } =
        word && isLeft(word) && 'resume' in word.left ? word.left.resume : { since: 0 }
      expect(since).to.be.a('number')
      expect(resume).to.deep.equal({ name: NAME, endpoint: 'https://e.googleapis.com', apiVersion: 'v3' })
      expect(word).to.deep.include(
        left({
          _tag: 'Unreachable',
          message: `${NAME} is unreachable: HTTP 503 UNAVAILABLE: said the server.`,
          name: NAME,
          resume: { ...resume, since },
          attempts: 1,
          lasted: 0,
          last: {
            _tag: 'HttpFailure',
            httpStatus: 503,
            status: { code: 14, codeName: 'UNAVAILABLE', message: 'said the server', details: [] },
          },
        }),
      )
    })

    it('should give up on credentials as CredentialsError', () => {
      const failure = { _tag: 'NoCredentials', reason: 'no network' } as const
      watched([left({ ...failure, transient: true })], {}, '30s (c|)')
      watched([left({ ...failure, transient: false })], {}, '(c|)')
    })
  })

  describe('the visibility window', () => {
    it('should ask again after a 404 for 10 s, the last wait cut to its end', () => {
      const { polledAt } = watched([notFound], { schedule: constant({ interval: 4_000 }) }, '10s (n|)')
      expect(polledAt).to.deep.equal([0, 4_000, 8_000, 10_000])
    })

    it('should be as long as it is told', () => {
      watched([notFound], { visibilityWindow: 0 }, '(n|)')
      watched([notFound], { visibilityWindow: 1_000 }, '1s (n|)')
    })

    it('should be over once the operation was seen', () => {
      watched([running(), notFound], {}, 'r 749ms (n|)')
    })
  })

  describe('a hint', () => {
    const at = (...times: readonly number[]): WatchOperationOptions => ({ hint: hints(times) })

    it('should end the wait', () => {
      const options = { ...at(2_000), schedule: constant({ interval: 60_000 }) }
      expect(watched([running(), succeeded()], options).polledAt).to.deep.equal([0, 2_000])
    })

    it('should not poll within 500 ms of the last poll', () => {
      const options = { ...at(10, 20, 499), schedule: constant({ interval: 60_000 }) }
      expect(watched([running(), succeeded()], options).polledAt).to.deep.equal([0, 500])
    })

    it('should never poll before a Retry-After', () => {
      const busy = rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '20' })
      expect(watched([busy, succeeded()], at(1_000, 2_000)).polledAt).to.deep.equal([0, 20_000])
    })

    it('should never delay a poll', () => {
      expect(watched([running(), succeeded()], at(740)).polledAt).to.deep.equal([0, 740])
      expect(watched([running(), succeeded()], at(300)).polledAt).to.deep.equal([0, 500])
      const { polledAt } = watched([running(), succeeded()], {
        ...at(10),
        schedule: constant({ interval: 100 }),
      })
      expect(polledAt).to.deep.equal([0, 100])
    })

    it('should never replace a poll in flight, but be remembered, once, until its answer', () => {
      const options = { ...at(100, 200, 300), schedule: constant({ interval: 60_000 }) }
      const { polledAt, abortedAt } = watched([delayed(5_000, running()), running(), succeeded()], options)
      expect(polledAt).to.deep.equal([0, 5_000, 65_000])
      expect(abortedAt).to.deep.equal([])
    })

    it('should change nothing when it comes before the first poll', () => {
      const options = { hint: of('now'), schedule: constant({ interval: 60_000 }) }
      expect(watched([running(), succeeded()], options).polledAt).to.deep.equal([0, 60_000])
    })

    it('should mean nothing when it completes, or never comes', () => {
      watched([running(), succeeded()], { hint: hints([]) }, 'r 749ms (s|)')
      watched([running(), succeeded()], { hint: NEVER }, 'r 749ms (s|)')
    })

    it('should neither flood nor starve, a thousand times a second', () => {
      const options = { hint: interval(1), schedule: constant({ interval: 60_000 }) }
      expect(watched([running()], options, undefined, '^ 2600ms !').polledAt).to.deep.equal([
        0, 500, 1_000, 1_500, 2_000, 2_500,
      ])
    })
  })

  describe('a timeout', () => {
    it('should end the watch and abort the poll in flight', () => {
      const { abortedAt } = watched([running(), 'never'], { timeout: 10_000 }, 'r 9999ms (t|)')
      expect(abortedAt).to.deep.equal([10_000])
    })

    it('should be preceded by a last poll, `min` before it', () => {
      const options = { timeout: 25_000, schedule: constant({ interval: 20_000 }) }
      expect(watched([running()], options).polledAt).to.deep.equal([0, 20_000, 24_250])
      const min = { timeout: 25_000, schedule: lagBounded({ min: 2_000, ratio: 10 }) }
      expect(watched([running()], min).polledAt).to.deep.equal([0, 2_000, 22_000, 23_000])
    })

    it('should not be preceded by one where a poll is due anyway, nor within 500 ms of another', () => {
      const due = { timeout: 25_000, schedule: constant({ interval: 24_500 }) }
      expect(watched([running()], due).polledAt).to.deep.equal([0, 24_500])
      const asked = { timeout: 25_000, schedule: constant({ interval: 24_000 }) }
      expect(watched([running()], asked).polledAt).to.deep.equal([0, 24_000, 24_500])
    })

    it('should not bring a poll before a Retry-After', () => {
      const busy = rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '60' })
      expect(watched([busy], { timeout: 5_000 }, '5s (t|)').polledAt).to.deep.equal([0])
    })

    it('should end a watch that has had no answer', () => {
      expect(watched(['never'], { timeout: 3 }, '3ms (t|)').abortedAt).to.deep.equal([3])
    })
  })
})

/** Emits at each of these times, and completes after the last. */
function hints(times: readonly number[]): Observable<unknown> {
  return merge(...times.map((time) => timer(time)))
}
