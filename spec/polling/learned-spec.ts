import { expect } from 'chai'
import fc from 'fast-check'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { explain } from '../../lib/polling/explain.js'
import type { LearnedHistory } from '../../lib/polling/learned/history.js'
import { type Learned, type LearnedOptions, learned } from '../../lib/polling/learned/learned.js'
import {
  balanced,
  isSchedule,
  lagBounded,
  nextWait,
  type Schedule,
  scheduleKey,
} from '../../lib/polling/schedule.js'

const KIND = 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata'
const metadata = { '@type': KIND }
function contextAfter(elapsed: number) {
  return { attempt: 5, elapsed, metadata }
}

/** Returns a generator of numbers from 0 to 1 for a seed. */
function seededRandom(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32
  }
}

/** Returns durations of a log-normal distribution, in milliseconds. */
function logNormalDurations(seed: number, count: number, median = 60_000, sigma = 0.5): readonly number[] {
  const random = seededRandom(seed)
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()))
  })
}

function learnedWithDurations(durations: readonly number[], options?: LearnedOptions): Learned {
  const schedule = learned(options)
  for (const duration of durations) schedule.record(KIND, duration)
  return schedule
}

/** Calls `settled` as a watch would after an operation that took `duration` milliseconds. */
function settle(schedule: Learned, duration: number): void {
  const { pollsAt } = explain(schedule, duration, { kind: KIND })
  const [lastRunningAt, elapsed] = pollsAt.slice(-2) as [number, number]
  schedule.settled?.({ attempt: pollsAt.length, elapsed, lastRunningAt, metadata })
}

const GAX_SCHEDULE: Schedule = { next: ({ attempt }) => Math.min(100 * 1.3 ** (attempt - 1), 60_000) }

/** Returns the mean number of polls and the mean lag in milliseconds. */
function meanCost(schedule: Schedule, durations: readonly number[]) {
  let polls = 0
  let lag = 0
  for (const duration of durations) {
    const explanation = explain(schedule, duration, { kind: KIND })
    polls += explanation.pollsAt.length / durations.length
    lag += explanation.lag / durations.length
  }
  return { polls, lag }
}

const TEST_DURATIONS = logNormalDurations(2, 10_000)
const gaxCost = meanCost(GAX_SCHEDULE, TEST_DURATIONS)
const fallbackSchedule = balanced()

