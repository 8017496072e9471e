import { expect } from 'chai'
import fc from 'fast-check'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { explain } from '../../lib/polling/explain.js'
import type { LearnedHistory } from '../../lib/polling/learned/history.js'
import { type Learned, type LearnedOptions, learned } from '../../lib/polling/learned/learned.js'
import { isSchedule, lagBounded, nextWait, type Schedule, scheduleKey } from '../../lib/polling/schedule.js'

const kind = 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata'
const metadata = { '@type': kind }
function contextAfter(elapsed: number) {
  return { attempt: 5, elapsed, metadata }
}

/** Returns a generator of numbers from 0 to 1 for a seed. */
function seeded(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32
  }
}

/** Returns durations of a log-normal distribution, in milliseconds. */
function logNormal(seed: number, count: number, median = 60_000, sigma = 0.5): readonly number[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()))
  })
}

function withDurations(durations: readonly number[], options?: LearnedOptions): Learned {
  const schedule = learned(options)
  for (const duration of durations) schedule.record(kind, duration)
  return schedule
}

/** Calls `settled` as a watch would after an operation that took `duration` milliseconds. */
function settle(schedule: Learned, duration: number): void {
  const { pollsAt } = explain(schedule, duration, { kind })
  const [lastRunningAt, elapsed] = pollsAt.slice(-2) as [number, number]
  schedule.settled?.({ attempt: pollsAt.length, elapsed, lastRunningAt: lastRunningAt, metadata })
}

const GAX_SCHEDULE: Schedule = { next: ({ attempt }) => Math.min(100 * 1.3 ** (attempt - 1), 60_000) }

/** Returns the mean number of polls and the mean lag in milliseconds. */
function meanCost(schedule: Schedule, durations: readonly number[]) {
  let polls = 0
  let lag = 0
  for (const duration of durations) {
    const explanation = explain(schedule, duration, { kind })
    polls += explanation.pollsAt.length / durations.length
    lag += explanation.lag / durations.length
  }
  return { polls, lag }
}

const TEST_DURATIONS = logNormal(2, 10_000)
const gaxCost = meanCost(GAX_SCHEDULE, TEST_DURATIONS)
const fallback = lagBounded()

