import { expect } from 'chai'
import fc from 'fast-check'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { explain } from '../../lib/polling/explain.js'
import type { LearnedHistory } from '../../lib/polling/learned/history.js'
import { type Learned, type LearnedOptions, learned } from '../../lib/polling/learned/learned.js'
import {
  isSchedule,
  lagBounded,
  nextWait,
  type Schedule,
  scheduleIdentity,
} from '../../lib/polling/schedule.js'

const kind = 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata'
const metadata = { '@type': kind }
function ranFor(elapsed: number) {
  return { attempt: 5, elapsed, metadata }
}

/** Numbers from 0 to 1, always the same for a seed. */
function seeded(seed: number) {
  let state = seed
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0
    const mixed = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d)
    return ((mixed ^ (mixed >>> 13)) >>> 0) / 2 ** 32
  }
}

/** Durations of a log-normal distribution, in milliseconds. */
function logNormal(seed: number, count: number, median = 60_000, sigma = 0.5): readonly number[] {
  const random = seeded(seed)
  return Array.from({ length: count }, () => {
    const radius = Math.sqrt(-2 * Math.log(1 - random()))
    return median * Math.exp(sigma * radius * Math.cos(2 * Math.PI * random()))
  })
}

function taught(durations: readonly number[], options?: LearnedOptions): Learned {
  const schedule = learned(options)
  for (const duration of durations) schedule.record(kind, duration)
  return schedule
}

/** What a watch would tell the schedule that it polls by. */
function watched(schedule: Learned, duration: number): void {
  const { pollsAt } = explain(schedule, duration, { kind })
  const [ranAt, elapsed] = pollsAt.slice(-2) as [number, number]
  schedule.settled?.({ attempt: pollsAt.length, elapsed, ranAt, metadata })
}

const GAX: Schedule = { next: ({ attempt }) => Math.min(100 * 1.3 ** (attempt - 1), 60_000) }

function mean(schedule: Schedule, durations: readonly number[]) {
  let polls = 0
  let lag = 0
  for (const duration of durations) {
    const explained = explain(schedule, duration, { kind })
    polls += explained.pollsAt.length / durations.length
    lag += explained.lag / durations.length
  }
  return { polls, lag }
}

const FRESH = logNormal(2, 10_000)
const gax = mean(GAX, FRESH)
const unlearned = lagBounded()

