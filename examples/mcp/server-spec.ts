import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { expect } from 'chai'
import { type Emulator, type EmulatorEvent, startEmulator } from 'rx-longrunning/emulator'
import { filter, firstValueFrom, type Observable } from 'rxjs'

const NAME = 'operations/cp.1'

describe('the tool wait_for_operation', () => {
  let emulator: Emulator
  let client: Client

  beforeEach(async () => {
    emulator = await startEmulator()
    client = new Client({ name: 'spec', version: '1.0.0' })
    // The server is a child process, as in an application with a model.
    await client.connect(
      new StdioClientTransport({
        command: process.execPath,
        args: ['--import=tsx', 'main.ts'],
        cwd: import.meta.dirname,
        env: { CLOUDRESOURCEMANAGER_EMULATOR_HOST: new URL(emulator.endpoint).host },
      }),
    )
  })
  afterEach(async () => {
    await client.close()
    await emulator.close()
  })

  async function call(args: Record<string, unknown>): Promise<Record<string, unknown>> {
    const { structuredContent } = await client.callTool({ name: 'wait_for_operation', arguments: args })
    return structuredContent as Record<string, unknown>
  }

  it('should return the response when the operation succeeds', async () => {
    emulator.operations.add(NAME, [{}, { polls: 2, done: true, response: { name: 'projects/1' } }])
    expect(await call({ name: NAME })).to.deep.equal({ state: 'succeeded', response: { name: 'projects/1' } })
  })

  it('should return a resume token at its deadline, and continue with it', async () => {
    emulator.operations.add(NAME, [{}])
    const { state, resume } = await call({ name: NAME, seconds: 1 })
    expect(state).to.equal('running')
    expect(resume).to.deep.include({ name: NAME, endpoint: emulator.endpoint, apiVersion: 'v3' })
    emulator.operations.clear()
    emulator.operations.add(NAME, [{ done: true, error: { code: 8, message: 'no quota' } }])
    const final = await call({ resume })
    expect(final.state).to.equal('failed')
    expect(final.message).to.contain('no quota')
  })

  it('should send no request for a token of another host', async () => {
    const resume = { name: NAME, endpoint: 'https://attacker.example', apiVersion: 'v3', since: 0 }
    const { state, message } = await call({ resume })
    expect(state).to.equal('unknown')
    expect(message).to.contain('attacker.example')
    expect(emulator.requests).to.deep.equal([])
  })

  it('should stop polling when the call is cancelled', async () => {
    emulator.operations.add(NAME, [{ stall: true }])
    const events = emulator.events as Observable<EmulatorEvent>
    const requested = firstValueFrom(events.pipe(filter(({ _tag }) => _tag === 'Request')))
    const aborted = firstValueFrom(events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
    const cancellation = new AbortController()
    const calling = client
      .callTool({ name: 'wait_for_operation', arguments: { name: NAME } }, undefined, {
        signal: cancellation.signal,
      })
      .catch((reason: unknown) => reason)
    await requested
    cancellation.abort()
    await aborted
    expect(await calling).to.be.instanceOf(Error)
  })
})
