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

  it('should serve the services of --service', async () => {
    const emulatorIo = new FakeIo()
    const listening = new Promise<string>((resolve) => {
      emulatorIo.stdout.write = (text) => {
        resolve(text.replace(/^listening on (.*)\n$/, '$1'))
        return true
      }
    })
    const name = 'projects/p/zones/z/operations/mine'
    const options = ['--service', 'compute', '--service', 'sqladmin', '--operation', name, '--duration', '0s']
    const exitCode = run(['emulator', ...options], emulatorIo)
    const endpoint = await listening
    const io = new FakeIo()
    const target = ['--endpoint', endpoint, '--service', 'compute']
    expect(await run(['list', ...target, 'projects/p/zones/z'], io)).to.equal(0)
    expect(await run(['watch', ...target, name], io)).to.equal(0)
    expect(io.stdout.written).to.include(`${name}: succeeded\n`)
    expect((await fetch(`${endpoint}/sql/v1beta4/projects/p/instances`)).status).to.equal(200)
    expect((await fetch(`${endpoint}/v1/projects/p/locations/l/clusters`)).status).to.equal(404)
    emulatorIo.emit('SIGINT')
    expect(await exitCode).to.equal(130)
    expect(emulatorIo.stderr.written).to.include(
      `lro list --endpoint ${endpoint} --service sqladmin PARENT\n`,
    )
  })
})
