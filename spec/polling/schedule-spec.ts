import { expect } from 'chai'
import fc from 'fast-check'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { explain } from '../../lib/polling/explain.js'
import {
  type BalancedOptions,
  balanced,
  type ConstantOptions,
  constant,
  type ExponentialOptions,
  exponential,
  isSchedule,
  type LagBoundedOptions,
  lagBounded,
  nextWait,
  type Schedule,
} from '../../lib/polling/schedule.js'

const MAX_TIME = Number.MAX_SAFE_INTEGER
function contextAfter(elapsed: number) {
  return { attempt: 1, elapsed }
}
function contextOfAttempt(attempt: number) {
  return { attempt, elapsed: 0 }
}

describe('polling/schedule', () => {
  describe('balanced', () => {
    const waits: readonly (readonly [BalancedOptions | undefined, number, number])[] = [
      [undefined, 0, 750],
      [undefined, 1_385, 750],
      [undefined, 1_400, 758],
      [undefined, 5_000, 2_126],
      [undefined, 60_000, 9_289],
      [undefined, 255_533, 20_000],
      [undefined, 255_500, 19_999],
      [undefined, MAX_TIME, 20_000],
      [undefined, Number.POSITIVE_INFINITY, 20_000],
      [{ factor: 1, min: 1, max: MAX_TIME }, 360, 1],
      [{ factor: 1, min: 1, max: MAX_TIME }, 1_000, 400],
      [{ factor: 100, min: 1, max: MAX_TIME }, 1_000, 40_000],
      [{ min: 5, max: 5 }, 1_000_000, 5],
    ]
    for (const [options, elapsed, wait] of waits)
      it(`should wait ${wait} ms after ${elapsed} ms with ${JSON.stringify(options) ?? 'the default options'}`, () => {
        expect(balanced(options).next(contextAfter(elapsed))).to.equal(wait)
      })

    it('should have a label, and its limits as min and max', () => {
      const label = 'balanced(factor 1.3, min 750 ms, max 20000 ms)'
      expect(balanced()).to.include({ label, min: 750, max: 20_000 })
      expect(balanced({ factor: 2, min: 2, max: 3 })).to.include({
        label: 'balanced(factor 2, min 2 ms, max 3 ms)',
        min: 2,
        max: 3,
      })
    })

    it('should have the documented lag: 54 % of the run time, or 750 ms; 25 % after 20.4 s', () => {
      fc.assert(
        fc.property(fc.double({ min: 0, max: 3_600_000, noNaN: true }), (duration) => {
          const { lag } = explain(balanced(), duration)
          expect(lag).to.be.at.most(nextWait(balanced(), contextAfter(duration)))
          expect(lag).to.be.at.most(Math.max(750, (duration < 20_400 ? 0.542 : 0.25) * duration))
        }),
      )
    })

    it('should wait from min to max, and never less than at an earlier time', () => {
      const allOptions = fc
        .record({
          factor: fc.double({ min: 0.01, max: 100, noNaN: true }),
          min: fc.integer({ min: 1, max: 100_000 }),
          span: fc.integer({ min: 0, max: 1_000_000 }),
        })
        .map(({ factor, min, span }) => ({ factor, min, max: min + span }))
      const elapsed = fc.double({ min: 0, max: 1e12, noNaN: true })
      fc.assert(
        fc.property(allOptions, elapsed, elapsed, (options, a, b) => {
          const schedule = balanced(options)
          const wait = nextWait(schedule, contextAfter(Math.max(a, b)))
          expect(wait).to.satisfy(Number.isInteger)
          expect(wait).to.be.within(options.min, options.max)
          expect(wait).to.be.at.least(nextWait(schedule, contextAfter(Math.min(a, b))))
        }),
      )
    })
  })

  describe('lagBounded', () => {
    const waits: readonly (readonly [LagBoundedOptions | undefined, number, number])[] = [
      [undefined, 0, 750],
      [undefined, 2_999, 750],
      [undefined, 3_000, 750],
      [undefined, 3_001, 750],
      [undefined, 3_002, 750],
      [undefined, 3_004, 751],
      [undefined, 40_000, 10_000],
      [undefined, 79_996, 19_999],
      [undefined, 80_000, 20_000],
      [undefined, 80_004, 20_000],
      [undefined, MAX_TIME, 20_000],
      [undefined, Number.POSITIVE_INFINITY, 20_000],
      [{ ratio: 10, min: 1, max: MAX_TIME }, 3, 30],
      [{ ratio: 10, min: 1, max: MAX_TIME }, MAX_TIME, MAX_TIME],
      [{ ratio: Number.MIN_VALUE, min: 1 }, MAX_TIME, 1],
      [{ ratio: 1 / 3, min: 1 }, 1_000, 333],
      [{ ratio: 0.5, min: 1 }, 5, 2],
      [{ min: 20_000 }, 0, 20_000],
      [{ min: 5, max: 5 }, 1_000_000, 5],
      [{ max: 750 }, 1_000_000, 750],
    ]
    for (const [options, elapsed, wait] of waits)
      it(`should wait ${wait} ms after ${elapsed} ms with ${JSON.stringify(options) ?? 'the default options'}`, () => {
        expect(lagBounded(options).next(contextAfter(elapsed))).to.equal(wait)
      })

    it('should ignore the attempt and the metadata', () => {
      const { next } = lagBounded()
      const contexts = [{ attempt: 1 }, { attempt: 1e9 }, { attempt: 2, metadata: { '@type': 'x' } }]
      expect(contexts.map((context) => next({ elapsed: 40_000, ...context }))).to.deep.equal([
        10_000, 10_000, 10_000,
      ])
    })

    it('should have a label, and its shortest wait as min', () => {
      const label = 'lagBounded(ratio 0.25, min 750 ms, max 20000 ms)'
      expect(lagBounded()).to.include({ label, min: 750 })
      expect(lagBounded({ ratio: 0.1, min: 2, max: 3 })).to.include({
        label: 'lagBounded(ratio 0.1, min 2 ms, max 3 ms)',
        min: 2,
      })
    })

    it('should wait from min to max, never less than at an earlier time, and at most ratio * elapsed if that exceeds min', () => {
      const allOptions = fc
        .record({
          ratio: fc.double({ min: 0.001, max: 10, noNaN: true }),
          min: fc.integer({ min: 1, max: 100_000 }),
          span: fc.integer({ min: 0, max: 1_000_000 }),
        })
        .map(({ ratio, min, span }) => ({ ratio, min, max: min + span }))
      const elapsed = fc.double({ min: 0, max: 1e12, noNaN: true })
      fc.assert(
        fc.property(allOptions, elapsed, elapsed, (options, a, b) => {
          const schedule = lagBounded(options)
          const [sooner, later] = [Math.min(a, b), Math.max(a, b)]
          const wait = nextWait(schedule, contextAfter(later))
          expect(wait).to.satisfy(Number.isInteger)
          expect(wait).to.be.within(options.min, options.max)
          expect(wait).to.be.at.most(Math.max(options.min, options.ratio * later + 0.5))
          expect(wait).to.be.at.least(nextWait(schedule, contextAfter(sooner)))
        }),
      )
    })
  })

  describe('exponential', () => {
    const waits: readonly (readonly [ExponentialOptions, number, number])[] = [
      [{ initial: 100, multiplier: 2, max: 1_000 }, 1, 100],
      [{ initial: 100, multiplier: 2, max: 1_000 }, 2, 200],
      [{ initial: 100, multiplier: 2, max: 1_000 }, 4, 800],
      [{ initial: 100, multiplier: 2, max: 1_000 }, 5, 1_000],
      [{ initial: 100, multiplier: 2, max: 1_000 }, 100_000, 1_000],
      [{ initial: 100, multiplier: 2, max: 1_000 }, 0, 100],
      [{ initial: 100, multiplier: 1.3, max: 1_000 }, 3, 169],
      [{ initial: 100, multiplier: 1.333, max: 1_000 }, 3, 178],
      [{ initial: 5, multiplier: 1, max: 1_000 }, 1_000_000, 5],
      [{ initial: 1, multiplier: 100, max: MAX_TIME }, 3, 10_000],
      [{ initial: 7, multiplier: 100, max: 7 }, 9, 7],
    ]
    for (const [options, attempt, wait] of waits)
      it(`should wait ${wait} ms after ${attempt} polls with ${JSON.stringify(options)}`, () => {
        expect(exponential(options).next(contextOfAttempt(attempt))).to.equal(wait)
      })

    it('should have a label, and its shortest wait as min', () => {
      expect(exponential({ initial: 100, multiplier: 1.3, max: 60_000 })).to.include({
        label: 'exponential(initial 100 ms, multiplier 1.3, max 60000 ms)',
        min: 100,
        max: 60_000,
      })
    })

    it('should wait from initial to max, and never less than after the previous poll', () => {
      const allOptions = fc
        .record({
          initial: fc.integer({ min: 1, max: 100_000 }),
          multiplier: fc.double({ min: 1, max: 100, noNaN: true }),
          span: fc.integer({ min: 0, max: 10_000_000 }),
        })
        .map(({ initial, multiplier, span }) => ({ initial, multiplier, max: initial + span }))
      fc.assert(
        fc.property(allOptions, fc.nat({ max: 10_000 }), (options, attempt) => {
          const schedule = exponential(options)
          const wait = nextWait(schedule, contextOfAttempt(attempt))
          expect(wait).to.satisfy(Number.isInteger)
          expect(wait).to.be.within(options.initial, options.max)
          expect(wait).to.be.at.most(nextWait(schedule, contextOfAttempt(attempt + 1)))
        }),
      )
    })
  })

  describe('constant', () => {
    it('should wait the same time for any context', () => {
      const { next, label, min, max } = constant({ interval: 1_500 })
      expect([
        next(contextOfAttempt(1)),
        next(contextOfAttempt(1_000)),
        next(contextAfter(1e9)),
      ]).to.deep.equal([1_500, 1_500, 1_500])
      expect({ label, min, max }).to.deep.equal({
        label: 'constant(interval 1500 ms)',
        min: undefined,
        max: 1_500,
      })
    })
  })

  describe('an invalid option', () => {
    const millisecondsMessage = (option: string) =>
      `${option} must be a finite number of milliseconds, at least 1, got`
    const FACTOR_MESSAGE = 'factor must be a number from 0.01 to 100, got'
    const RATIO_MESSAGE = 'ratio must be a number above 0, at most 10, got'
    const MULTIPLIER_MESSAGE = 'multiplier must be a number from 1 to 100, got'
    const invalidBalanced = (options: object) => () => balanced(options as BalancedOptions)
    const invalidLagBounded = (options: object) => () => lagBounded(options as LagBoundedOptions)
    const invalidExponential = (options: object) => () =>
      exponential({ initial: 100, multiplier: 2, max: 1_000, ...options } as ExponentialOptions)
    const invalidConstant = (interval: unknown) => () => constant({ interval } as ConstantOptions)

    const invalidCalls: readonly (readonly [() => Schedule, string])[] = [
      [invalidBalanced({ factor: 0 }), `${FACTOR_MESSAGE} 0`],
      [invalidBalanced({ factor: Number.NaN }), `${FACTOR_MESSAGE} NaN`],
      [invalidBalanced({ factor: '1' }), `${FACTOR_MESSAGE} "1"`],
      [invalidBalanced({ factor: 101 }), `${FACTOR_MESSAGE} 101`],
      [invalidBalanced({ min: 0 }), `${millisecondsMessage('min')} 0`],
      [invalidBalanced({ max: Number.POSITIVE_INFINITY }), `${millisecondsMessage('max')} Infinity`],
      [invalidBalanced({ max: 749 }), 'max must be at least min, which is 750 ms, got 749'],
      [invalidLagBounded({ ratio: 0 }), `${RATIO_MESSAGE} 0`],
      [invalidLagBounded({ ratio: -0.25 }), `${RATIO_MESSAGE} -0.25`],
      [invalidLagBounded({ ratio: Number.NaN }), `${RATIO_MESSAGE} NaN`],
      [invalidLagBounded({ ratio: null }), `${RATIO_MESSAGE} null`],
      [invalidLagBounded({ ratio: 'a quarter' }), `${RATIO_MESSAGE} "a quarter"`],
      [invalidLagBounded({ min: 0 }), `${millisecondsMessage('min')} 0`],
      [invalidLagBounded({ min: 0.999 }), `${millisecondsMessage('min')} 0.999`],
      [invalidLagBounded({ min: Number.NaN }), `${millisecondsMessage('min')} NaN`],
      [invalidLagBounded({ min: '750' }), `${millisecondsMessage('min')} "750"`],
      [invalidLagBounded({ max: 0 }), `${millisecondsMessage('max')} 0`],
      [invalidLagBounded({ max: Number.POSITIVE_INFINITY }), `${millisecondsMessage('max')} Infinity`],
      [invalidLagBounded({ max: MAX_TIME + 1 }), `${millisecondsMessage('max')} ${MAX_TIME + 1}`],
      [invalidLagBounded({ max: null }), `${millisecondsMessage('max')} null`],
      [invalidLagBounded({ max: 749 }), 'max must be at least min, which is 750 ms, got 749'],
      [invalidLagBounded({ min: 20_001 }), 'max must be at least min, which is 20001 ms, got 20000'],
      [invalidExponential({ initial: 0 }), `${millisecondsMessage('initial')} 0`],
      [invalidExponential({ initial: undefined }), `${millisecondsMessage('initial')} undefined`],
      [invalidExponential({ max: -1 }), `${millisecondsMessage('max')} -1`],
      [invalidExponential({ max: Number.POSITIVE_INFINITY }), `${millisecondsMessage('max')} Infinity`],
      [invalidExponential({ max: 99 }), 'max must be at least initial, which is 100 ms, got 99'],
      [invalidExponential({ multiplier: 0.999 }), `${MULTIPLIER_MESSAGE} 0.999`],
      [invalidExponential({ multiplier: 100.001 }), `${MULTIPLIER_MESSAGE} 100.001`],
      [invalidExponential({ multiplier: Number.NaN }), `${MULTIPLIER_MESSAGE} NaN`],
      [invalidExponential({ multiplier: '2' }), `${MULTIPLIER_MESSAGE} "2"`],
      [invalidExponential({ multiplier: undefined }), `${MULTIPLIER_MESSAGE} undefined`],
      [invalidConstant(0), `${millisecondsMessage('interval')} 0`],
      [invalidConstant(Number.POSITIVE_INFINITY), `${millisecondsMessage('interval')} Infinity`],
      [invalidConstant('5s'), `${millisecondsMessage('interval')} "5s"`],
      [invalidConstant(undefined), `${millisecondsMessage('interval')} undefined`],
    ]
    for (const [createSchedule, message] of invalidCalls)
      it(`should be rejected: ${message}`, () => {
        expect(createSchedule)
          .to.throw(InvalidOption)
          .that.includes({ message, option: message.split(' ', 1)[0] })
      })

    it('should be rejected if the ratio is above 10', () => {
      expect(invalidLagBounded({ ratio: 10.001 })).to.throw(InvalidOption, 'ratio must be a number')
    })
  })

  const values: readonly (readonly [string, unknown, boolean])[] = [
    ['a schedule', lagBounded(), true],
    ['an object with next', { next: () => 0 }, true],
    ['an object that inherits next', Object.create({ next: () => 0 }), true],
    ['null', null, false],
    ['undefined', undefined, false],
    ['a number', 750, false],
    ['an empty object', {}, false],
    ['an object with a number as next', { next: 750 }, false],
    ['a list', [() => 0], false],
  ]
  for (const [what, value, expected] of values)
    it(`should ${expected ? 'accept' : 'reject'} ${what} as a schedule`, () => {
      expect(isSchedule(value)).to.equal(expected)
    })

  describe('nextWait', () => {
    for (const wait of [0, 0.5, 1, MAX_TIME, Number.POSITIVE_INFINITY])
      it(`should return ${wait} if the schedule returns ${wait}`, () => {
        expect(nextWait({ next: () => wait }, contextOfAttempt(1))).to.equal(wait)
      })

    for (const wait of [-1, -Number.MIN_VALUE, Number.NaN, Number.NEGATIVE_INFINITY, undefined, null, '750'])
      it(`should throw if the schedule returns ${wait}`, () => {
        expect(() => nextWait({ next: () => wait as number }, contextOfAttempt(1)))
          .to.throw(RangeError)
          .with.property('message', `a schedule must return milliseconds, at least 0, got ${wait}`)
      })

    it('should call the schedule exactly once, as a method, with the context object of the caller', () => {
      const context = { attempt: 3, elapsed: 5, metadata: { a: 1 } }
      const schedule = {
        base: 40,
        calls: [] as unknown[],
        next(context: unknown): number {
          this.calls.push(context)
          return this.base + 2
        },
      }
      expect(nextWait(schedule, context)).to.equal(42)
      expect(schedule.calls).to.have.length(1)
      expect(schedule.calls[0]).to.equal(context)
    })

    it('should throw the error that the schedule throws', () => {
      const error = new Error('a bug in next')
      const next = () => {
        throw error
      }
      expect(() => nextWait({ next }, contextOfAttempt(1))).to.throw(error)
    })
  })
})
