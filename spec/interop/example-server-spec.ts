import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Emulator, startEmulator } from 'rx-longrunning/emulator'

describe('examples/googleapis/server.ts', () => {
  const program = fileURLToPath(new URL('../../examples/googleapis/server.ts', import.meta.url))
  let emulator: Emulator
  before(async () => {
    emulator = await startEmulator({ duration: 200 })
  })
  after(() => emulator.close())

  it('should start a project, stream its operation, return the status of a rejected call, and stop after SIGTERM', async () => {
    const env = { ...process.env, CLOUDRESOURCEMANAGER_EMULATOR_HOST: new URL(emulator.endpoint).host }
    const server = spawn(process.execPath, ['--import=tsx', program], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const exited = once(server, 'exit')
    try {
      const [url] = await once(createInterface(server.stdout), 'line')
      const started = await fetch(`${url}/projects/by-server-1`, { method: 'POST' })
      expect(started.status).to.equal(202)
      const events = await (await fetch(`${url}${started.headers.get('location')}`)).text()
      expect(events.match(/(?<=event: )\w+/g)).to.include('Succeeded')
      const statusOf = async (id: string) => (await fetch(`${url}/projects/${id}`, { method: 'POST' })).status
      expect(await statusOf('BAD')).to.equal(400)
      expect(await statusOf('by-server-1')).to.equal(409)
    } finally {
      server.kill('SIGTERM')
    }
    expect(await exited).to.deep.equal([0, null])
  })
})
