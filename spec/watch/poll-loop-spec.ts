import { expect } from 'chai'
import { isLeft, left } from 'fp-ts/lib/Either.js'
import { firstValueFrom, interval, merge, NEVER, type Observable, of, timer, toArray } from 'rxjs'
import {
  balanced,
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
  connectionLost,
  delayed,
  doneAfter,
  httpReply,
  inVirtualTime,
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

/**
 * Watches a scripted transport without jitter, and returns the times at which polls were sent and aborted.
 */
function run(
  replies: readonly Reply[],
  options: WatchOperationOptions = {},
  expectedMarbles?: string,
  subscriptionMarbles?: string,
): { readonly polledAt: number[]; readonly abortedAt: number[] } {
  const { transport, polledAt, abortedAt } = scripted(...replies)
  inVirtualTime(({ expectObservable }) => {
    const emissions = watchOperation(NAME, { transport, random: () => 1, ...options }).pipe(tags())
    const expectation = expectObservable(emissions, subscriptionMarbles)
    if (expectedMarbles !== undefined) expectation.toBe(expectedMarbles, TAGS)
  })
  return { polledAt, abortedAt }
}

describe('watch/poll-loop', () => {
  describe('the schedule', () => {
    it('should poll immediately, and then after the waits that balanced() returns', () => {
      const { polledAt } = run([running()], {}, undefined, '^ 10s !')
      expect(polledAt).to.deep.equal([0, 750, 1500, 2312, 3508, 5162, 7335])
    })

    it('should pass the attempt, the elapsed time and the metadata to the schedule', () => {
      const contexts: unknown[] = []
      const schedule: Schedule = {
        next: (context) => {
          contexts.push(context)
          return 1_000
        },
        settled: (context) => contexts.push({ settled: context }),
      }
      run(
        [delayed(5, running({ step: 1 })), running(), succeeded()],
        { schedule },
        '5ms r 999ms r 999ms (s|)',
      )
      expect(contexts).to.deep.equal([
        { attempt: 1, elapsed: 5, metadata: { step: 1 }, lastRunningAt: 5 },
        { attempt: 2, elapsed: 1_005, lastRunningAt: 1_005 },
        { settled: { attempt: 3, elapsed: 2_005, lastRunningAt: 1_005 } },
      ])
    })

    it('should poll only after hints if the schedule returns Infinity', () => {
      const { polledAt } = run([running(), succeeded()], {
        schedule: { next: () => Number.POSITIVE_INFINITY },
        hint: interval(7_000),
      })
      expect(polledAt).to.deep.equal([0, 7_000])
    })

    it('should wait longer than the maximum of a JavaScript timer', () => {
      const monthMilliseconds = 30 * 24 * 3_600_000
      const { polledAt } = run([running(), succeeded()], {
        schedule: constant({ interval: monthMilliseconds }),
      })
      expect(polledAt).to.deep.equal([0, monthMilliseconds])
    })

    const schedules: readonly (readonly [string, Schedule])[] = [
      ['balanced()', balanced()],
      ['lagBounded()', lagBounded()],
      ['lagBounded(0.1, 300, 5000)', lagBounded({ ratio: 0.1, min: 300, max: 5_000 })],
      ['exponential(100, 1.3, 60000)', exponential({ initial: 100, multiplier: 1.3, max: 60_000 })],
      ['constant(2000)', constant({ interval: 2_000 })],
    ]
    for (const [description, schedule] of schedules)
      for (const duration of [0, 1, 749, 750, 3_000, 61_234, 1_800_000])
        it(`should poll at the times of explain(${description}, ${duration})`, () => {
          const { polledAt } = run([doneAfter(duration)], { schedule })
          expect(polledAt).to.deep.equal(explain(schedule, duration).pollsAt)
        })
  })

  describe('retries', () => {
    it('should double the wait after each failure, up to 30 s, with full jitter', () => {
      const { polledAt } = run([unavailable], {}, undefined, '^ 91s !')
      expect(polledAt).to.deep.equal([0, 500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500])
      const runWithJitter = run([unavailable], { random: () => 0.5 }, undefined, '^ 2s !')
      expect(runWithJitter.polledAt).to.deep.equal([0, 250, 750, 1_750])
    })

    it('should restart the backoff after a valid response', () => {
      const { polledAt } = run([unavailable, unavailable, running(), unavailable, succeeded()])
      expect(polledAt).to.deep.equal([0, 500, 1_500, 2_312, 2_812])
    })

    const delays: readonly (readonly [string, Reply, number])[] = [
      ['a Retry-After in seconds', rpcError(429, 'RESOURCE_EXHAUSTED', {}, { 'retry-after': '7' }), 7_000],
      [
        'a Retry-After date relative to the Date of the server',
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
        'a RetryInfo',
        rpcError(429, 'RESOURCE_EXHAUSTED', {
          details: [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '3.5s' }],
        }),
        3_500,
      ],
      [
        'at most five minutes of a Retry-After',
        rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '86400' }),
        300_000,
      ],
      ['a Retry-After on a running operation', httpReply(200, { name: NAME }, { 'retry-after': '9' }), 9_000],
      [
        'the backoff if it is longer than Retry-After',
        rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '0' }),
        500,
      ],
      [
        'the backoff if Retry-After is invalid',
        rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': 'soon' }),
        500,
      ],
    ]
    for (const [description, reply, wait] of delays)
      it(`should delay only the next poll by ${description}`, () => {
        const { polledAt } = run([reply, unavailable, succeeded()])
        // The running operation, whose wait is 9 s, is not a failure, so the backoff starts after it.
        const secondWait = wait === 9_000 ? 500 : 1_000
        expect(polledAt).to.deep.equal([0, wait, wait + secondWait])
      })
  })

  describe('maxRetryTime', () => {
    // Cited in docs/COMPARISON.md as: retry-time
    it('should end the watch after 600 s of failures, with a last poll at 600 s', () => {
      const { polledAt } = run([unavailable], {}, '600s (u|)')
      expect(polledAt.at(-1)).to.equal(600_000)
    })

    it('should end the watch after 30 s if the server has never responded', () => {
      const { polledAt } = run([connectionLost('ECONNREFUSED')], {}, '30s (u|)')
      expect(polledAt).to.deep.equal([0, 500, 1_500, 3_500, 7_500, 15_500, 30_000])
    })

    it('should start at the first failure after a valid response', () => {
      run([running(), connectionLost()], { maxRetryTime: 1_000 }, 'r 749ms 1s (u|)')
    })

    it('should end the watch after maxRetryTime, not after 30 s, if maxRetryTime is shorter', () => {
      run([connectionLost()], { maxRetryTime: 700 }, '700ms (u|)')
      run([connectionLost()], { maxRetryTime: 0 }, '(u|)')
    })

    it('should not end the watch before a Retry-After', () => {
      const { polledAt } = run([rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '60' })], {
        maxRetryTime: 10_000,
      })
      expect(polledAt).to.deep.equal([0, 60_000])
    })

    it('should emit the number of failures, their duration and the last failure', async () => {
      const { transport } = scripted(unavailable)
      const watch: Watch = watchOperation(NAME, {
        transport,
        maxRetryTime: 0,
        endpoint: 'https://e.googleapis.com',
      })
      const [emission] = await firstValueFrom(watch.pipe(toArray()))
      const { since, ...resume } =
        emission && isLeft(emission) && 'resume' in emission.left ? emission.left.resume : { since: 0 }
      expect(since).to.be.a('number')
      expect(resume).to.deep.equal({ name: NAME, endpoint: 'https://e.googleapis.com', apiVersion: 'v3' })
      expect(emission).to.deep.include(
        left({
          _tag: 'Unreachable',
          message: `${NAME} is unreachable: HTTP 503 UNAVAILABLE: server message.`,
          name: NAME,
          resume: { ...resume, since },
          attempts: 1,
          lasted: 0,
          last: {
            _tag: 'HttpFailure',
            httpStatus: 503,
            status: { code: 14, codeName: 'UNAVAILABLE', message: 'server message', details: [] },
          },
        }),
      )
    })

    it('should end the watch with CredentialsError if the last failure was a credentials failure', () => {
      const failure = { _tag: 'NoCredentials', reason: 'no network' } as const
      run([left({ ...failure, transient: true })], {}, '30s (c|)')
      run([left({ ...failure, transient: false })], {}, '(c|)')
    })
  })

  describe('the visibility window', () => {
    it('should continue polling for 10 s after a 404, with a last poll at 10 s', () => {
      const { polledAt } = run([notFound], { schedule: constant({ interval: 4_000 }) }, '10s (n|)')
      expect(polledAt).to.deep.equal([0, 4_000, 8_000, 10_000])
    })

    it('should last as long as the option `visibilityWindow` sets', () => {
      run([notFound], { visibilityWindow: 0 }, '(n|)')
      run([notFound], { visibilityWindow: 1_000 }, '1s (n|)')
    })

    it('should apply to a 404 after a snapshot, and continue with the next snapshot', () => {
      const schedule = constant({ interval: 2_000 })
      run([running(), notFound, running(), succeeded()], { schedule }, 'r 3999ms r 1999ms (s|)')
    })

    it('should end the watch when the window ends if a 404 precedes the end of the window, otherwise at the first 404', () => {
      run([running(), notFound], {}, 'r 9999ms (n|)')
      run(
        [running(), running(), notFound],
        { schedule: constant({ interval: 6_000 }) },
        'r 5999ms r 5999ms (n|)',
      )
    })
  })

  describe('a hint', () => {
    const hintAt = (...times: readonly number[]): WatchOperationOptions => ({ hint: hints(times) })

    it('should cause the next poll before its scheduled time', () => {
      const options = { ...hintAt(2_000), schedule: constant({ interval: 60_000 }) }
      expect(run([running(), succeeded()], options).polledAt).to.deep.equal([0, 2_000])
    })

    it('should not cause a poll within 500 ms of the last poll', () => {
      const options = { ...hintAt(10, 20, 499), schedule: constant({ interval: 60_000 }) }
      expect(run([running(), succeeded()], options).polledAt).to.deep.equal([0, 500])
    })

    it('should never cause a poll before a Retry-After', () => {
      const busyServer = rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '20' })
      expect(run([busyServer, succeeded()], hintAt(1_000, 2_000)).polledAt).to.deep.equal([0, 20_000])
    })

    it('should never delay a poll', () => {
      expect(run([running(), succeeded()], hintAt(740)).polledAt).to.deep.equal([0, 740])
      expect(run([running(), succeeded()], hintAt(300)).polledAt).to.deep.equal([0, 500])
      const { polledAt } = run([running(), succeeded()], {
        ...hintAt(10),
        schedule: constant({ interval: 100 }),
      })
      expect(polledAt).to.deep.equal([0, 100])
    })

    it('should trigger one poll after the response to a poll in flight', () => {
      const options = { ...hintAt(100, 200, 300), schedule: constant({ interval: 60_000 }) }
      const { polledAt, abortedAt } = run([delayed(5_000, running()), running(), succeeded()], options)
      expect(polledAt).to.deep.equal([0, 5_000, 65_000])
      expect(abortedAt).to.deep.equal([])
    })

    it('should have no effect before the first poll', () => {
      const options = { hint: of('now'), schedule: constant({ interval: 60_000 }) }
      expect(run([running(), succeeded()], options).polledAt).to.deep.equal([0, 60_000])
    })

    it('should have no effect if it completes or never emits', () => {
      run([running(), succeeded()], { hint: hints([]) }, 'r 749ms (s|)')
      run([running(), succeeded()], { hint: NEVER }, 'r 749ms (s|)')
    })

    it('should trigger a poll every 500 ms if the hint emits every millisecond', () => {
      const options = { hint: interval(1), schedule: constant({ interval: 60_000 }) }
      expect(run([running()], options, undefined, '^ 2600ms !').polledAt).to.deep.equal([
        0, 500, 1_000, 1_500, 2_000, 2_500,
      ])
    })
  })

  describe('a timeout', () => {
    // Cited in docs/COMPARISON.md as: timeout
    it('should end the watch and abort the poll in flight', () => {
      const { abortedAt } = run([running(), 'never'], { timeout: 10_000 }, 'r 9999ms (t|)')
      expect(abortedAt).to.deep.equal([10_000])
    })

    it('should trigger a last poll at the timeout minus the `min` of the schedule', () => {
      const options = { timeout: 25_000, schedule: constant({ interval: 20_000 }) }
      expect(run([running()], options).polledAt).to.deep.equal([0, 20_000, 24_250])
      const optionsWithMin = { timeout: 25_000, schedule: lagBounded({ min: 2_000, ratio: 10 }) }
      expect(run([running()], optionsWithMin).polledAt).to.deep.equal([0, 2_000, 22_000, 23_000])
    })

    it('should not trigger a last poll if a poll is due before the timeout, or within 500 ms of the previous poll', () => {
      const optionsWithDuePoll = { timeout: 25_000, schedule: constant({ interval: 24_500 }) }
      expect(run([running()], optionsWithDuePoll).polledAt).to.deep.equal([0, 24_500])
      const optionsWithRecentPoll = { timeout: 25_000, schedule: constant({ interval: 24_000 }) }
      expect(run([running()], optionsWithRecentPoll).polledAt).to.deep.equal([0, 24_000, 24_500])
    })

    it('should not trigger a poll before a Retry-After', () => {
      const busyServer = rpcError(503, 'UNAVAILABLE', {}, { 'retry-after': '60' })
      expect(run([busyServer], { timeout: 5_000 }, '5s (t|)').polledAt).to.deep.equal([0])
    })

    it('should end a watch that has received no response', () => {
      expect(run(['never'], { timeout: 3 }, '3ms (t|)').abortedAt).to.deep.equal([3])
    })
  })
})

/** Emits at each of the times, and completes after the last emission. */
function hints(times: readonly number[]): Observable<unknown> {
  return merge(...times.map((time) => timer(time)))
}
