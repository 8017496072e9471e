import { once } from 'node:events'
import { type AddressInfo, connect, type Socket } from 'node:net'
import type { DynamicModule } from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import type { NestExpressApplication } from '@nestjs/platform-express'
import { expect } from 'chai'
import { either as E } from 'fp-ts'
import { OperationsClient } from 'rx-longrunning'
import { type Emulator, type EmulatorEvent, startEmulator } from 'rx-longrunning/emulator'
import { type OperationEventData, OperationsModule } from 'rx-longrunning/nestjs'
import { filter, firstValueFrom, Observable as OurObservable } from 'rxjs'
import { createApp } from '../app.js'
import { OperationsController } from '../operations.controller.js'

interface SentEvent {
  readonly type: string
  readonly data: OperationEventData<unknown, unknown>
}

const NAME = 'operations/cp.1'
const ENDPOINT = Symbol('endpoint')
const endpoint = { provide: ENDPOINT, useValue: 'http://127.0.0.1:9' }

describe('the application', () => {
  let emulator: Emulator
  let app: NestExpressApplication
  let url: string

  beforeEach(async () => {
    emulator = await startEmulator()
    app = await createApp({ endpoint: emulator.endpoint, auth: false }, false)
    await app.listen(0, '127.0.0.1')
    url = await app.getUrl()
  })
  afterEach(async () => {
    await app.close()
    await emulator.close()
  })

  const next = (tag: EmulatorEvent['_tag']): Promise<EmulatorEvent> =>
    firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === tag)))

  /** Yields the events of a stream. */
  async function* eventsOf(...names: readonly string[]): AsyncGenerator<SentEvent, undefined> {
    const query = new URLSearchParams(names.map((name) => ['name', name]))
    const { body } = await fetch(`${url}/events?${query}`)
    let rest = ''
    for await (const text of body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = (rest + text).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) {
        const field = (name: string): string | undefined =>
          new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1]
        const data = field('data')
        if (data !== undefined) yield { type: field('event') ?? 'message', data: JSON.parse(data) }
      }
    }
    return undefined
  }

  const allOf = async (...names: readonly string[]): Promise<readonly SentEvent[]> => {
    const all: SentEvent[] = []
    for await (const event of eventsOf(...names)) all.push(event)
    return all
  }

  it('should end the stream when the operation succeeds', async () => {
    emulator.operations.add(NAME, [{ metadata: { progressPercent: 40 } }, { polls: 2, done: true }])
    const [running, succeeded, ...others] = await allOf(NAME)
    expect(running).to.have.property('type', 'running')
    expect(running?.data).to.include({ name: NAME, fraction: 0.4 })
    expect(succeeded).to.have.property('type', 'succeeded')
    expect(others).to.deep.equal([])
  })

  it('should continue other operations of the stream when one fails', async () => {
    emulator.operations.add('operations/a', [{ done: true, error: { code: 8, message: 'no quota' } }])
    emulator.operations.add('operations/b', [{}, { polls: 2, done: true }])
    const events = await allOf('operations/a', 'operations/b', 'no name')
    const ends = events
      .filter(({ type }) => type !== 'running')
      .map(({ type, data }) => [type, data.name, data.error?.tag])
    expect(ends).to.have.deep.members([
      ['failed', 'operations/a', 'OperationFailed'],
      ['succeeded', 'operations/b', undefined],
      ['failed', 'no name', 'InvalidName'],
    ])
  })

  it('should share polls when two browsers watch the same operation', async () => {
    emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
    const first = eventsOf(NAME)
    expect((await first.next()).value?.type).to.equal('running')
    const second = await allOf(NAME)
    expect(second.map(({ type }) => type)).to.deep.equal(['running', 'succeeded'])
    expect((await first.next()).value?.type).to.equal('succeeded')
    expect(emulator.operations.polls(NAME)).to.equal(2)
  })

  it('should stop polling when the last browser disconnects', async () => {
    emulator.operations.add(NAME, [{ stall: true }])
    const [requested, aborted] = [next('Request'), next('Aborted')]
    const disconnect = new AbortController()
    await fetch(`${url}/events?name=${NAME}`, { signal: disconnect.signal })
    await requested
    disconnect.abort()
    await aborted
    expect(app.get(OperationsClient).stats()).to.include({ inFlight: 0, waiting: 0 })
  })

  it('should respond with 400 if a request has no name or too many', async () => {
    expect((await fetch(`${url}/events`)).status).to.equal(400)
    const many = new URLSearchParams(Array.from({ length: 101 }, (_, n) => ['name', `operations/${n}`]))
    expect((await fetch(`${url}/events?${many}`)).status).to.equal(400)
    expect(emulator.requests).to.deep.equal([])
  })

  it('should send the last event of every operation before it closes the connections at shutdown', async () => {
    const names = Array.from({ length: 100 }, (_, n) => `operations/${n}`)
    for (const name of names) emulator.operations.add(name, [{ polls: 1_000 }])
    const streams = [eventsOf(...names), eventsOf(...names), eventsOf('operations/0')]
    for (const stream of streams) expect((await stream.next()).value?.type).to.equal('running')
    const [, ...results] = await Promise.all([
      app.close(),
      ...streams.map(async (stream) => {
        const closed: string[] = []
        for await (const { type, data } of stream)
          if (type === 'failed' && data.error?.tag === 'ClientClosed') closed.push(data.name)
        return closed
      }),
    ])
    expect(results).to.deep.equal([names, names, ['operations/0']])
  })

  it('should shut down immediately and abort its polls if streams and idle connections are open', async () => {
    emulator.operations.add(NAME, [{}, { polls: 2, stall: true }])
    const idle: Socket = connect((app.getHttpServer().address() as AddressInfo).port, '127.0.0.1')
    await once(idle, 'connect')
    const stream = eventsOf(NAME)
    const [, stalled, aborted] = [await stream.next(), next('Request'), next('Aborted')]
    await stalled
    await (await fetch(`${url}/page.js`)).text()
    const [ended, disconnected] = [stream.next(), once(idle, 'close')]
    const startedAt = performance.now()
    await app.close()
    expect(performance.now() - startedAt).to.be.below(3_000)
    expect((await ended).value?.data.error?.tag).to.equal('ClientClosed')
    await Promise.all([aborted, disconnected])
  })

  it('should restrict the page with a content security policy', async () => {
    const { headers } = await fetch(`${url}/`)
    expect(headers.get('content-security-policy')).to.match(/^default-src 'none'; script-src 'self';/)
    expect(await (await fetch(`${url}/page.js`)).text()).to.not.match(
      /innerHTML|insertAdjacentHTML|document\.write/,
    )
  })

  it('should provide a client with the options of a factory, and close it at shutdown', async () => {
    const context = await NestFactory.createApplicationContext(
      OperationsModule.forRootAsync({
        inject: [ENDPOINT],
        imports: [{ module: class {}, providers: [endpoint], exports: [ENDPOINT] } as DynamicModule],
        useFactory: async (url: string) => ({ endpoint: url, auth: false as const }),
      }),
      { logger: false },
    )
    const client = context.get(OperationsClient)
    expect(client.endpoint).to.equal('http://127.0.0.1:9')
    await context.close()
    const result = await firstValueFrom(client.watch(NAME))
    expect(E.isLeft(result) && result.left._tag).to.equal('ClientClosed')
  })

  it('should use the same RxJS as the library', () => {
    const emissions = app.get(OperationsController).events(NAME)
    expect(emissions).to.be.instanceOf(OurObservable)
    expect(app.get(OperationsClient).watch(NAME)).to.be.instanceOf(OurObservable)
  })
})
