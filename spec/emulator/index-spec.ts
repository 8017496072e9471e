import { expect } from 'chai'
import * as emulator from '../../lib/emulator/index.js'

describe('emulator/index', () => {
  it('should export randomFaults and startEmulator', () => {
    expect(Object.keys(emulator)).to.deep.equal(['randomFaults', 'startEmulator'])
  })
})