describe('polling/learned', () => {
  it('should have a key that differs from the key of a schedule with equal options', () => {
    const [first, second] = [learned(), learned()]
    expect(isSchedule(first)).to.equal(true)
    expect(scheduleKey(first)).to.equal(scheduleKey(first))
    expect(scheduleKey(first)).to.not.equal(scheduleKey(second))
    expect({ label: first.label, min: first.min }).to.deep.equal({ label: 'learned(price 500 ms)', min: 750 })
    expect(learned({ price: 40 }).label).to.equal('learned(price 40 ms)')
  })

  describe('the fallback to balanced', () => {
    const expectFallbackWait = (schedule: Schedule, elapsed: number, more: object = { metadata }) =>
      expect(nextWait(schedule, { attempt: 5, elapsed, ...more })).to.equal(
        nextWait(fallbackSchedule, { attempt: 5, elapsed }),
      )

    for (const elapsed of [0, 750, 3_001, 20_000, 59_999, 90_000, 10_000_000])
      it(`should wait like balanced after ${elapsed} ms if fewer than ten operations are recorded`, () => {
        expectFallbackWait(learned(), elapsed)
        expectFallbackWait(learnedWithDurations(Array(9).fill(60_000)), elapsed)
      })

    it('should use a plan when ten operations are recorded', () => {
      const schedule = learnedWithDurations(Array(9).fill(60_000))
      expectFallbackWait(schedule, 41_000)
      schedule.record(KIND, 60_000)
      expect(nextWait(schedule, contextAfter(41_000))).to.be.within(15_000, 24_600)
    })

    it('should wait like balanced if only durations of another kind are recorded', () => {
      const schedule = learnedWithDurations(Array(50).fill(60_000))
      expectFallbackWait(schedule, 41_000, { metadata: { '@type': 'another' } })
      expectFallbackWait(schedule, 41_000, {})
    })

    it('should wait like balanced after the longest recorded duration', () => {
      const schedule = learnedWithDurations(Array(50).fill(60_000))
      for (const elapsed of [80_000, 120_000, 1e7, Number.MAX_SAFE_INTEGER])
        expectFallbackWait(schedule, elapsed)
    })
  })

  describe('the kind of an operation', () => {
    const contextsWithoutKind: readonly (readonly [string, object])[] = [
      ['without metadata', {}],
      ['whose metadata has no type', { metadata: { step: 1 } }],
      ['whose metadata has a type that is not a string', { metadata: { '@type': 5 } }],
      ['with null as metadata', { metadata: null }],
      ['with a list as metadata', { metadata: ['@type'] }],
      ['with a string as metadata', { metadata: KIND }],
    ]
    for (const [what, context] of contextsWithoutKind)
      it(`should be the empty string for an operation ${what}`, () => {
        const schedule = learned()
        for (let n = 0; n < 10; n++) schedule.record('', 60_000)
        expect(nextWait(schedule, { attempt: 1, elapsed: 41_000, ...context })).to.be.above(15_000)
        expect(nextWait(schedule, contextAfter(41_000))).to.equal(7_544)
      })

    it('should be truncated to 256 characters in record and settled', () => {
      const schedule = learned()
      const longKind = 'x'.repeat(300)
      schedule.record(longKind, 60_000)
      schedule.settled?.({ attempt: 2, elapsed: 10, lastRunningAt: 5, metadata: { '@type': `${longKind}y` } })
      expect(schedule.toJSON().kinds.map(({ kind }) => kind)).to.deep.equal(['x'.repeat(256)])
    })

    for (const name of ['__proto__', 'constructor', 'toString'])
      it(`should have no special meaning if it is ${name}`, () => {
        const schedule = learned()
        for (let n = 0; n < 10; n++) schedule.record(name, 60_000)
        const restoredSchedule = learned({ history: JSON.parse(JSON.stringify(schedule)) })
        expect(
          nextWait(restoredSchedule, { attempt: 1, elapsed: 41_000, metadata: { '@type': name } }),
        ).to.be.within(5_000, 41_000)
        expect(Object.keys(Object.prototype)).to.deep.equal([])
        expect(explain(restoredSchedule, 60_000, { kind: name })).to.deep.equal(
          explain(schedule, 60_000, { kind: name }),
        )
      })
  })

  describe('the number of polls and the lag', () => {
    it('should be at most 60 % of the polls and 40 % of the lag of gax if 200 operations are recorded', () => {
      for (const seed of [1, 11, 12, 13]) {
        const { polls, lag } = meanCost(learnedWithDurations(logNormalDurations(seed, 200)), TEST_DURATIONS)
        expect(polls / gaxCost.polls).to.be.at.most(0.6)
        expect(lag / gaxCost.lag).to.be.at.most(0.4)
      }
    })

    it('should be at most 60 % of the polls and 40 % of the lag of gax if the schedule has polled all recorded operations', () => {
      const schedule = learned()
      for (const duration of logNormalDurations(3, 200)) settle(schedule, duration)
      const { polls, lag } = meanCost(schedule, TEST_DURATIONS)
      expect(polls / gaxCost.polls).to.be.at.most(0.6)
      expect(lag / gaxCost.lag).to.be.at.most(0.4)
    })

    it('should be at most 10 polls and 3 s if watched operations have nearly equal durations', () => {
      const schedule = learned()
      for (const duration of logNormalDurations(4, 200, 60_000, 0.01)) settle(schedule, duration)
      const { polls, lag } = meanCost(schedule, logNormalDurations(5, 1_000, 60_000, 0.01))
      expect(polls).to.be.at.most(10)
      expect(lag).to.be.at.most(3_000)
    })

    it('should be lower than with lagBounded after the durations triple, and after they halve', () => {
      const schedule = learnedWithDurations(logNormalDurations(6, 100, 20_000, 0.2))
      for (const median of [60_000, 30_000]) {
        for (const duration of logNormalDurations(7, 400, median, 0.2)) settle(schedule, duration)
        const learnedCost = meanCost(schedule, logNormalDurations(8, 1_000, median, 0.2))
        const boundedCost = meanCost(lagBounded(), logNormalDurations(8, 1_000, median, 0.2))
        expect(learnedCost.polls).to.be.below(boundedCost.polls)
        expect(learnedCost.lag).to.be.below(boundedCost.lag * 0.8)
      }
    })

    it('should include only two polls before 90 % of the shortest recorded duration', () => {
      const schedule = learnedWithDurations(Array.from({ length: 2_000 }, (_, n) => 10_000 + n))
      const { pollsAt } = explain(schedule, 12_000, { kind: KIND })
      expect(pollsAt.filter((at) => at < 9_000)).to.have.length(2)
      expect(pollsAt.filter((at) => at > 9_500 && at < 12_300)).to.have.length.within(1, 3)
    })

    for (const [median, sigma] of [
      [5_000, 0.5],
      [60_000, 0.1],
      [60_000, 0.5],
      [60_000, 1],
      [600_000, 0.3],
    ] as const)
      it(`should have a lower total cost than with any lagBounded for a median of ${median} ms and a sigma of ${sigma}`, () => {
        const newDurations = logNormalDurations(10, 2_000, median, sigma)
        const cost = (schedule: Schedule) => {
          const { polls, lag } = meanCost(schedule, newDurations)
          return lag + 500 * polls
        }
        const learnedCost = cost(learnedWithDurations(logNormalDurations(9, 500, median, sigma)))
        for (const ratio of [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6])
          for (const max of [10_000, 20_000, 36_000])
            expect(cost(lagBounded({ ratio, max }))).to.be.above(learnedCost)
      })

    it('should be fewer polls and more lag if the price is higher', () => {
      const costs = [50, 200, 500, 2_000].map((price) =>
        meanCost(learnedWithDurations(logNormalDurations(1, 200), { price }), TEST_DURATIONS),
      )
      for (const [index, { polls, lag }] of costs.entries()) {
        const nextCost = costs[index + 1]
        if (nextCost === undefined) continue
        expect(nextCost.polls).to.be.below(polls)
        expect(nextCost.lag).to.be.above(lag)
      }
    })

    it('should not depend on the attempt', () => {
      const schedule = learnedWithDurations(logNormalDurations(1, 200))
      const { pollsAt } = explain(schedule, 70_000, { kind: KIND })
      const [previousPollAt, lastPollAt] = pollsAt.slice(-2) as [number, number]
      for (const attempt of [1, 2, 900])
        expect(nextWait(schedule, { attempt, elapsed: previousPollAt, metadata })).to.equal(
          lastPollAt - previousPollAt,
        )
    })
  })

  describe('the limits of the waits', () => {
    it('should apply for any history', () => {
      const allDurations = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), {
        minLength: 10,
        maxLength: 60,
      })
      const allElapsed = fc.oneof(
        fc.integer({ min: 0, max: 100_000 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
      )
      const prices = fc.integer({ min: 1, max: 600_000 })
      fc.assert(
        fc.property(
          allDurations,
          prices,
          fc.array(allElapsed, { minLength: 20 }),
          (durations, price, times) => {
            const schedule = learnedWithDurations(durations, { price })
            for (const elapsed of times) {
              const wait = nextWait(schedule, contextAfter(elapsed))
              expect(wait).to.satisfy(Number.isInteger)
              expect(wait).to.be.within(750, Math.min(36_000, Math.max(5_000, 0.6 * elapsed)))
            }
          },
        ),
      )
    })

    it('should be reached at times at which no recorded operation has ended yet', () => {
      const schedule = learnedWithDurations(Array(100).fill(3_600_000))
      const { pollsAt, worstLag } = explain(schedule, 1_800_000, { kind: KIND })
      const longestWaits: Schedule = {
        next: ({ elapsed }) => Math.min(36_000, Math.max(5_000, 0.6 * elapsed)),
      }
      expect(pollsAt).to.have.lengthOf.within(50, explain(longestWaits, 1_800_000).pollsAt.length + 1)
      expect(worstLag).to.equal(36_000)
    })
  })

  describe('maxWait', () => {
    it('should limit the waits of plans and of the fallback', () => {
      const limits = fc.record({
        floor: fc.integer({ min: 750, max: 600_000 }),
        share: fc.double({ min: 0, max: 10, noNaN: true }),
      })
      fc.assert(
        fc.property(limits, fc.double({ min: 0, max: 1e6, noNaN: true }), (maxWait, elapsed) => {
          const limit = Math.max(maxWait.floor, Math.min(36_000, maxWait.share * elapsed))
          for (const count of [0, 20]) {
            const schedule = learnedWithDurations(Array(count).fill(1_000_000), { maxWait })
            const wait = nextWait(schedule, contextAfter(elapsed))
            expect(wait).to.satisfy(Number.isInteger)
            expect(wait).to.be.within(750, limit)
          }
        }),
        { numRuns: 30 },
      )
    })

    // The document states these figures.
    it('should save polls with a higher limit, and detect an early failure later', () => {
      const figures = [undefined, { floor: 15_000, share: 1 }, { floor: 600_000 }].map((maxWait) => {
        const schedule = learnedWithDurations(logNormalDurations(1, 200), { maxWait })
        return { ...meanCost(schedule, TEST_DURATIONS), early: explain(schedule, 3_000, { kind: KIND }).lag }
      })
      const [standard, wide, unlimited] = figures
      expect(standard?.polls).to.be.within(11, 12)
      expect(wide?.polls).to.be.below(0.45 * gaxCost.polls)
      expect(wide?.lag).to.be.below(0.4 * gaxCost.lag)
      expect(unlimited?.polls).to.be.below(wide?.polls ?? 0)
      expect(standard?.early).to.be.at.most(2_000)
      expect(wide?.early).to.be.within(5_000, 12_000)
      expect(unlimited?.early).to.be.within(20_000, 35_000)
    })

    it('should need no more than ten recorded operations', () => {
      const [ten = 0, many = 0] = [10, 200].map((count) => {
        const { polls, lag } = meanCost(learnedWithDurations(logNormalDurations(1, count)), TEST_DURATIONS)
        return lag + 500 * polls
      })
      expect(ten / many).to.be.within(0.9, 1.1)
    })
  })

  describe('settled', () => {
    const historyAfterSettled = (...contexts: readonly Parameters<NonNullable<Schedule['settled']>>[0][]) => {
      const schedule = learned()
      for (const context of contexts) schedule.settled?.(context)
      return schedule.toJSON()
    }
    const historyAfterRecord = (...durations: readonly number[]) => {
      const schedule = learned()
      for (const duration of durations) schedule.record(KIND, duration)
      return schedule.toJSON()
    }

    it('should spread the count of an operation over the time between the last two polls', () => {
      const [spreadKind] = historyAfterSettled({
        attempt: 4,
        elapsed: 64_000,
        lastRunningAt: 40_000,
        metadata,
      }).kinds
      const [exactKind] = historyAfterRecord(43_000, 49_000, 55_000, 61_000).kinds
      expect(spreadKind?.from).to.equal(exactKind?.from)
      expect(spreadKind?.counts).to.deep.equal(exactKind?.counts.map((count) => count / 4))
    })

    it('should record the time of the last poll if lastRunningAt is not before the last poll', () => {
      const exactHistory = historyAfterRecord(60_000)
      expect(
        historyAfterSettled({ attempt: 4, elapsed: 60_000, lastRunningAt: 60_000, metadata }),
      ).to.deep.equal(exactHistory)
      expect(
        historyAfterSettled({ attempt: 4, elapsed: 60_000, lastRunningAt: 60_500, metadata }),
      ).to.deep.equal(exactHistory)
    })

    it('should record the time of the last poll if lastRunningAt is missing', () => {
      expect(historyAfterSettled({ attempt: 4, elapsed: 60_000, metadata })).to.deep.equal(
        historyAfterRecord(60_000),
      )
    })

    it('should record nothing if the operation was done at the first poll', () => {
      expect(historyAfterSettled({ attempt: 1, elapsed: 60_000 })).to.deep.equal({ version: 1, kinds: [] })
    })

    it('should record an operation that was done at the first poll if its start response was Running', () => {
      expect(
        historyAfterSettled({ attempt: 1, elapsed: 750, lastRunningAt: 0, metadata }).kinds,
      ).to.have.length(1)
    })

    it('should record the kind as the empty string if there is no metadata', () => {
      expect(
        historyAfterSettled({ attempt: 2, elapsed: 750, lastRunningAt: 0 }).kinds.map(({ kind }) => kind),
      ).to.deep.equal([''])
    })
  })

  describe('the history', () => {
    it('should restore a schedule with the same waits from JSON', () => {
      const schedule = learnedWithDurations(logNormalDurations(1, 300))
      for (const duration of logNormalDurations(2, 30)) settle(schedule, duration)
      const history: LearnedHistory = JSON.parse(JSON.stringify(schedule))
      const restoredSchedule = learned({ history })
      expect(restoredSchedule.toJSON()).to.deep.equal(history)
      const secondRestoredSchedule = learned({ history })
      for (let elapsed = 0; elapsed < 300_000; elapsed += 777)
        expect(nextWait(restoredSchedule, contextAfter(elapsed))).to.equal(
          nextWait(secondRestoredSchedule, contextAfter(elapsed)),
        )
      expect(meanCost(restoredSchedule, TEST_DURATIONS.slice(0, 500)).polls).to.be.below(gaxCost.polls * 0.6)
    })

    it('should be the sum if an array of histories is given', () => {
      const [first, second] = [
        learnedWithDurations(logNormalDurations(1, 100)),
        learnedWithDurations(logNormalDurations(2, 60)),
      ]
      second.record('another', 5)
      const sum = learnedWithDurations([...logNormalDurations(1, 100), ...logNormalDurations(2, 60)])
      sum.record('another', 5)
      expect(learned({ history: [first.toJSON(), second.toJSON()] }).toJSON()).to.deep.equal(sum.toJSON())
    })

    it('should not change when durations are recorded later', () => {
      const schedule = learnedWithDurations([60_000])
      const json = schedule.toJSON()
      const jsonBefore = JSON.stringify(json)
      schedule.record(KIND, 60_000)
      expect(JSON.stringify(json)).to.equal(jsonBefore)
    })

    it('should contain at most 1,000 kinds, and omit the least recently updated kinds', () => {
      const schedule = learned()
      for (let n = 0; n < 1_000; n++) schedule.record(`kind ${n}`, 10 ** (n % 12))
      schedule.record('kind 0', 1)
      schedule.record('one more', 1)
      const { kinds } = schedule.toJSON()
      expect(kinds).to.have.length(1_000)
      expect(kinds.map(({ kind }) => kind))
        .to.include('kind 0')
        .and.not.include('kind 1')
      expect(kinds.slice(-2).map(({ kind }) => kind)).to.deep.equal(['kind 0', 'one more'])
      for (const { from, counts } of kinds) expect(from + counts.length).to.be.at.most(200)
    })

    it('should contain smaller counts for old operations', () => {
      const schedule = learnedWithDurations([...Array(4_096).fill(1_000), ...Array(4_096 * 4).fill(60_000)])
      const [{ counts = [] } = {}] = schedule.toJSON().kinds
      const total = counts.reduce((sum, count) => sum + count, 0)
      expect(total).to.be.within(2_048, 4_096)
      expect(counts[0]).to.be.below(0.05 * total)
    })

    const validKind = { kind: 'k', from: 10, counts: [1, 2.5, 0] }
    const historyWithKind = (change: object) => ({
      version: 1,
      kinds: [validKind, { ...validKind, ...change }],
    })
    const path = 'history.kinds[1]'
    const invalidHistories: readonly (readonly [unknown, string])[] = [
      [null, 'history must be a value returned by toJSON, got null'],
      ['{}', 'history must be a value returned by toJSON, got "{}"'],
      [[null], 'history[0] must be a value returned by toJSON, got null'],
      [{}, 'history.version must be 1, got undefined'],
      [{ version: 2, kinds: [] }, 'history.version must be 1, got 2'],
      [{ version: 1 }, 'history.kinds must be a list, got undefined'],
      [{ version: 1, kinds: { length: 0 } }, 'history.kinds must be a list, got an object'],
      [[historyWithKind({}), { version: 1, kinds: [5] }], 'history[1].kinds[0] must be an object, got 5'],
      [historyWithKind({ kind: 5 }), `${path}.kind must be a string of at most 256 characters, got 5`],
      [
        historyWithKind({ kind: undefined }),
        `${path}.kind must be a string of at most 256 characters, got undefined`,
      ],
      [historyWithKind({ from: -1 }), `${path}.from must be a whole number from 0 to 199, got -1`],
      [historyWithKind({ from: 0.5 }), `${path}.from must be a whole number from 0 to 199, got 0.5`],
      [historyWithKind({ from: 200 }), `${path}.from must be a whole number from 0 to 199, got 200`],
      [historyWithKind({ from: '10' }), `${path}.from must be a whole number from 0 to 199, got "10"`],
      [historyWithKind({ counts: 'abc' }), `${path}.counts must be at most 190 numbers, got a string`],
      [historyWithKind({ from: 198 }), `${path}.counts must be at most 2 numbers, got a list of 3 elements`],
      [historyWithKind({ counts: [1, -1] }), `${path}.counts[1] must be a number from 0 to 4096, got -1`],
      [
        historyWithKind({ counts: [Number.NaN] }),
        `${path}.counts[0] must be a number from 0 to 4096, got NaN`,
      ],
      [historyWithKind({ counts: [1e300] }), `${path}.counts[0] must be a number from 0 to 4096, got 1e+300`],
      [historyWithKind({ counts: [null] }), `${path}.counts[0] must be a number from 0 to 4096, got null`],
    ]
    for (const [history, message] of invalidHistories)
      it(`should be rejected: ${message}`, () => {
        expect(() => learned({ history: history as LearnedHistory }))
          .to.throw(InvalidOption)
          .that.includes({ message, option: message.split(' must be ', 1)[0] })
      })

    it('should be accepted if it has the maximum size', () => {
      const fullKind = { kind: 'x'.repeat(256), from: 0, counts: Array(200).fill(4_096) }
      const [{ counts = [] } = {}] = learned({ history: { version: 1, kinds: [fullKind] } }).toJSON().kinds
      expect(counts).to.have.length(200)
      expect(counts.reduce((sum, count) => sum + count, 0)).to.be.at.most(4_096)
    })
  })

  const PRICE_MESSAGE = 'price must be a number of milliseconds from 1 to 600000, got'
  const MS_MESSAGE = 'ms must be a finite number of milliseconds, at least 0, got'
  const invalidCalls: readonly (readonly [() => unknown, string])[] = [
    [() => learned({ price: 0 }), `${PRICE_MESSAGE} 0`],
    [() => learned({ price: Number.NaN }), `${PRICE_MESSAGE} NaN`],
    [() => learned({ price: 600_001 }), `${PRICE_MESSAGE} 600001`],
    [() => learned({ price: '5' as unknown as number }), `${PRICE_MESSAGE} "5"`],
    [() => learned({ maxWait: null as never }), 'maxWait must be an object, got null'],
    [
      () => learned({ maxWait: { floor: 749 } }),
      'maxWait.floor must be a number of milliseconds from 750 to 600000, got 749',
    ],
    [() => learned({ maxWait: { share: -1 } }), 'maxWait.share must be a number from 0 to 10, got -1'],
    [
      () => learned({ maxWait: { share: Number.NaN } }),
      'maxWait.share must be a number from 0 to 10, got NaN',
    ],
    [() => learned().record(KIND, -1), `${MS_MESSAGE} -1`],
    [() => learned().record(KIND, Number.NaN), `${MS_MESSAGE} NaN`],
    [() => learned().record(KIND, Number.POSITIVE_INFINITY), `${MS_MESSAGE} Infinity`],
    [() => learned().record(5 as unknown as string, 5), 'kind must be a string, got 5'],
  ]
  for (const [call, message] of invalidCalls)
    it(`should throw if an argument is invalid: ${message}`, () => {
      expect(call)
        .to.throw(InvalidOption)
        .that.includes({ message, option: message.split(' ', 1)[0] })
    })
})