describe('polling/learned', () => {
  it('should have a key that differs from the key of a schedule with equal options', () => {
    const [first, second] = [learned(), learned()]
    expect(isSchedule(first)).to.equal(true)
    expect(scheduleKey(first)).to.equal(first)
    expect(scheduleKey(first)).to.not.equal(scheduleKey(second))
    expect({ label: first.label, min: first.min }).to.deep.equal({ label: 'learned(price 500 ms)', min: 750 })
    expect(learned({ price: 40 }).label).to.equal('learned(price 40 ms)')
  })

  describe('the fallback to lagBounded', () => {
    const expectFallbackWait = (schedule: Schedule, elapsed: number, more: object = { metadata }) =>
      expect(nextWait(schedule, { attempt: 5, elapsed, ...more })).to.equal(
        nextWait(fallback, { attempt: 5, elapsed }),
      )

    for (const elapsed of [0, 750, 3_001, 20_000, 59_999, 90_000, 10_000_000])
      it(`should wait like lagBounded after ${elapsed} ms if fewer than ten operations are recorded`, () => {
        expectFallbackWait(learned(), elapsed)
        expectFallbackWait(withDurations(Array(9).fill(60_000)), elapsed)
      })

    it('should use a plan when ten operations are recorded', () => {
      const schedule = withDurations(Array(9).fill(60_000))
      expectFallbackWait(schedule, 41_000)
      schedule.record(kind, 60_000)
      expect(nextWait(schedule, contextAfter(41_000))).to.be.within(15_000, 24_600)
    })

    it('should wait like lagBounded if only durations of another kind are recorded', () => {
      const schedule = withDurations(Array(50).fill(60_000))
      expectFallbackWait(schedule, 41_000, { metadata: { '@type': 'another' } })
      expectFallbackWait(schedule, 41_000, {})
    })

    it('should wait like lagBounded after the longest recorded duration', () => {
      const schedule = withDurations(Array(50).fill(60_000))
      for (const elapsed of [80_000, 120_000, 1e7, Number.MAX_SAFE_INTEGER])
        expectFallbackWait(schedule, elapsed)
    })
  })

  describe('the kind of an operation', () => {
    const withoutKind: readonly (readonly [string, object])[] = [
      ['without metadata', {}],
      ['whose metadata has no type', { metadata: { step: 1 } }],
      ['whose metadata has a type that is not a string', { metadata: { '@type': 5 } }],
      ['with null as metadata', { metadata: null }],
      ['with a list as metadata', { metadata: ['@type'] }],
      ['with a string as metadata', { metadata: kind }],
    ]
    for (const [what, context] of withoutKind)
      it(`should be the empty string for an operation ${what}`, () => {
        const schedule = learned()
        for (let n = 0; n < 10; n++) schedule.record('', 60_000)
        expect(nextWait(schedule, { attempt: 1, elapsed: 41_000, ...context })).to.be.above(15_000)
        expect(nextWait(schedule, contextAfter(41_000))).to.equal(10_250)
      })

    it('should be truncated to 256 characters in record and settled', () => {
      const schedule = learned()
      const long = 'x'.repeat(300)
      schedule.record(long, 60_000)
      schedule.settled?.({ attempt: 2, elapsed: 10, lastRunningAt: 5, metadata: { '@type': `${long}y` } })
      expect(schedule.toJSON().kinds.map(({ kind }) => kind)).to.deep.equal(['x'.repeat(256)])
    })

    for (const name of ['__proto__', 'constructor', 'toString'])
      it(`should have no special meaning if it is ${name}`, () => {
        const schedule = learned()
        for (let n = 0; n < 10; n++) schedule.record(name, 60_000)
        const restored = learned({ history: JSON.parse(JSON.stringify(schedule)) })
        expect(nextWait(restored, { attempt: 1, elapsed: 41_000, metadata: { '@type': name } })).to.be.within(
          5_000,
          41_000,
        )
        expect(Object.keys(Object.prototype)).to.deep.equal([])
        expect(explain(restored, 60_000, { kind: name })).to.deep.equal(
          explain(schedule, 60_000, { kind: name }),
        )
      })
  })

  describe('the number of polls and the lag', () => {
    it('should be at most 60 % of the polls and 40 % of the lag of gax if 200 operations are recorded', () => {
      for (const seed of [1, 11, 12, 13]) {
        const { polls, lag } = meanCost(withDurations(logNormal(seed, 200)), TEST_DURATIONS)
        expect(polls / gaxCost.polls).to.be.at.most(0.6)
        expect(lag / gaxCost.lag).to.be.at.most(0.4)
      }
    })

    it('should be at most 60 % of the polls and 40 % of the lag of gax if the schedule has polled all recorded operations', () => {
      const schedule = learned()
      for (const duration of logNormal(3, 200)) settle(schedule, duration)
      const { polls, lag } = meanCost(schedule, TEST_DURATIONS)
      expect(polls / gaxCost.polls).to.be.at.most(0.6)
      expect(lag / gaxCost.lag).to.be.at.most(0.4)
    })

    it('should be at most 10 polls and 3 s if watched operations have nearly equal durations', () => {
      const schedule = learned()
      for (const duration of logNormal(4, 200, 60_000, 0.01)) settle(schedule, duration)
      const { polls, lag } = meanCost(schedule, logNormal(5, 1_000, 60_000, 0.01))
      expect(polls).to.be.at.most(10)
      expect(lag).to.be.at.most(3_000)
    })

    it('should be below those of lagBounded after operations take three times as long, and then half as long', () => {
      const schedule = withDurations(logNormal(6, 100, 20_000, 0.2))
      for (const median of [60_000, 30_000]) {
        for (const duration of logNormal(7, 400, median, 0.2)) settle(schedule, duration)
        const learnedCost = meanCost(schedule, logNormal(8, 1_000, median, 0.2))
        const fallbackCost = meanCost(fallback, logNormal(8, 1_000, median, 0.2))
        expect(learnedCost.polls).to.be.below(fallbackCost.polls)
        expect(learnedCost.lag).to.be.below(fallbackCost.lag * 0.8)
      }
    })

    it('should include only two polls before 90 % of the shortest recorded duration', () => {
      const schedule = withDurations(Array.from({ length: 2_000 }, (_, n) => 10_000 + n))
      const { pollsAt } = explain(schedule, 12_000, { kind })
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
      it(`should cost less in total than with any lagBounded for a median of ${median} ms and a sigma of ${sigma}`, () => {
        const fresh = logNormal(10, 2_000, median, sigma)
        const cost = (schedule: Schedule) => {
          const { polls, lag } = meanCost(schedule, fresh)
          return lag + 500 * polls
        }
        const learnedCost = cost(withDurations(logNormal(9, 500, median, sigma)))
        for (const ratio of [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6])
          for (const max of [10_000, 20_000, 36_000])
            expect(cost(lagBounded({ ratio, max }))).to.be.above(learnedCost)
      })

    it('should be fewer polls and more lag if the price is higher', () => {
      const costs = [50, 200, 500, 2_000].map((price) =>
        meanCost(withDurations(logNormal(1, 200), { price }), TEST_DURATIONS),
      )
      for (const [index, { polls, lag }] of costs.entries()) {
        const next = costs[index + 1]
        if (next === undefined) continue
        expect(next.polls).to.be.below(polls)
        expect(next.lag).to.be.above(lag)
      }
    })

    it('should not depend on the attempt', () => {
      const schedule = withDurations(logNormal(1, 200))
      const { pollsAt } = explain(schedule, 70_000, { kind })
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
            const schedule = withDurations(durations, { price })
            for (const elapsed of times) {
              const wait = nextWait(schedule, contextAfter(elapsed))
              expect(wait).to.satisfy(Number.isInteger)
              expect(wait).to.be.within(750, Math.min(36_000, Math.max(5_000, 0.6 * elapsed)))
            }
          },
        ),
      )
    })

    it('should be reached at times before the end of every recorded operation', () => {
      const schedule = withDurations(Array(100).fill(3_600_000))
      const { pollsAt, worstLag } = explain(schedule, 1_800_000, { kind })
      const longestWaits: Schedule = {
        next: ({ elapsed }) => Math.min(36_000, Math.max(5_000, 0.6 * elapsed)),
      }
      expect(pollsAt).to.have.lengthOf.within(50, explain(longestWaits, 1_800_000).pollsAt.length + 1)
      expect(worstLag).to.equal(36_000)
    })
  })

  describe('settled', () => {
    const settled = (...contexts: readonly Parameters<NonNullable<Schedule['settled']>>[0][]) => {
      const schedule = learned()
      for (const context of contexts) schedule.settled?.(context)
      return schedule.toJSON()
    }
    const recorded = (...durations: readonly number[]) => {
      const schedule = learned()
      for (const duration of durations) schedule.record(kind, duration)
      return schedule.toJSON()
    }

    it('should spread the count of an operation over the time between the last two polls', () => {
      const [spread] = settled({ attempt: 4, elapsed: 64_000, lastRunningAt: 40_000, metadata }).kinds
      const [exact] = recorded(43_000, 49_000, 55_000, 61_000).kinds
      expect(spread?.from).to.equal(exact?.from)
      expect(spread?.counts).to.deep.equal(exact?.counts.map((count) => count / 4))
    })

    it('should record the time of the last poll if lastRunningAt is not before the last poll', () => {
      const exact = recorded(60_000)
      expect(settled({ attempt: 4, elapsed: 60_000, lastRunningAt: 60_000, metadata })).to.deep.equal(exact)
      expect(settled({ attempt: 4, elapsed: 60_000, lastRunningAt: 60_500, metadata })).to.deep.equal(exact)
    })

    it('should record the time of the last poll if lastRunningAt is missing', () => {
      expect(settled({ attempt: 4, elapsed: 60_000, metadata })).to.deep.equal(recorded(60_000))
    })

    it('should record nothing if the operation was done at the first poll', () => {
      expect(settled({ attempt: 1, elapsed: 60_000 })).to.deep.equal({ version: 1, kinds: [] })
    })

    it('should record an operation that was done at the first poll if its start response was Running', () => {
      expect(settled({ attempt: 1, elapsed: 750, lastRunningAt: 0, metadata }).kinds).to.have.length(1)
    })

    it('should record the kind as the empty string if there is no metadata', () => {
      expect(
        settled({ attempt: 2, elapsed: 750, lastRunningAt: 0 }).kinds.map(({ kind }) => kind),
      ).to.deep.equal([''])
    })
  })

  describe('the history', () => {
    it('should restore a schedule with the same waits from JSON', () => {
      const schedule = withDurations(logNormal(1, 300))
      for (const duration of logNormal(2, 30)) settle(schedule, duration)
      const history: LearnedHistory = JSON.parse(JSON.stringify(schedule))
      const restored = learned({ history })
      expect(restored.toJSON()).to.deep.equal(history)
      const restoredAgain = learned({ history })
      for (let elapsed = 0; elapsed < 300_000; elapsed += 777)
        expect(nextWait(restored, contextAfter(elapsed))).to.equal(
          nextWait(restoredAgain, contextAfter(elapsed)),
        )
      expect(meanCost(restored, TEST_DURATIONS.slice(0, 500)).polls).to.be.below(gaxCost.polls * 0.6)
    })

    it('should be the sum if an array of histories is given', () => {
      const [first, second] = [withDurations(logNormal(1, 100)), withDurations(logNormal(2, 60))]
      second.record('another', 5)
      const sum = withDurations([...logNormal(1, 100), ...logNormal(2, 60)])
      sum.record('another', 5)
      expect(learned({ history: [first.toJSON(), second.toJSON()] }).toJSON()).to.deep.equal(sum.toJSON())
    })

    it('should not change when durations are recorded later', () => {
      const schedule = withDurations([60_000])
      const json = schedule.toJSON()
      const before = JSON.stringify(json)
      schedule.record(kind, 60_000)
      expect(JSON.stringify(json)).to.equal(before)
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
      const schedule = withDurations([...Array(4_096).fill(1_000), ...Array(4_096 * 4).fill(60_000)])
      const [{ counts = [] } = {}] = schedule.toJSON().kinds
      const total = counts.reduce((sum, count) => sum + count, 0)
      expect(total).to.be.within(2_048, 4_096)
      expect(counts[0]).to.be.below(0.05 * total)
    })

    const valid = { kind: 'k', from: 10, counts: [1, 2.5, 0] }
    const withKind = (change: object) => ({ version: 1, kinds: [valid, { ...valid, ...change }] })
    const path = 'history.kinds[1]'
    const invalid: readonly (readonly [unknown, string])[] = [
      [null, 'history must be a value returned by toJSON, got null'],
      ['{}', 'history must be a value returned by toJSON, got "{}"'],
      [[null], 'history[0] must be a value returned by toJSON, got null'],
      [{}, 'history.version must be 1, got undefined'],
      [{ version: 2, kinds: [] }, 'history.version must be 1, got 2'],
      [{ version: 1 }, 'history.kinds must be a list, got undefined'],
      [{ version: 1, kinds: { length: 0 } }, 'history.kinds must be a list, got an object'],
      [[withKind({}), { version: 1, kinds: [5] }], 'history[1].kinds[0] must be an object, got 5'],
      [withKind({ kind: 5 }), `${path}.kind must be a string of at most 256 characters, got 5`],
      [
        withKind({ kind: undefined }),
        `${path}.kind must be a string of at most 256 characters, got undefined`,
      ],
      [withKind({ from: -1 }), `${path}.from must be a whole number from 0 to 199, got -1`],
      [withKind({ from: 0.5 }), `${path}.from must be a whole number from 0 to 199, got 0.5`],
      [withKind({ from: 200 }), `${path}.from must be a whole number from 0 to 199, got 200`],
      [withKind({ from: '10' }), `${path}.from must be a whole number from 0 to 199, got "10"`],
      [withKind({ counts: 'abc' }), `${path}.counts must be at most 190 numbers, got a string`],
      [withKind({ from: 198 }), `${path}.counts must be at most 2 numbers, got a list of 3 elements`],
      [withKind({ counts: [1, -1] }), `${path}.counts[1] must be a number from 0 to 4096, got -1`],
      [withKind({ counts: [Number.NaN] }), `${path}.counts[0] must be a number from 0 to 4096, got NaN`],
      [withKind({ counts: [1e300] }), `${path}.counts[0] must be a number from 0 to 4096, got 1e+300`],
      [withKind({ counts: [null] }), `${path}.counts[0] must be a number from 0 to 4096, got null`],
    ]
    for (const [history, message] of invalid)
      it(`should be rejected: ${message}`, () => {
        expect(() => learned({ history: history as LearnedHistory }))
          .to.throw(InvalidOption)
          .that.includes({ message, option: message.split(' must be ', 1)[0] })
      })

    it('should be accepted if it has the maximum size', () => {
      const full = { kind: 'x'.repeat(256), from: 0, counts: Array(200).fill(4_096) }
      const [{ counts = [] } = {}] = learned({ history: { version: 1, kinds: [full] } }).toJSON().kinds
      expect(counts).to.have.length(200)
      expect(counts.reduce((sum, count) => sum + count, 0)).to.be.at.most(4_096)
    })
  })

  const PRICE = 'price must be a number of milliseconds from 1 to 600000, got'
  const MS = 'ms must be a finite number of milliseconds, at least 0, got'
  const invalidCalls: readonly (readonly [() => unknown, string])[] = [
    [() => learned({ price: 0 }), `${PRICE} 0`],
    [() => learned({ price: Number.NaN }), `${PRICE} NaN`],
    [() => learned({ price: 600_001 }), `${PRICE} 600001`],
    [() => learned({ price: '5' as unknown as number }), `${PRICE} "5"`],
    [() => learned().record(kind, -1), `${MS} -1`],
    [() => learned().record(kind, Number.NaN), `${MS} NaN`],
    [() => learned().record(kind, Number.POSITIVE_INFINITY), `${MS} Infinity`],
    [() => learned().record(5 as unknown as string, 5), 'kind must be a string, got 5'],
  ]
  for (const [call, message] of invalidCalls)
    it(`should throw if an argument is invalid: ${message}`, () => {
      expect(call)
        .to.throw(InvalidOption)
        .that.includes({ message, option: message.split(' ', 1)[0] })
    })
})
