import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { filter, firstValueFrom, lastValueFrom, type Subscription, take, toArray } from 'rxjs'
import { type Emulator, type EmulatorEvent, startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient, watchOperation } from '../../lib/index.js'

const NAME = 'operations/cp.1'
const soon = constant({ interval: 1 })

/** Resolves at the n-th event of a kind from now on. */
function seen(emulator: Emulator, tag: EmulatorEvent['_tag'], n = 1): Promise<unknown> {
  return lastValueFrom(
    emulator.events.pipe(
      filter(({ _tag }) => _tag === tag),
      take(n),
    ),
  )
}

/** All that happens at the emulator, as tags. */
function recorded(emulator: Emulator): string[] {
  const tags: string[] = []
  emulator.events.subscribe(({ _tag }) => tags.push(_tag))
  return tags
}

const running = { metadata: { step: 1 } }
const done = { done: true, response: { ok: true } } as const

describe('integration/teardown, over real sockets', () => {
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await startEmulator()
  })
  afterEach(() => emulator.close())

  it('should abort the request in flight at the socket when it is unsubscribed, and send no more', async () => {
    emulator.operations.add(NAME, [running, { polls: 3, stall: true }])
    const events = recorded(emulator)
    const third = seen(emulator, 'Request', 3)
    const closed = seen(emulator, 'Closed')
    const subscription = watchOperation(NAME, { endpoint: emulator.endpoint, schedule: soon }).subscribe()
    await third
    subscription.unsubscribe()
    await closed
    expect(events.slice(-3)).to.deep.equal(['Request', 'Aborted', 'Closed'])
    expect(emulator.requests).to.have.length(3)
    expect(emulator.sockets).to.equal(0)
  })

  it('should close its idle socket when it is unsubscribed between two polls', async () => {
    emulator.operations.add(NAME, [running])
    const closed = seen(emulator, 'Closed')
    const words = watchOperation(NAME, {
      endpoint: emulator.endpoint,
      schedule: constant({ interval: 3_600_000 }),
    })
    await firstValueFrom(words)
    await closed
    expect(emulator.requests).to.have.length(1)
    expect(emulator.sockets).to.equal(0)
  })

  it('should close its socket at the last word', async () => {
    emulator.operations.add(NAME, [running, { polls: 2, ...done }])
    const closed = seen(emulator, 'Closed')
    const words = await lastValueFrom(
      watchOperation(NAME, { endpoint: emulator.endpoint, schedule: soon }).pipe(toArray()),
    )
    await closed
    expect(words.map(({ _tag }) => _tag)).to.deep.equal(['Right', 'Right'])
    expect(emulator.sockets).to.equal(0)
  })

  it('should close its socket at a timeout, the poll in flight aborted', async () => {
    emulator.operations.add(NAME, [{ stall: true }])
    const events = recorded(emulator)
    const closed = seen(emulator, 'Closed')
    const word = await lastValueFrom(watchOperation(NAME, { endpoint: emulator.endpoint, timeout: 300 }))
    await closed
    expect(word).to.have.nested.property('left._tag', 'TimedOut')
    expect(events).to.deep.equal(['Connected', 'Request', 'Aborted', 'Closed'])
  })

  it('should open nothing where it is unsubscribed at once', async () => {
    emulator.operations.add(NAME, [running])
    const { endpoint } = emulator
    watchOperation(NAME, { endpoint }).subscribe().unsubscribe()
    const next = watchOperation(NAME, { endpoint })
    await firstValueFrom(next)
    expect(emulator.requests).to.have.length(1)
  })

  describe('what is let go before it is sent', () => {
    /** A client whose first request is over, so that its next ones are sent without waiting for what they need. */
    const warm = async (): Promise<OperationsClient> => {
      emulator.operations.add(NAME, [running])
      const client = new OperationsClient({ endpoint: emulator.endpoint, rateLimit: false })
      await lastValueFrom(client.get(NAME))
      return client
    }
    const known: readonly (readonly [string, (client: OperationsClient) => void])[] = [
      ['questions that are unsubscribed at once', (client) => client.get(NAME).subscribe().unsubscribe()],
      ['a cancel that is unsubscribed at once', (client) => client.cancel(NAME).subscribe().unsubscribe()],
      ['a delete that is unsubscribed at once', (client) => client.delete(NAME).subscribe().unsubscribe()],
      [
        'questions of a client that is closed at once',
        (client) => {
          client.get(NAME).subscribe()
          client.close()
        },
      ],
    ]
    for (const [what, act] of known)
      it(`should never be sent: ${what}`, async () => {
        const client = await warm()
        for (let n = 0; n < 20; n++) act(client)
        // Over another socket, later than whatever the others had sent.
        const last = new OperationsClient({ endpoint: emulator.endpoint })
        await lastValueFrom(last.get(NAME))
        last.close()
        client.close()
        expect(emulator.requests).to.have.length(2)
      })

    it('should never be sent, nor keep a program from its end, while axios is being loaded', async function () {
      this.timeout(30_000)
      emulator.operations.add(NAME, [{ stall: true }])
      const program = started(`
        const subscription = watch.subscribe()
        setTimeout(() => subscription.unsubscribe(), 1)
      `)
      expect(await ended(program)).to.deep.equal(['', '', 0])
      expect(emulator.requests).to.deep.equal([])
    })
  })

  it('should give each subscription of a watchOperation sockets of its own', async () => {
    emulator.operations.add(NAME, [running])
    const watch = watchOperation(NAME, { endpoint: emulator.endpoint })
    const closed = seen(emulator, 'Closed', 2)
    await Promise.all([firstValueFrom(watch), firstValueFrom(watch)])
    await closed
    expect(new Set(emulator.requests.map(({ socket }) => socket)).size).to.equal(2)
  })

  it('should keep the sockets of a client until it is closed, and then close every one', async () => {
    const names = ['operations/a', 'operations/b', 'operations/c']
    for (const name of names) emulator.operations.add(name, [{ stall: true }])
    const client = new OperationsClient({ endpoint: emulator.endpoint })
    const asked = seen(emulator, 'Request', 3)
    const words: unknown[] = []
    const watches: Subscription[] = names.map((name) =>
      client.watch(name).subscribe((word) => words.push(word)),
    )
    await asked
    const closed = seen(emulator, 'Closed', 3)
    client.close()
    await closed
    expect(words).to.have.length(3)
    for (const word of words) expect(word).to.have.nested.property('left._tag', 'ClientClosed')
    expect(watches.every((watch) => watch.closed)).to.equal(true)
    expect(emulator.sockets).to.equal(0)
  })

  it('should use one socket of a client for polls in turn', async () => {
    emulator.operations.add(NAME, [running, { polls: 5, ...done }])
    const client = new OperationsClient({ endpoint: emulator.endpoint })
    await lastValueFrom(client.watch(NAME, { schedule: soon }))
    expect(new Set(emulator.requests.map(({ socket }) => socket)).size).to.equal(1)
    expect(emulator.sockets).to.equal(1)
    client.close()
  })

  const scripts: readonly (readonly [string, string])[] = [
    ['unsubscribes between two polls', 'const s = watch.subscribe(() => s.unsubscribe())'],
    ['sees the last word', "watch.subscribe((word) => word.right.done && console.log('done'))"],
    ['closes its client', 'client.watch(NAME).subscribe((word) => word._tag === "Right" && client.close())'],
  ]
  /** Starts a program that has `watch` and `client`, both of the emulator. */
  const started = (script: string): ChildProcessByStdio<Writable, Readable, Readable> => {
    const source = new URL('../../lib/index.ts', import.meta.url)
    const [index, loader] = existsSync(source)
      ? [source.href, ['--import', 'tsx']]
      : [new URL('../../lib/index.js', import.meta.url).href, []]
    const program = `
      import { constant, OperationsClient, watchOperation } from ${JSON.stringify(index)}
      const NAME = ${JSON.stringify(NAME)}
      const options = { endpoint: ${JSON.stringify(emulator.endpoint)} }
      const client = new OperationsClient(options)
      const watch = watchOperation(NAME, { ...options, schedule: constant({ interval: 1 }) })
      ${script}
    `
    const cwd = fileURLToPath(new URL('../..', import.meta.url))
    const args = [...loader, '--input-type=module', '--eval', program]
    return spawn(process.execPath, args, { cwd, timeout: 20_000, stdio: ['pipe', 'pipe', 'pipe'] })
  }

  /** All that a program printed, and its exit code, once it has ended. */
  const ended = async (program: ReturnType<typeof started>): Promise<readonly unknown[]> => {
    const closed = once(program, 'close')
    return [await text(program.stdout), await text(program.stderr), (await closed)[0]]
  }

  for (const [what, script] of scripts)
    it(`should let a bare program end by itself that ${what}`, async function () {
      this.timeout(30_000)
      emulator.operations.add(NAME, [running, { polls: 2, ...done }])
      const said = script.includes('console.log') ? 'done\n' : ''
      expect(await ended(started(script))).to.deep.equal([said, '', 0])
    })

  it('should let a bare program end by itself that unsubscribes while a poll is in flight', async function () {
    this.timeout(30_000)
    emulator.operations.add(NAME, [{ stall: true }])
    const asked = seen(emulator, 'Request')
    const program = started(`
      const subscription = watch.subscribe()
      process.stdin.once('data', () => {
        subscription.unsubscribe()
        process.stdin.destroy()
      })
    `)
    await asked
    program.stdin.write('now')
    expect(await ended(program)).to.deep.equal(['', '', 0])
  })
})
