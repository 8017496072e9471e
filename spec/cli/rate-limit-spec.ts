import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { run } from '../../lib/cli/program.js'
import { startEmulator } from '../../lib/emulator/index.js'
import { FakeIo } from './fake.js'

describe('cli, rate limit', () => {
  it('should show which of 30 operations wait for the rate limit', async () => {
    await using emulator = await startEmulator()
    const names = Array.from({ length: 30 }, (_, n) => `operations/cp.${10 + n}`)
    for (const name of names) emulator.operations.add(name, [{}])
    const io = new FakeIo({ isTTY: true })
    Object.assign(io.stdout, { rows: 40, columns: 90 })
    const code = run(['watch', ...names, '--endpoint', emulator.endpoint], io)
    const linesOf = (text: string) => {
      const frame = stripVTControlCharacters(text).split('\r').at(-1) ?? ''
      return frame.split('\n').filter((line) => line.includes('operations/cp.'))
    }
    // The default limit is a burst of 10 requests, so 20 polls wait.
    await io.stdout.until((written) => {
      const waiting = linesOf(written).filter((line) => line.endsWith('waiting for rate limit'))
      return waiting.length >= 15
    })
    const lines = linesOf(io.stdout.written)
    expect(lines).to.have.length(30)
    // The first ten requests were sent.
    expect(lines.slice(0, 10).filter((line) => line.endsWith('waiting for rate limit'))).to.deep.equal([])
    expect(lines.at(-1)).to.contain('operations/cp.39').and.contain('waiting for rate limit')
    io.emit('SIGINT')
    expect(await code).to.equal(130)
  }).timeout(20_000)
})
