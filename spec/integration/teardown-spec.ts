import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { filter, firstValueFrom, lastValueFrom, type Subscription, take, toArray } from 'rxjs'
import { type Emulator, type EmulatorEvent, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { constant, type JsonObject, OperationsClient, watchOperation } from '../../lib/index.js'
import { PROTOCOLS } from '../protocols.js'

const NAME = 'operations/cp.1'
const schedule = constant({ interval: 1 })

/** Resolves after the n-th future event with the given tag. */
function nextEvent(emulator: Emulator, tag: EmulatorEvent['_tag'], n = 1): Promise<unknown> {
  return lastValueFrom(
    emulator.events.pipe(
      filter(({ _tag }) => _tag === tag),
      take(n),
    ),
  )
}

/** Returns an array to which the tag of each event of the emulator is added. */
function recordEventTags(emulator: Emulator): string[] {
  const tags: string[] = []
  emulator.events.subscribe(({ _tag }) => tags.push(_tag))
  return tags
}

const runningFrame = { metadata: { step: 1 } }
const doneFrame = { done: true, response: { ok: true } } as const

describe('integration/teardown, over real sockets', () => {
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await startEmulator()
  })
  afterEach(() => emulator.close())

  for (const { title, nameOf, options, bodyOf } of PROTOCOLS) {
    const name = nameOf(NAME)
    const frameOf = (operation: JsonObject): Frame => ({
      httpResponse: { httpStatus: 200, body: bodyOf({ name: NAME, ...operation }) },
    })
    const [runningOperation, doneOperation] = [frameOf(runningFrame), frameOf(doneFrame)]

    // Cited in docs/COMPARISON.md as: abort-request
    it(`should abort the request in flight and close its socket when the watch is unsubscribed, and send no more requests: ${title}`, async () => {
      emulator.operations.add(name, [runningOperation, { polls: 3, stall: true }])
      const eventTags = recordEventTags(emulator)
      const thirdRequest = nextEvent(emulator, 'Request', 3)
      const socketClosed = nextEvent(emulator, 'Closed')
      const subscription = watchOperation(name, {
        ...options,
        endpoint: emulator.endpoint,
        schedule,
      }).subscribe()
      await thirdRequest
      subscription.unsubscribe()
      await socketClosed
      expect(eventTags.slice(-3)).to.deep.equal(['Request', 'Aborted', 'Closed'])
      expect(emulator.requests).to.have.length(3)
      expect(emulator.sockets).to.equal(0)
    })

    it(`should close the idle socket when the watch is unsubscribed between two polls: ${title}`, async () => {
      emulator.operations.add(name, [runningOperation])
      const socketClosed = nextEvent(emulator, 'Closed')
      const watch = watchOperation(name, {
        ...options,
        endpoint: emulator.endpoint,
        schedule: constant({ interval: 3_600_000 }),
      })
      await firstValueFrom(watch)
      await socketClosed
      expect(emulator.requests).to.have.length(1)
      expect(emulator.sockets).to.equal(0)
    })

    it(`should close the socket of a watch after the final result: ${title}`, async () => {
      emulator.operations.add(name, [runningOperation, { polls: 2, ...doneOperation }])
      const socketClosed = nextEvent(emulator, 'Closed')
      const emissions = await lastValueFrom(
        watchOperation(name, { ...options, endpoint: emulator.endpoint, schedule }).pipe(toArray()),
      )
      await socketClosed
      expect(emissions.map(({ _tag }) => _tag)).to.deep.equal(['Right', 'Right'])
      expect(emulator.sockets).to.equal(0)
    })

    it(`should abort the poll in flight and close its socket when the watch times out: ${title}`, async () => {
      emulator.operations.add(name, [{ stall: true }])
      const eventTags = recordEventTags(emulator)
      const socketClosed = nextEvent(emulator, 'Closed')
      const result = await lastValueFrom(
        watchOperation(name, { ...options, endpoint: emulator.endpoint, timeout: 300 }),
      )
      await socketClosed
      expect(result).to.have.nested.property('left._tag', 'TimedOut')
      expect(eventTags).to.deep.equal(['Connected', 'Request', 'Aborted', 'Closed'])
    })
  }

  it('should send no request if the watch is unsubscribed immediately', async () => {
    emulator.operations.add(NAME, [runningFrame])
    const { endpoint } = emulator
    watchOperation(NAME, { endpoint }).subscribe().unsubscribe()
    await firstValueFrom(watchOperation(NAME, { endpoint }))
    expect(emulator.requests).to.have.length(1)
  })

  describe('a request that is aborted before it is sent', () => {
    /** Creates a client that has already imported axios, because it then sends requests without delay. */
    const warmClient = async (): Promise<OperationsClient> => {
      emulator.operations.add(NAME, [runningFrame])
      const client = new OperationsClient({ endpoint: emulator.endpoint, rateLimit: false })
      await lastValueFrom(client.get(NAME))
      return client
    }
    const actions: readonly (readonly [string, (client: OperationsClient) => void])[] = [
      ['a get that is unsubscribed immediately', (client) => client.get(NAME).subscribe().unsubscribe()],
      [
        'a cancel that is unsubscribed immediately',
        (client) => client.cancel(NAME).subscribe().unsubscribe(),
      ],
      [
        'a delete that is unsubscribed immediately',
        (client) => client.delete(NAME).subscribe().unsubscribe(),
      ],
      [
        'a get of a client that is closed immediately',
        (client) => {
          client.get(NAME).subscribe()
          client.close()
        },
      ],
    ]
    for (const [description, action] of actions)
      it(`should never be sent: ${description}`, async () => {
        const client = await warmClient()
        for (let n = 0; n < 20; n++) action(client)
        // This request uses another socket, and arrives later than an aborted request would have arrived.
        const otherClient = new OperationsClient({ endpoint: emulator.endpoint })
        await lastValueFrom(otherClient.get(NAME))
        otherClient.close()
        client.close()
        // The requests of `warmClient` and `otherClient`.
        expect(emulator.requests).to.have.length(2)
      })

    it('should neither be sent nor keep the process alive if it is aborted during the import of axios', async function () {
      this.timeout(30_000)
      emulator.operations.add(NAME, [{ stall: true }])
      const program = startProgram(`
        const subscription = watch.subscribe()
        setTimeout(() => subscription.unsubscribe(), 1)
      `)
      expect(await outputAndExitCode(program)).to.deep.equal(['', '', 0])
      expect(emulator.requests).to.deep.equal([])
    })
  })

  it('should use a separate socket for each subscription to a watch of watchOperation', async () => {
    emulator.operations.add(NAME, [runningFrame])
    const watch = watchOperation(NAME, { endpoint: emulator.endpoint })
    const socketsClosed = nextEvent(emulator, 'Closed', 2)
    await Promise.all([firstValueFrom(watch), firstValueFrom(watch)])
    await socketsClosed
    expect(new Set(emulator.requests.map(({ socket }) => socket)).size).to.equal(2)
  })

  // Cited in docs/COMPARISON.md as: close-sockets
  it('should end the watches of a client with ClientClosed, and close its sockets, when the client is closed', async () => {
    const names = ['operations/a', 'operations/b', 'operations/c']
    for (const name of names) emulator.operations.add(name, [{ stall: true }])
    const client = new OperationsClient({ endpoint: emulator.endpoint })
    const requested = nextEvent(emulator, 'Request', 3)
    const emissions: unknown[] = []
    const subscriptions: Subscription[] = names.map((name) =>
      client.watch(name).subscribe((emission) => emissions.push(emission)),
    )
    await requested
    const socketsClosed = nextEvent(emulator, 'Closed', 3)
    client.close()
    await socketsClosed
    expect(emissions).to.have.length(3)
    for (const emission of emissions) expect(emission).to.have.nested.property('left._tag', 'ClientClosed')
    expect(subscriptions.every(({ closed }) => closed)).to.equal(true)
    expect(emulator.sockets).to.equal(0)
  })

  it('should use one socket of a client for consecutive polls', async () => {
    emulator.operations.add(NAME, [runningFrame, { polls: 5, ...doneFrame }])
    const client = new OperationsClient({ endpoint: emulator.endpoint })
    await lastValueFrom(client.watch(NAME, { schedule }))
    expect(new Set(emulator.requests.map(({ socket }) => socket)).size).to.equal(1)
    expect(emulator.sockets).to.equal(1)
    client.close()
  })

  const scripts: readonly (readonly [description: string, script: string, output: string])[] = [
    [
      'unsubscribes between two polls',
      'const subscription = watch.subscribe(() => subscription.unsubscribe())',
      '',
    ],
    [
      'receives the final result',
      "watch.subscribe((emission) => emission.right.done && console.log('done'))",
      'done\n',
    ],
    [
      'closes its client',
      'client.watch(NAME).subscribe((emission) => emission._tag === "Right" && client.close())',
      '',
    ],
  ]
  /** Starts a program that runs `script`, which can use a `watch` and a `client` for the emulator. */
  const startProgram = (script: string): ChildProcessByStdio<Writable, Readable, Readable> => {
    const source = new URL('../../lib/index.ts', import.meta.url)
    const [indexUrl, loaderArguments] = existsSync(source)
      ? [source.href, ['--import', 'tsx']]
      : [new URL('../../lib/index.js', import.meta.url).href, []]
    const program = `
      import { constant, OperationsClient, watchOperation } from ${JSON.stringify(indexUrl)}
      const NAME = ${JSON.stringify(NAME)}
      const options = { endpoint: ${JSON.stringify(emulator.endpoint)} }
      const client = new OperationsClient(options)
      const watch = watchOperation(NAME, { ...options, schedule: constant({ interval: 1 }) })
      ${script}
    `
    const cwd = fileURLToPath(new URL('../..', import.meta.url))
    const args = [...loaderArguments, '--input-type=module', '--eval', program]
    return spawn(process.execPath, args, { cwd, timeout: 20_000, stdio: ['pipe', 'pipe', 'pipe'] })
  }

  /** Resolves with the standard output, the error output and the exit code of a program. */
  const outputAndExitCode = async (program: ReturnType<typeof startProgram>): Promise<readonly unknown[]> => {
    const programClosed = once(program, 'close')
    return [await text(program.stdout), await text(program.stderr), (await programClosed)[0]]
  }

  for (const [description, script, output] of scripts)
    it(`should let a program exit if the program ${description}`, async function () {
      this.timeout(30_000)
      emulator.operations.add(NAME, [runningFrame, { polls: 2, ...doneFrame }])
      expect(await outputAndExitCode(startProgram(script))).to.deep.equal([output, '', 0])
    })

  it('should let a program exit if the program unsubscribes during a poll', async function () {
    this.timeout(30_000)
    emulator.operations.add(NAME, [{ stall: true }])
    const requested = nextEvent(emulator, 'Request')
    const program = startProgram(`
      const subscription = watch.subscribe()
      process.stdin.once('data', () => {
        subscription.unsubscribe()
        process.stdin.destroy()
      })
    `)
    await requested
    program.stdin.write('now')
    expect(await outputAndExitCode(program)).to.deep.equal(['', '', 0])
  })
})
