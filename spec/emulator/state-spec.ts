import { expect } from 'chai'
import { createEmulatorState, type Started } from '../../lib/emulator/state.js'

const started: Started = { method: 'v3.folders.create', name: 'operations/fc.1', body: {} }

describe('emulator/world', () => {
  it('should make numbers of the digits asked for, none twice, the same in each world', () => {
    const make = (): string[] => {
      const world = createEmulatorState()
      return Array.from({ length: 2000 }, (_, index) => world.number(index % 2 === 0 ? 19 : 12))
    }
    const numbers = make()
    expect(new Set(numbers).size).to.equal(2000)
    for (const [index, number] of numbers.entries()) {
      expect(number).to.match(index % 2 === 0 ? /^[1-9]\d{18}$/ : /^[1-9]\d{11}$/)
      expect(BigInt(number) < 2n ** 63n, number).to.equal(true)
    }
    expect(make()).to.deep.equal(numbers)
  })

  it('should tell the time of day from its epoch and its clock, with 0 or 3 digits of fraction', () => {
    let time = 1000
    const world = createEmulatorState({ now: () => time, epoch: Date.UTC(2024, 3, 30, 17, 16, 38) })
    expect(world.timestamp()).to.equal('2024-04-30T17:16:38Z')
    time = 1043.9
    expect(world.timestamp()).to.equal('2024-04-30T17:16:38.043Z')
    expect(world.elapsed()).to.be.closeTo(43.9, 1e-9)
  })

  it('should let an operation last 2000 ms unless told otherwise', () => {
    const lasts = (duration?: number | (() => number)): number | undefined =>
      createEmulatorState(duration === undefined ? {} : { duration }).script(started, (ms) => [
        { after: ms },
      ])[0]?.after
    expect([lasts(), lasts(0), lasts(() => 7), lasts(Infinity)]).to.deep.equal([2000, 0, 7, Infinity])
  })

  it('should ask the timeline with what was started and what is usual', () => {
    const asked: unknown[] = []
    const world = createEmulatorState({
      duration: 5,
      timeline: (operation, usual) => {
        asked.push([operation, usual])
        return operation.name.endsWith('2') ? undefined : [{ done: true }]
      },
    })
    const second = { ...started, name: 'operations/fc.2' }
    expect(world.script(started, (ms) => [{ after: ms }])).to.deep.equal([{ done: true }])
    expect(world.script(second, (ms) => [{ after: ms }])).to.deep.equal([{ after: 5 }])
    expect(asked).to.deep.equal([
      [started, [{ after: 5 }]],
      [second, [{ after: 5 }]],
    ])
  })

  it('should refuse a bad duration at once, or when it is computed', () => {
    expect(() => createEmulatorState({ duration: -1 })).to.throw(
      RangeError,
      'duration must be a number of ms from 0, given -1',
    )
    expect(() => createEmulatorState({ duration: Number.NaN })).to.throw(RangeError, 'given NaN')
    const world = createEmulatorState({ duration: () => -2 })
    expect(() => world.script(started, () => [])).to.throw(
      RangeError,
      'duration must be a number of ms from 0, given -2',
    )
  })

  it('should refuse a bad epoch', () => {
    expect(() => createEmulatorState({ epoch: 0.5 })).to.throw(
      RangeError,
      'epoch must be a whole number of ms, given 0.5',
    )
  })
})
