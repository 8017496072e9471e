import { expect } from 'chai'
import fc from 'fast-check'
import { asyncScheduler, concatMap, EMPTY, expand, type Observable, of, timer } from 'rxjs'
import {
  balanced,
  type ClientOptions,
  constant,
  exponential,
  type Forecast,
  type Json,
  lagBounded,
  learned,
  OperationsClient,
  type Schedule,
  type StepOptions,
  service,
  type Transport,
  type WatchOptions,
} from '../../lib/index.js'
import { explain } from '../../lib/polling/explain.js'
import { firstForecast, progressAwareWait } from '../../lib/polling/forecast.js'
import { parsePollState } from '../../lib/polling/parse-poll-state.js'
import { usableFraction } from '../../lib/polling/progress-fraction.js'
import { minWait, nextWait } from '../../lib/polling/schedule.js'
import { httpReply, inVirtualTime, NAME } from '../virtual.js'

/** Returns a generator of numbers from 0 to 1 for a seed. */
function seededRandom(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32
  }
}

type ProgressOf = (share: number, random: () => number) => number

/** Returns the mean number of polls and the mean lag for durations from 3 to 300 s, or of their share `endsAt`. */
function meanCost(
  schedule: Schedule,
  progressOf?: ProgressOf,
  endsAt: (random: () => number) => number = () => 1,
) {
  const random = seededRandom(7)
  const noise = seededRandom(8)
  const count = 2_000
  let polls = 0
  let lag = 0
  for (let n = 0; n < count; n++) {
    const duration = 3_000 * 100 ** random()
    const progress = progressOf && ((elapsed: number) => progressOf(elapsed / duration, noise))
    const explanation = explain(schedule, duration * endsAt(random), { progress })
    polls += explanation.pollsAt.length / count
    lag += explanation.lag / count
  }
  return { polls, lag }
}

function normal(random: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
}

function learnedSchedule(): Schedule {
  const schedule = learned()
  const random = seededRandom(9)
  for (let n = 0; n < 200; n++) schedule.record('', 3_000 * 100 ** random())
  return schedule
}

const SCHEDULES: Readonly<Record<string, Schedule>> = {
  'balanced()': balanced(),
  'lagBounded()': lagBounded(),
  'exponential()': exponential({ initial: 1_000, multiplier: 1.5, max: 20_000 }),
  'constant()': constant({ interval: 5_000 }),
  'learned()': learnedSchedule(),
}

