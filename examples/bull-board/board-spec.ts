import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { either as E } from 'fp-ts'
import { Redis } from 'ioredis'
import { createTracker } from 'rx-longrunning/bullmq'

const QUEUE = 'cloudresourcemanager.googleapis.com'
const NAME = 'operations/cp.1'

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

describe('the board', () => {
  before(function () {
    if (process.env.REQUIRE_REDIS || spawnSync('redis-server', ['--version']).status === 0) return
    console.log('NOT RUN: the board needs redis-server (Debian: apt-get install redis-server)')
    this.skip()
  })

  const running: ChildProcess[] = []

  /** Starts a program, and resolves with the first line of its output that is like this. */
  const started = async (
    program: string,
    args: readonly string[],
    line: RegExp,
    env = {},
  ): Promise<string> => {
    const stdio = ['ignore', 'pipe', 'inherit'] as const
    const child = spawn(program, args, { stdio: [...stdio], env: { ...process.env, ...env } })
    running.push(child)
    if (child.stdout === null) throw new Error(`${program} has no output`)
    const lines = createInterface({ input: child.stdout })
    for await (const text of lines) if (line.test(text)) return text
    throw new Error(`${program} has ended`)
  }

  afterEach(async () => {
    for (const child of running.splice(0).reverse()) {
      const ended = once(child, 'exit')
      if (child.kill('SIGKILL')) await ended
    }
  })

  it('should show the operation that is tracked, and leave the settings of the fleet as they are', async () => {
    const port = await freePort()
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '']
    await started('redis-server', args, /Ready to accept connections/)
    const url = `redis://127.0.0.1:${port}`
    await using tracker = createTracker({ connection: url })
    expect(E.isRight(await tracker.track(NAME))).to.equal(true)

    const env = { REDIS_URL: url, PORT: `${await freePort()}` }
    const board = await started(process.execPath, ['--import=tsx', 'board.ts'], /^http:/, env)
    const answer = await fetch(`${board}/api/queues?activeQueue=${QUEUE}&status=latest&page=1&jobsPerPage=10`)
    const { queues } = (await answer.json()) as { queues: readonly Shown[] }
    expect(queues.map(({ name, readOnlyMode }) => ({ name, readOnlyMode }))).to.deep.equal([
      { name: QUEUE, readOnlyMode: true },
    ])
    expect(JSON.stringify(queues[0]?.jobs)).to.include(NAME)

    const redis = new Redis(url)
    const kept = await redis.hget(`{lro}:${QUEUE}:meta`, 'opts.maxLenEvents')
    redis.disconnect()
    expect(kept).to.equal('1000')
  })
})

/** What the API of the board says of a queue. */
interface Shown {
  readonly name: string
  readonly readOnlyMode: boolean
  readonly jobs: readonly unknown[]
}
