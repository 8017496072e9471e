import { expect } from 'chai'
import fc from 'fast-check'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { type Explanation, explain } from '../../lib/polling/explain.js'
import { constant, exponential, lagBounded, type Schedule } from '../../lib/polling/schedule.js'

describe('polling/explain', () => {
  const rows: readonly (readonly [string, Schedule, number, Explanation])[] = [
    ['lagBounded()', lagBounded(), 0, { pollsAt: [0], lag: 0, worstLag: 0 }],
    ['lagBounded()', lagBounded(), 1, { pollsAt: [0, 750], lag: 749, worstLag: 750 }],
    ['lagBounded()', lagBounded(), 750, { pollsAt: [0, 750], lag: 0, worstLag: 750 }],
    ['lagBounded()', lagBounded(), 750.5, { pollsAt: [0, 750, 1_500], lag: 749.5, worstLag: 750 }],
    [
      'lagBounded()',
      lagBounded(),
      5_000,
      { pollsAt: [0, 750, 1_500, 2_250, 3_000, 3_750, 4_687, 5_858], lag: 858, worstLag: 1_171 },
    ],
    [
      'exponential()',
      exponential({ initial: 100, multiplier: 2, max: 500 }),
      1_200,
      { pollsAt: [0, 100, 300, 700, 1_200], lag: 0, worstLag: 500 },
    ],
    [
      'exponential()',
      exponential({ initial: 100, multiplier: 2, max: 500 }),
      1_201,
      { pollsAt: [0, 100, 300, 700, 1_200, 1_700], lag: 499, worstLag: 500 },
    ],
    [
      'constant()',
      constant({ interval: 400 }),
      1_000,
      { pollsAt: [0, 400, 800, 1_200], lag: 200, worstLag: 400 },
    ],
    [
      'a schedule with decreasing waits',
      { next: ({ attempt }) => 1_000 / attempt },
      1_400,
      { pollsAt: [0, 1_000, 1_500], lag: 100, worstLag: 1_000 },
    ],
    [
      'a schedule with a wait of 0',
      { next: ({ attempt }) => (attempt === 1 ? 0 : 10) },
      5,
      { pollsAt: [0, 0, 10], lag: 5, worstLag: 10 },
    ],
  ]
  for (const [what, schedule, duration, explanation] of rows)
    it(`should return the poll times and the lag of ${what} for an operation that runs for ${duration} ms`, () => {
      expect(explain(schedule, duration)).to.deep.equal(explanation)
    })

  it('should call `next` as a watch does, and not call `settled`', () => {
    const calls: unknown[] = []
    const schedule: Schedule = {
      next: (context) => {
        calls.push(context)
        return 10
      },
      settled: (context) => calls.push({ settled: context }),
    }
    explain(schedule, 15)
    expect(calls).to.deep.equal([
      { attempt: 1, elapsed: 0 },
      { attempt: 2, elapsed: 10 },
    ])
  })

  it('should pass metadata of the given kind to the schedule', () => {
    const receivedMetadata: unknown[] = []
    const schedule: Schedule = {
      next: ({ metadata }) => {
        receivedMetadata.push(metadata)
        return 10
      },
    }
    explain(schedule, 15, { kind: 'a' })
    explain(schedule, 5, { kind: '' })
    explain(schedule, 5, {})
    expect(receivedMetadata).to.deep.equal([{ '@type': 'a' }, { '@type': 'a' }, { '@type': '' }, undefined])
  })

  it('should throw if the kind is not a string', () => {
    expect(() => explain(lagBounded(), 5, { kind: 5 as unknown as string }))
      .to.throw(InvalidOption)
      .that.includes({ message: 'kind must be a string, got 5', option: 'kind' })
  })

  const durationMessage = 'durationMs must be a finite number of milliseconds, at least 0, got'
  const invalidDurations: readonly (readonly [unknown, string])[] = [
    [-1, `${durationMessage} -1`],
    [Number.NaN, `${durationMessage} NaN`],
    [Number.POSITIVE_INFINITY, `${durationMessage} Infinity`],
    [Number.MAX_SAFE_INTEGER + 1, `${durationMessage} ${Number.MAX_SAFE_INTEGER + 1}`],
    ['10m', `${durationMessage} "10m"`],
    [undefined, `${durationMessage} undefined`],
  ]
  for (const [duration, message] of invalidDurations)
    it(`should throw if the duration is invalid: ${message}`, () => {
      expect(() => explain(lagBounded(), duration as number))
        .to.throw(InvalidOption)
        .that.includes({ message, option: 'durationMs' })
    })

  const invalidSchedules: readonly (readonly [string, Schedule, string])[] = [
    [
      'returns Infinity',
      { next: ({ attempt }) => (attempt < 3 ? 10 : Number.POSITIVE_INFINITY) },
      'the schedule has not reached 1000 ms after 3 polls',
    ],
    [
      'returns only waits of 0',
      { next: () => 0 },
      'the schedule has not reached 1000 ms after 1000000 polls',
    ],
    [
      'returns ever shorter waits',
      { next: ({ attempt }) => 2 ** -attempt },
      'the schedule has not reached 1000 ms after 1000000 polls',
    ],
    [
      'returns a negative wait',
      { next: () => -1 },
      'a schedule must return milliseconds, at least 0, got -1',
    ],
  ]
  for (const [what, schedule, message] of invalidSchedules)
    it(`should throw if the schedule ${what}: ${message}`, () => {
      expect(() => explain(schedule, 1_000))
        .to.throw(RangeError)
        .with.property('message', message)
    })

  it('should return increasing poll times until the end of the operation, and the lag', () => {
    const schedules = fc.oneof(
      fc
        .record({
          ratio: fc.double({ min: 0.01, max: 10, noNaN: true }),
          min: fc.integer({ min: 10, max: 5_000 }),
          span: fc.integer({ min: 0, max: 60_000 }),
        })
        .map(({ ratio, min, span }) => lagBounded({ ratio, min, max: min + span })),
      fc
        .record({
          initial: fc.integer({ min: 10, max: 5_000 }),
          multiplier: fc.double({ min: 1, max: 10, noNaN: true }),
          span: fc.integer({ min: 0, max: 60_000 }),
        })
        .map(({ initial, multiplier, span }) => exponential({ initial, multiplier, max: initial + span })),
      fc.integer({ min: 10, max: 5_000 }).map((interval) => constant({ interval })),
    )
    fc.assert(
      fc.property(schedules, fc.integer({ min: 0, max: 10_000 }), (schedule, duration) => {
        const { pollsAt, lag, worstLag } = explain(schedule, duration)
        const waits = pollsAt.slice(1).map((at, index) => at - (pollsAt[index] ?? Number.NaN))
        expect(pollsAt[0]).to.equal(0)
        expect(Math.min(1, ...waits)).to.be.above(0)
        expect(pollsAt.at(-1)).to.be.at.least(duration)
        expect(pollsAt.at(-2) ?? -1).to.be.below(duration)
        expect(lag).to.equal((pollsAt.at(-1) ?? Number.NaN) - duration)
        expect(worstLag).to.equal(Math.max(0, ...waits))
        expect(lag).to.be.at.most(worstLag)
      }),
    )
  })

  it('should return a lag of at most 750 ms, or 25 % of the run time if that is longer, for lagBounded', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000 }), (duration) => {
        expect(explain(lagBounded({ max: 100_000_000 }), duration).lag).to.be.at.most(
          Math.max(750, 0.25 * duration + 1),
        )
      }),
    )
  })
})