describe('policy/learned', () => {
  it('should be a schedule of its own, even beside one of equal options', () => {
    const [one, other] = [learned(), learned()]
    expect(isSchedule(one)).to.equal(true)
    expect(scheduleIdentity(one)).to.equal(one)
    expect(scheduleIdentity(one)).to.not.equal(scheduleIdentity(other))
    expect({ label: one.label, min: one.min }).to.deep.equal({ label: 'learned(price 500 ms)', min: 750 })
    expect(learned({ price: 40 }).label).to.equal('learned(price 40 ms)')
  })

  describe('with too little history', () => {
    const same = (schedule: Schedule, elapsed: number, more: object = { metadata }) =>
      expect(nextWait(schedule, { attempt: 5, elapsed, ...more })).to.equal(
        nextWait(unlearned, { attempt: 5, elapsed }),
      )

    for (const elapsed of [0, 750, 3_001, 20_000, 59_999, 90_000, 10_000_000])
      it(`should wait as lagBounded does after ${elapsed} ms`, () => {
        same(learned(), elapsed)
        same(taught(Array(9).fill(60_000)), elapsed)
      })

    it('should not, from the tenth operation on', () => {
      const schedule = taught(Array(9).fill(60_000))
      same(schedule, 41_000)
      schedule.record(kind, 60_000)
      expect(nextWait(schedule, ranFor(41_000))).to.be.within(15_000, 24_600)
    })

    it('should not be helped by what it knows of another kind', () => {
      const schedule = taught(Array(50).fill(60_000))
      same(schedule, 41_000, { metadata: { '@type': 'another' } })
      same(schedule, 41_000, {})
    })

    it('should wait as lagBounded does past all that it knows of', () => {
      const schedule = taught(Array(50).fill(60_000))
      for (const elapsed of [80_000, 120_000, 1e7, Number.MAX_SAFE_INTEGER]) same(schedule, elapsed)
    })
  })

  describe('the kind', () => {
    const silent: readonly (readonly [string, object])[] = [
      ['without metadata', {}],
      ['whose metadata has no type', { metadata: { step: 1 } }],
      ['whose type is no string', { metadata: { '@type': 5 } }],
      ['whose metadata is null', { metadata: null }],
      ['whose metadata is a list', { metadata: ['@type'] }],
      ['whose metadata is a text', { metadata: kind }],
    ]
    for (const [what, facts] of silent)
      it(`should be empty for an operation ${what}`, () => {
        const schedule = learned()
        for (let n = 0; n < 10; n++) schedule.record('', 60_000)
        expect(nextWait(schedule, { attempt: 1, elapsed: 41_000, ...facts })).to.be.above(15_000)
        expect(nextWait(schedule, ranFor(41_000))).to.equal(10_250)
      })

    it('should be cut at 256 characters, wherever it comes from', () => {
      const schedule = learned()
      const long = 'x'.repeat(300)
      schedule.record(long, 60_000)
      schedule.settled?.({ attempt: 2, elapsed: 10, ranAt: 5, metadata: { '@type': `${long}y` } })
      expect(schedule.toJSON().kinds.map(({ kind }) => kind)).to.deep.equal(['x'.repeat(256)])
    })

    for (const name of ['__proto__', 'constructor', 'toString'])
      it(`should be as any other when it is ${name}`, () => {
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

  describe('what it gains', () => {
    it('should be the bars, on fresh durations of a kind of which it knows 200', () => {
      for (const seed of [1, 11, 12, 13]) {
        const { polls, lag } = mean(taught(logNormal(seed, 200)), FRESH)
        expect(polls / gax.polls).to.be.at.most(0.6)
        expect(lag / gax.lag).to.be.at.most(0.4)
      }
    })

    it('should be the same when all that it knows is what its own polls saw', () => {
      const schedule = learned()
      for (const duration of logNormal(3, 200)) watched(schedule, duration)
      const { polls, lag } = mean(schedule, FRESH)
      expect(polls / gax.polls).to.be.at.most(0.6)
      expect(lag / gax.lag).to.be.at.most(0.4)
    })

    it('should find where operations end that all take as long, from its own polls alone', () => {
      const schedule = learned()
      for (const duration of logNormal(4, 200, 60_000, 0.01)) watched(schedule, duration)
      const { polls, lag } = mean(schedule, logNormal(5, 1_000, 60_000, 0.01))
      expect(polls).to.be.at.most(10)
      expect(lag).to.be.at.most(3_000)
    })

    it('should follow operations that become three times as long, and half as long again', () => {
      const schedule = taught(logNormal(6, 100, 20_000, 0.2))
      for (const median of [60_000, 30_000]) {
        for (const duration of logNormal(7, 400, median, 0.2)) watched(schedule, duration)
        const found = mean(schedule, logNormal(8, 1_000, median, 0.2))
        const before = mean(unlearned, logNormal(8, 1_000, median, 0.2))
        expect(found.polls).to.be.below(before.polls)
        expect(found.lag).to.be.below(before.lag * 0.8)
      }
    })

    it('should wait with its polls for the time at which the first end that it knows of', () => {
      const schedule = taught(Array.from({ length: 2_000 }, (_, n) => 10_000 + n))
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
      it(`should cost less than any lagBounded about ${median} ms, with a spread of ${sigma}`, () => {
        const fresh = logNormal(10, 2_000, median, sigma)
        const cost = (schedule: Schedule) => {
          const { polls, lag } = mean(schedule, fresh)
          return lag + 500 * polls
        }
        const ours = cost(taught(logNormal(9, 500, median, sigma)))
        for (const ratio of [0.02, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6])
          for (const max of [10_000, 20_000, 36_000])
            expect(cost(lagBounded({ ratio, max }))).to.be.above(ours)
      })

    it('should ask less and lag more the higher the price', () => {
      const found = [50, 200, 500, 2_000].map((price) => mean(taught(logNormal(1, 200), { price }), FRESH))
      for (const [index, { polls, lag }] of found.entries()) {
        const dearer = found[index + 1]
        if (dearer === undefined) continue
        expect(dearer.polls).to.be.below(polls)
        expect(dearer.lag).to.be.above(lag)
      }
    })

    it('should ask a late joiner’s next poll when it would have been asked anyway', () => {
      const schedule = taught(logNormal(1, 200))
      const { pollsAt } = explain(schedule, 70_000, { kind })
      const [before, then] = pollsAt.slice(-2) as [number, number]
      for (const attempt of [1, 2, 900])
        expect(nextWait(schedule, { attempt, elapsed: before, metadata })).to.equal(then - before)
    })
  })

  describe('its limits', () => {
    it('should hold whatever it remembers', () => {
      const durations = fc.array(fc.double({ min: 0, max: 1e9, noNaN: true }), {
        minLength: 10,
        maxLength: 60,
      })
      const elapsed = fc.oneof(
        fc.integer({ min: 0, max: 100_000 }),
        fc.double({ min: 0, max: 1e9, noNaN: true }),
      )
      const price = fc.integer({ min: 1, max: 600_000 })
      fc.assert(
        fc.property(durations, price, fc.array(elapsed, { minLength: 20 }), (known, price, moments) => {
          const schedule = taught(known, { price })
          for (const moment of moments) {
            const wait = nextWait(schedule, ranFor(moment))
            expect(wait).to.satisfy(Number.isInteger)
            expect(wait).to.be.within(750, Math.min(36_000, Math.max(5_000, 0.6 * moment)))
          }
        }),
      )
    })

    it('should be reached where no operation has ever ended', () => {
      const schedule = taught(Array(100).fill(3_600_000))
      const { pollsAt, worstLag } = explain(schedule, 1_800_000, { kind })
      const boldest: Schedule = { next: ({ elapsed }) => Math.min(36_000, Math.max(5_000, 0.6 * elapsed)) }
      expect(pollsAt).to.have.lengthOf.within(50, explain(boldest, 1_800_000).pollsAt.length + 1)
      expect(worstLag).to.equal(36_000)
    })
  })

  describe('what a watch tells it', () => {
    const counted = (...facts: readonly Parameters<NonNullable<Schedule['settled']>>[0][]) => {
      const schedule = learned()
      for (const one of facts) schedule.settled?.(one)
      return schedule.toJSON()
    }
    const recorded = (...durations: readonly number[]) => {
      const schedule = learned()
      for (const duration of durations) schedule.record(kind, duration)
      return schedule.toJSON()
    }

    it('should be laid over the span in which the operation ended, as one', () => {
      const [told] = counted({ attempt: 4, elapsed: 64_000, ranAt: 40_000, metadata }).kinds
      const [exact] = recorded(43_000, 49_000, 55_000, 61_000).kinds
      expect(told?.from).to.equal(exact?.from)
      expect(told?.counts).to.deep.equal(exact?.counts.map((count) => count / 4))
    })

    it('should be exact where the span has no length, or is turned about', () => {
      const exact = recorded(60_000)
      expect(counted({ attempt: 4, elapsed: 60_000, ranAt: 60_000, metadata })).to.deep.equal(exact)
      expect(counted({ attempt: 4, elapsed: 60_000, ranAt: 60_500, metadata })).to.deep.equal(exact)
    })

    it('should be the time of the last poll where it is not known when it ran', () => {
      expect(counted({ attempt: 4, elapsed: 60_000, metadata })).to.deep.equal(recorded(60_000))
    })

    it('should be nothing where the first poll found it over', () => {
      expect(counted({ attempt: 1, elapsed: 60_000 })).to.deep.equal({ version: 1, kinds: [] })
    })

    it('should be something where the starting call said that it runs, and the first poll found it over', () => {
      expect(counted({ attempt: 1, elapsed: 750, ranAt: 0, metadata }).kinds).to.have.length(1)
    })

    it('should be counted under no kind where there is no metadata', () => {
      expect(counted({ attempt: 2, elapsed: 750, ranAt: 0 }).kinds.map(({ kind }) => kind)).to.deep.equal([
        '',
      ])
    })
  })

  describe('as JSON', () => {
    it('should be restored, to the same waits', () => {
      const schedule = taught(logNormal(1, 300))
      for (const duration of logNormal(2, 30)) watched(schedule, duration)
      const history: LearnedHistory = JSON.parse(JSON.stringify(schedule))
      const restored = learned({ history })
      expect(restored.toJSON()).to.deep.equal(history)
      const anew = learned({ history })
      for (let elapsed = 0; elapsed < 300_000; elapsed += 777)
        expect(nextWait(restored, ranFor(elapsed))).to.equal(nextWait(anew, ranFor(elapsed)))
      expect(mean(restored, FRESH.slice(0, 500)).polls).to.be.below(gax.polls * 0.6)
    })

    it('should be added up from several', () => {
      const [one, other] = [taught(logNormal(1, 100)), taught(logNormal(2, 60))]
      other.record('another', 5)
      const both = taught([...logNormal(1, 100), ...logNormal(2, 60)])
      both.record('another', 5)
      expect(learned({ history: [one.toJSON(), other.toJSON()] }).toJSON()).to.deep.equal(both.toJSON())
    })

    it('should not change with what is recorded later', () => {
      const schedule = taught([60_000])
      const json = schedule.toJSON()
      const before = JSON.stringify(json)
      schedule.record(kind, 60_000)
      expect(JSON.stringify(json)).to.equal(before)
    })

    it('should stay small, and of the kinds keep those that were recorded last', () => {
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

    it('should let fade what was long ago', () => {
      const schedule = taught([...Array(4_096).fill(1_000), ...Array(4_096 * 4).fill(60_000)])
      const [{ counts = [] } = {}] = schedule.toJSON().kinds
      const total = counts.reduce((sum, count) => sum + count, 0)
      expect(total).to.be.within(2_048, 4_096)
      expect(counts[0]).to.be.below(0.05 * total)
    })

    const good = { kind: 'k', from: 10, counts: [1, 2.5, 0] }
    const withKind = (change: object) => ({ version: 1, kinds: [good, { ...good, ...change }] })
    const place = 'history.kinds[1]'
    const refused: readonly (readonly [unknown, string])[] = [
      [null, 'history must be what toJSON gave, got null'],
      ['{}', 'history must be what toJSON gave, got "{}"'],
      [[null], 'history[0] must be what toJSON gave, got null'],
      [{}, 'history.version must be 1, got undefined'],
      [{ version: 2, kinds: [] }, 'history.version must be 1, got 2'],
      [{ version: 1 }, 'history.kinds must be a list, got undefined'],
      [{ version: 1, kinds: { length: 0 } }, 'history.kinds must be a list, got an object'],
      [[withKind({}), { version: 1, kinds: [5] }], 'history[1].kinds[0] must be an object, got 5'],
      [withKind({ kind: 5 }), `${place}.kind must be a string of at most 256 characters, got 5`],
      [
        withKind({ kind: undefined }),
        `${place}.kind must be a string of at most 256 characters, got undefined`,
      ],
      [withKind({ from: -1 }), `${place}.from must be a whole number from 0 to 199, got -1`],
      [withKind({ from: 0.5 }), `${place}.from must be a whole number from 0 to 199, got 0.5`],
      [withKind({ from: 200 }), `${place}.from must be a whole number from 0 to 199, got 200`],
      [withKind({ from: '10' }), `${place}.from must be a whole number from 0 to 199, got "10"`],
      [withKind({ counts: 'abc' }), `${place}.counts must be a list of at most 190, got a string`],
      [withKind({ from: 198 }), `${place}.counts must be a list of at most 2, got a list of 3`],
      [withKind({ counts: [1, -1] }), `${place}.counts[1] must be a number from 0 to 4096, got -1`],
      [withKind({ counts: [Number.NaN] }), `${place}.counts[0] must be a number from 0 to 4096, got NaN`],
      [withKind({ counts: [1e300] }), `${place}.counts[0] must be a number from 0 to 4096, got 1e+300`],
      [withKind({ counts: [null] }), `${place}.counts[0] must be a number from 0 to 4096, got null`],
    ]
    for (const [history, message] of refused)
      it(`should be refused: ${message}`, () => {
        expect(() => learned({ history: history as LearnedHistory }))
          .to.throw(InvalidOption)
          .that.includes({ message, option: message.split(' must be ', 1)[0] })
      })

    it('should be taken where it is as large as can be', () => {
      const full = { kind: 'x'.repeat(256), from: 0, counts: Array(200).fill(4_096) }
      const [{ counts = [] } = {}] = learned({ history: { version: 1, kinds: [full] } }).toJSON().kinds
      expect(counts).to.have.length(200)
      expect(counts.reduce((sum, count) => sum + count, 0)).to.be.at.most(4_096)
    })
  })

  const PRICE = 'price must be a number of milliseconds from 1 to 600000, got'
  const MS = 'ms must be a finite number of milliseconds, at least 0, got'
  const options: readonly (readonly [() => unknown, string])[] = [
    [() => learned({ price: 0 }), `${PRICE} 0`],
    [() => learned({ price: Number.NaN }), `${PRICE} NaN`],
    [() => learned({ price: 600_001 }), `${PRICE} 600001`],
    [() => learned({ price: '5' as unknown as number }), `${PRICE} "5"`],
    [() => learned().record(kind, -1), `${MS} -1`],
    [() => learned().record(kind, Number.NaN), `${MS} NaN`],
    [() => learned().record(kind, Number.POSITIVE_INFINITY), `${MS} Infinity`],
    [() => learned().record(5 as unknown as string, 5), 'kind must be a string, got 5'],
  ]
  for (const [act, message] of options)
    it(`should refuse an option, saying: ${message}`, () => {
      expect(act)
        .to.throw(InvalidOption)
        .that.includes({ message, option: message.split(' ', 1)[0] })
    })
})
