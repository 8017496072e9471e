import { expect } from 'chai'
import { createEmulatorState, type Started } from '../../lib/emulator/state.js'

const started: Started = { method: 'v3.folders.create', name: 'operations/fc.1', body: {} }

describe('emulator/state', () => {
  it('should return unique numbers with the requested number of digits, in the same sequence for every state', () => {
    const createNumbers = (): string[] => {
      const state = createEmulatorState()
      return Array.from({ length: 2000 }, (_, index) => state.uniqueNumber(index % 2 === 0 ? 19 : 12))
    }
    const numbers = createNumbers()
    expect(new Set(numbers).size).to.equal(2000)
    for (const [index, number] of numbers.entries()) {
      expect(number).to.match(index % 2 === 0 ? /^[1-9]\d{18}$/ : /^[1-9]\d{11}$/)
      expect(BigInt(number) < 2n ** 63n, number).to.equal(true)
    }
    expect(createNumbers()).to.deep.equal(numbers)
  })

  it('should return the option `epoch` plus the elapsed time, with 0 or 3 fractional digits of a second', () => {
    let time = 1000
    const state = createEmulatorState({ now: () => time, epoch: Date.UTC(2024, 3, 30, 17, 16, 38) })
    expect(state.timestamp()).to.equal('2024-04-30T17:16:38Z')
    time = 1043.9
    expect(state.timestamp()).to.equal('2024-04-30T17:16:38.043Z')
    expect(state.elapsed()).to.be.closeTo(43.9, 1e-9)
  })

  it('should use the option `duration`, which is 2000 ms by default', () => {
    const durationOf = (duration?: number | (() => number)): number | undefined =>
      createEmulatorState(duration === undefined ? {} : { duration }).script(started, (ms) => [
        { after: ms },
      ])[0]?.after
    expect([durationOf(), durationOf(0), durationOf(() => 7), durationOf(Infinity)]).to.deep.equal([
      2000,
      0,
      7,
      Infinity,
    ])
  })

  it('should use the script that the option `timeline` returns, or the default script if `timeline` returns undefined', () => {
    const calls: unknown[] = []
    const state = createEmulatorState({
      duration: 5,
      timeline: (operation, defaultScript) => {
        calls.push([operation, defaultScript])
        return operation.name.endsWith('2') ? undefined : [{ done: true }]
      },
    })
    const second = { ...started, name: 'operations/fc.2' }
    expect(state.script(started, (ms) => [{ after: ms }])).to.deep.equal([{ done: true }])
    expect(state.script(second, (ms) => [{ after: ms }])).to.deep.equal([{ after: 5 }])
    expect(calls).to.deep.equal([
      [started, [{ after: 5 }]],
      [second, [{ after: 5 }]],
    ])
  })

  it('should reject an invalid duration, including one that a function returns', () => {
    expect(() => createEmulatorState({ duration: -1 })).to.throw(
      RangeError,
      'duration must be a number of milliseconds from 0 to Infinity, got -1',
    )
    expect(() => createEmulatorState({ duration: Number.NaN })).to.throw(RangeError, 'got NaN')
    const state = createEmulatorState({ duration: () => -2 })
    expect(() => state.script(started, () => [])).to.throw(
      RangeError,
      'duration must be a number of milliseconds from 0 to Infinity, got -2',
    )
  })

  it('should reject an invalid epoch', () => {
    expect(() => createEmulatorState({ epoch: 0.5 })).to.throw(
      RangeError,
      'epoch must be a whole number of milliseconds, got 0.5',
    )
  })
})
