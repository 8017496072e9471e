import { expect } from 'chai'
import { run } from '../../lib/cli/program.js'
import { FakeIo } from './fake.js'

describe('cli/emulator', () => {
  it('should serve the operations of --operation if --any-service is given', async () => {
    const serving = new FakeIo()
    const name = 'projects/p/locations/l/operations/mine'
    const listening = new Promise<string>((resolve) => {
      serving.stdout.write = (text) => {
        resolve(text.replace(/^listening on (.*)\n$/, '$1'))
        return true
      }
    })
    const ended = run(['emulator', '--any-service', '--operation', name, '--duration', '0s'], serving)
    const endpoint = await listening
    const io = new FakeIo()
    expect(await run(['list', `${endpoint}/v1/projects/p/locations/l`], io)).to.equal(0)
    expect(io.stdout.written).to.equal(`${name}: succeeded\n`)
    serving.emit('SIGINT')
    expect(await ended).to.equal(130)
    expect(serving.stderr.written).to.include(`lro watch ${endpoint}/v1/${name}\n`)
  })
})