describe('polling/forecast', () => {
  const context = { attempt: 5, elapsed: 20_000 }
  /** The progress was 10 % after 10 s. */
  const previous: Forecast = {
    fraction: 0.1,
    meanElapsed: 10_000,
    meanFraction: 0.1,
    error: 400,
    end: 99_000,
  }
  const waitAfter = (fraction: number | undefined, schedule: Schedule = balanced(), from = previous) =>
    progressAwareWait(schedule, context, fraction, from)

  it('should poll just after the forecast end', () => {
    // The progress is 6 % in each second, so the end is in 5 s. The forecast had the error 0.
    const exact = { ...previous, error: 0, end: 25_000 }
    const { wait, forecast } = waitAfter(0.7, balanced(), exact)
    expect(wait).to.equal(5_100)
    expect(forecast?.end).to.be.closeTo(25_000, 1e-6)
  })

  it('should add the mean error of earlier forecasts to the wait', () => {
    const wrong = { ...previous, error: 1_000, end: 25_000 }
    const { wait, forecast } = waitAfter(0.7, balanced(), wrong)
    expect(forecast?.error).to.be.closeTo(400, 1e-6)
    expect(wait).to.equal(5_500)
  })

  const withoutForecast: readonly (readonly [string, number | undefined])[] = [
    ['is 0', 0],
    ['is nearly 0', 1e-300],
    ['is negative', -0.1],
    ['is 1', 1],
    ['is above 1', 1.2],
    ['is not finite', Number.NaN],
    ['is absent', undefined],
    ['has not changed', 0.1],
    ['has decreased', 0.05],
  ]
  for (const [condition, fraction] of withoutForecast)
    for (const [name, schedule] of Object.entries(SCHEDULES))
      it(`should wait as ${name} does if the fraction ${condition}`, () => {
        const { wait, forecast } = waitAfter(fraction, schedule)
        expect(wait).to.equal(nextWait(schedule, context))
        expect(forecast?.end).to.equal(undefined)
      })

  it('should wait as the schedule does if the fraction decreases, but less than in earlier snapshots', () => {
    const later = { ...previous, fraction: 0.4 }
    expect(waitAfter(0.35, balanced(), later).wait).to.equal(nextWait(balanced(), context))
  })

  it('should forecast again after a decrease', () => {
    const restarted = waitAfter(0.05).forecast
    expect(restarted).to.deep.equal(firstForecast(0.05, 20_000))
    const { forecast } = progressAwareWait(balanced(), { attempt: 6, elapsed: 30_000 }, 0.5, restarted)
    expect(forecast?.end).to.be.closeTo(30_000 + 10_000 * (0.5 / 0.45), 1)
  })

  it('should not poll if the schedule polls only after hints', () => {
    expect(waitAfter(0.7, { next: () => Number.POSITIVE_INFINITY }).wait).to.equal(Number.POSITIVE_INFINITY)
  })

  it('should never wait longer than a schedule without max', () => {
    expect(waitAfter(0.11, { next: () => 3_000 }).wait).to.equal(3_000)
  })

  for (const [name, schedule, longestWait] of [
    ['lagBounded()', lagBounded(), (elapsed: number) => Math.max(750, elapsed / 4)],
    ['learned()', learnedSchedule(), (elapsed: number) => Math.max(5_000, 0.6 * elapsed)],
  ] as const)
    it(`should never wait longer than ${name} guarantees`, () => {
      for (const duration of [20_000, 60_000, 300_000, 1_000_000]) {
        const { pollsAt } = explain(schedule, duration, { progress: (elapsed) => elapsed / duration })
        for (const [n, at] of pollsAt.slice(1).entries()) {
          const from = pollsAt[n] ?? Number.NaN
          expect(at - from, `after ${from} ms`).to.be.at.most(longestWait(from))
        }
      }
    })

  it('should store nothing while there is no progress', () => {
    for (const fraction of [undefined, 0])
      expect(progressAwareWait(balanced(), context, fraction, undefined).forecast).to.equal(undefined)
  })

  it('should ignore a forecast whose times are in the future', () => {
    const future = { ...previous, meanElapsed: 90_000 }
    expect(waitAfter(0.7, balanced(), future).wait).to.equal(nextWait(balanced(), context))
  })

  it('should wait from min to the longest wait of the schedule for any progress', () => {
    const fractions = fc.array(
      fc.oneof(
        fc.double({ min: -0.1, max: 1.1 }),
        fc.constantFrom(0, 0.5, 0.99, 1, Number.NaN, undefined, Number.POSITIVE_INFINITY),
      ),
      { minLength: 5, maxLength: 60 },
    )
    const limits = fc.record({
      min: fc.integer({ min: 50, max: 5_000 }),
      span: fc.integer({ min: 0, max: 60_000 }),
    })
    const schedules = fc.oneof(
      fc.constantFrom(...Object.values(SCHEDULES)),
      limits.map(({ min, span }) => balanced({ min, max: min + span })),
      limits.map(({ min, span }) => lagBounded({ min, max: min + span })),
      limits.map(({ min }) => constant({ interval: min })),
    )
    fc.assert(
      fc.property(schedules, fractions, fc.boolean(), (schedule, all, isSorted) => {
        const sequence = isSorted ? [...all].sort() : all
        let index = 0
        const { pollsAt } = explain(schedule, 100_000, {
          progress: () => sequence[index++ % sequence.length],
        })
        const waits = pollsAt.slice(1).map((at, n) => at - (pollsAt[n] ?? Number.NaN))
        const longest = schedule.max ?? Number.POSITIVE_INFINITY
        for (const wait of waits)
          expect(wait).to.be.within(Math.min(minWait(schedule), longest) - 1e-6, longest + 1e-6)
      }),
      { numRuns: 50 },
    )
  })

  describe('the polls and the lag', () => {
    const plain = Object.fromEntries(
      Object.entries(SCHEDULES).map(([name, schedule]) => [name, meanCost(schedule)]),
    )

    it('should be at most 82 % and 10 % of balanced() for linear progress, and 40 % with a noise of 1 %', () => {
      const base = meanCost(balanced())
      const linear = meanCost(balanced(), (share) => share)
      expect(linear.polls / base.polls).to.be.at.most(0.82)
      expect(linear.lag / base.lag).to.be.at.most(0.1)
      const noisy = meanCost(balanced(), (share, noise) => Math.max(0, share + 0.01 * normal(noise)))
      expect(noisy.polls / base.polls).to.be.at.most(0.84)
      expect(noisy.lag / base.lag).to.be.at.most(0.4)
    })

    const shapes: Readonly<Record<string, ProgressOf>> = {
      'has eight steps': (share) => Math.floor(8 * share) / 8,
      'is a square': (share) => share ** 2,
      'is a square root': (share) => Math.sqrt(share),
      'is random': (share, noise) => share * (0.3 + 1.4 * noise()),
      'restarts at half of the time': (share) => (share < 0.5 ? 1.8 * share : 2 * share - 1),
      'stays 0': () => 0,
      'stays 50 %': () => 0.5,
    }
    for (const name of ['balanced()', 'lagBounded()', 'exponential()'])
      for (const [shape, progressOf] of Object.entries(shapes))
        it(`should be at most 1.1 times the polls and the lag of ${name} if the progress ${shape}`, () => {
          const { polls, lag } = meanCost(SCHEDULES[name] ?? balanced(), progressOf)
          expect(polls / (plain[name]?.polls ?? 0)).to.be.at.most(1.1)
          expect(lag / (plain[name]?.lag ?? 0)).to.be.at.most(1.1)
        })

    // lagBounded() is measured with a random time, because the poll at the forecast end would otherwise put all further
    // polls at the same shares of the run time.
    for (const name of ['balanced()', 'lagBounded()'])
      it(`should be at most 1.1 times the polls and the lag of ${name} if the progress sticks at 99 %`, () => {
        const schedule = SCHEDULES[name] ?? balanced()
        const random = seededRandom(3)
        let stuckAt = 0.6
        const sticks: ProgressOf = (share) => {
          if (share === 0 && name === 'lagBounded()') stuckAt = 0.3 + 0.6 * random()
          return 0.99 * Math.min(1, share / stuckAt)
        }
        const { polls, lag } = meanCost(schedule, sticks)
        expect(polls / (plain[name]?.polls ?? 0)).to.be.at.most(1.1)
        expect(lag / (plain[name]?.lag ?? 0)).to.be.at.most(1.1)
      })

    for (const name of ['balanced()', 'lagBounded()', 'exponential()'])
      it(`should be at most 1.1 times the polls and the lag of ${name} if the operation fails at a random fraction`, () => {
        const schedule = SCHEDULES[name] ?? balanced()
        const endsAt = (random: () => number) => random()
        const base = meanCost(schedule, undefined, endsAt)
        const { polls, lag } = meanCost(schedule, (share) => share, endsAt)
        expect(polls / base.polls).to.be.at.most(1.1)
        expect(lag / base.lag).to.be.at.most(1.1)
      })
  })

  describe('the usable fraction', () => {
    const metrics = {
      status: 'RUNNING',
      metrics: [
        { name: 'A_TOTAL', intValue: '4' },
        { name: 'A', intValue: '1' },
      ],
    }
    const rows: readonly (readonly [string, Json, number | undefined])[] = [
      ['a percentage', { progressPercent: 42 }, 0.42],
      ['a list of parts', { progress: [{ progressPercent: 100 }, { startTime: 't' }] }, 0.5],
      ['metrics', { progress: metrics }, undefined],
      ['a list with metrics', { progress: [metrics] }, undefined],
      ['no progress', { step: 1 }, undefined],
    ]
    for (const [what, metadata, fraction] of rows)
      it(`should be ${fraction} for ${what}`, () => {
        expect(usableFraction(metadata)).to.equal(fraction)
      })
  })

  describe('a watch', () => {
    const DURATION = 60_000
    /** Polls an operation with linear progress, and returns the poll times. */
    function pollTimes(options: WatchOptions, clientOptions: ClientOptions = {}, bodyOf = longrunning) {
      return timesOf(
        (client) => client.watch(clientOptions.service ? GCE : NAME, options),
        clientOptions,
        bodyOf,
      )
    }
    const GCE = 'projects/p/zones/z/operations/o'

    function longrunning(share: number): Json {
      const metadata = { progressPercent: 100 * Math.min(1, share) }
      return { name: NAME, metadata, ...(share >= 1 && { done: true }) }
    }
    function compute(share: number): Json {
      return {
        kind: 'compute#operation',
        name: 'o',
        status: share < 1 ? 'RUNNING' : 'DONE',
        progress: 100 * share,
      }
    }

    function timesOf(
      watch: (client: OperationsClient) => Observable<unknown>,
      clientOptions: ClientOptions,
      bodyOf: (share: number) => Json,
    ): readonly number[] {
      const times: number[] = []
      inVirtualTime(({ flush }) => {
        const transport: Transport = () => {
          times.push(asyncScheduler.now())
          return of(httpReply(200, bodyOf(asyncScheduler.now() / DURATION)))
        }
        watch(new OperationsClient({ transport, rateLimit: false, ...clientOptions })).subscribe()
        flush()
      })
      return times
    }

    const expected = explain(balanced(), DURATION, { progress: (elapsed) => elapsed / DURATION }).pollsAt
    const plain = explain(balanced(), DURATION).pollsAt

    it('should forecast the end by default', () => {
      expect(pollTimes({})).to.deep.equal(expected)
      expect(expected).to.have.length.below(plain.length)
      expect(expected.at(-1)).to.be.within(DURATION, DURATION + 500)
    })

    it('should ignore the progress if progressAware is false', () => {
      expect(pollTimes({ progressAware: false })).to.deep.equal(plain)
    })

    it('should forecast the end with watchAll, unless progressAware is false', () => {
      expect(timesOf((client) => client.watchAll([NAME]), {}, longrunning)).to.deep.equal(expected)
      const watch = (client: OperationsClient) => client.watchAll([NAME], { progressAware: false })
      expect(timesOf(watch, {}, longrunning)).to.deep.equal(plain)
    })

    it('should ignore the progress of Compute Engine', () => {
      expect(pollTimes({ longPoll: false }, service('compute'), compute)).to.deep.equal(plain)
    })

    it('should continue the forecast in another process', () => {
      const steps = (options: StepOptions, forward: (state: object) => object) => {
        const times: number[] = []
        inVirtualTime(({ flush }) => {
          const transport: Transport = () => {
            times.push(asyncScheduler.now())
            return of(httpReply(200, longrunning(asyncScheduler.now() / DURATION)))
          }
          const clientOf = () => new OperationsClient({ transport, rateLimit: false })
          clientOf()
            .step(NAME, options)
            .pipe(
              expand((step) =>
                step._tag === 'Ended'
                  ? EMPTY
                  : timer(step.wait).pipe(
                      concatMap(() =>
                        clientOf().step(forward(JSON.parse(JSON.stringify(step.state))) as never, options),
                      ),
                    ),
              ),
            )
            .subscribe()
          flush()
        })
        return times
      }
      expect(steps({}, (state) => state)).to.deep.equal(expected)
      expect(steps({ progressAware: false }, (state) => state)).to.deep.equal(plain)
      // A worker of an older version stores no forecast. Then the last snapshot is used.
      const restored = steps({}, (state) => ({ ...state, forecast: undefined }))
      expect(restored).to.have.length.below(plain.length)
      expect(restored.at(-1)).to.be.within(DURATION, DURATION + 5_000)
    })
  })

  describe('a stored forecast', () => {
    const state = {
      target: { name: NAME, endpoint: 'https://example.com', apiVersion: 'v1' },
      startedAt: 1,
      polledAt: 1,
      attempt: 1,
      hasResponse: true,
      visible: true,
      malformedInARow: 0,
    }
    const parse = (forecast: Json) => {
      const parsed = parsePollState(
        { ...state, forecast },
        { endpoint: 'https://example.com', apiVersion: 'v1' },
        5,
      )
      return parsed._tag === 'Right' ? parsed.right : undefined
    }

    it('should be restored', () => {
      expect(parse(JSON.parse(JSON.stringify(previous)))?.forecast).to.deep.equal(previous)
      const first = { fraction: 0.1, meanElapsed: 5, meanFraction: 0.1 }
      expect(parse(first)?.forecast).to.deep.equal({ ...first, error: undefined, end: undefined })
    })

    for (const forecast of [
      null,
      5,
      [],
      {},
      { ...previous, fraction: '0.1' },
      { ...previous, meanElapsed: null },
    ])
      it(`should be ignored if it is invalid: ${JSON.stringify(forecast)}`, () => {
        expect(parse(forecast)).to.be.an('object').that.does.not.have.any.keys('forecast')
      })
  })
})
