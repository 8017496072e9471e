import { expect } from 'chai'
import { run } from '../../lib/cli/program.js'
import { FakeIo } from './fake.js'

describe('cli/emulator', () => {
  it('should serve the operation of --operation if --any-service is set', async () => {
    const emulatorIo = new FakeIo()
    const name = 'projects/p/locations/l/operations/mine'
    const listening = new Promise<string>((resolve) => {
      emulatorIo.stdout.write = (text) => {
        resolve(text.replace(/^listening on (.*)\n$/, '$1'))
        return true
      }
    })
    const exitCode = run(['emulator', '--any-service', '--operation', name, '--duration', '0s'], emulatorIo)
    const endpoint = await listening
    const io = new FakeIo()
    expect(await run(['list', `${endpoint}/v1/projects/p/locations/l`], io)).to.equal(0)
    expect(io.stdout.written).to.equal(`${name}: succeeded\n`)
    const response = await fetch(`${endpoint}/v1/${name}`)
    expect(await response.json()).to.deep.equal({
      name,
      metadata: { '@type': 'type.googleapis.com/google.rpc.Status', message: '100 % done' },
      done: true,
      response: { '@type': 'type.googleapis.com/google.protobuf.Empty' },
    })
    emulatorIo.emit('SIGINT')
    expect(await exitCode).to.equal(130)
    expect(emulatorIo.stderr.written).to.include(`lro watch ${endpoint}/v1/${name}\n`)
  })
})
