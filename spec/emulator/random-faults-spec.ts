import { expect } from 'chai'
import { type Fault, randomFaults } from '../../lib/emulator/index.js'

const faults: readonly Fault[] = [{ fault: 'reset' }, { stall: true }, { httpResponse: { httpStatus: 503 } }]

describe('emulator/sometimes', () => {
  it('should give a share of requests a fault, each as likely as the others', () => {
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

  it('should give none to none and one to all', () => {
    const never = randomFaults({ share: 0, faults })
    const always = randomFaults({ share: 1, faults })
    for (let request = 0; request < 100; request++) {
      expect(never()).to.equal(undefined)
      expect(always()).to.be.oneOf([...faults])
    }
  })

  it('should refuse bad options', () => {
    for (const [options, message] of [
      ['{"share": 1.1, "faults": [{"stall": true}]}', 'share must be a number from 0 to 1, given 1.1'],
      ['{"share": "1", "faults": [{"stall": true}]}', "share must be a number from 0 to 1, given '1'"],
      ['{"share": 1, "faults": []}', 'faults must be a list of at least one, given []'],
      ['{"share": 1, "faults": [{"stall": true}, {"stall": 1}]}', 'fault 1: stall must be true, given 1'],
    ] as const)
      expect(() => randomFaults(JSON.parse(options)))
        .to.throw(RangeError)
        .with.property('message', message)
  })
})
