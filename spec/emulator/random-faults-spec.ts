import { expect } from 'chai'
import { type Fault, randomFaults } from '../../lib/emulator/index.js'

const faults: readonly Fault[] = [{ fault: 'reset' }, { stall: true }, { httpResponse: { httpStatus: 503 } }]

describe('emulator/script/random-faults', () => {
  it('should return a fault for a share of requests, with the same probability for each fault', () => {
    // Each request takes one number. A number below 0.3 means a fault, and the next number selects the fault.
    const numbers = [0.3, 0.29, 0, 0.1, 0.34, 0.9, 0.2, 0.99]
    const fault = randomFaults({ share: 0.3, faults, random: () => numbers.shift() ?? Number.NaN })
    expect([fault(), fault(), fault(), fault(), fault()]).to.deep.equal([
      undefined,
      faults[0],
      faults[1],
      undefined,
      faults[2],
    ])
    expect(numbers).to.deep.equal([])
  })

  it('should return no fault if the share is 0, and always a fault if the share is 1', () => {
    const never = randomFaults({ share: 0, faults })
    const always = randomFaults({ share: 1, faults })
    for (let request = 0; request < 100; request++) {
      expect(never()).to.equal(undefined)
      expect(always()).to.be.oneOf([...faults])
    }
  })

  it('should reject invalid options', () => {
    for (const [options, message] of [
      ['{"share": 1.1, "faults": [{"stall": true}]}', 'share must be a number from 0 to 1, got 1.1'],
      ['{"share": "1", "faults": [{"stall": true}]}', 'share must be a number from 0 to 1, got "1"'],
      ['{"share": 1, "faults": []}', 'faults must be a list of at least one fault, got []'],
      ['{"share": 1, "faults": [{"stall": true}, {"stall": 1}]}', 'fault 1: stall must be true, got 1'],
    ] as const)
      expect(() => randomFaults(JSON.parse(options)))
        .to.throw(RangeError)
        .with.property('message', message)
  })
})
