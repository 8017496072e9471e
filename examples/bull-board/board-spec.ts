import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { either as E } from 'fp-ts'
import { Redis } from 'ioredis'
import { createTracker } from 'rx-longrunning/bullmq'
import { freePort, type RedisServer, startRedis } from '../../spec/bullmq/redis.js'
import { INSTALL_HINT, isRedisInstalled } from '../../spec/bullmq/redis-installed.js'

const QUEUE = 'cloudresourcemanager.googleapis.com'
const NAME = 'operations/cp.1'

describe('the board', () => {
  before(function () {
    if (process.env.REQUIRE_REDIS || isRedisInstalled) return
    console.log(`NOT RUN: ${INSTALL_HINT}`)
    this.skip()
  })

  let server: RedisServer | undefined
  let board: ChildProcess | undefined

  /** Starts the board, and returns the printed address. */
  const startBoard = async (env: NodeJS.ProcessEnv): Promise<string> => {
    const child = spawn(process.execPath, ['--import=tsx', 'board.ts'], {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, ...env },
    })
    board = child
    for await (const text of createInterface({ input: child.stdout })) if (/^http:/.test(text)) return text
    throw new Error('the board exited')
  }

  afterEach(async () => {
    if (board !== undefined) {
      const ended = once(board, 'exit')
      if (board.kill('SIGKILL')) await ended
    }
    await server?.stop()
  })

  it('should show a tracked operation and keep the settings of the queue', async () => {
    server = await startRedis()
    const { url } = server
    await using tracker = createTracker({ connection: url })
    expect(E.isRight(await tracker.track(NAME))).to.equal(true)

    const address = await startBoard({ REDIS_URL: url, PORT: `${await freePort()}` })
    const response = await fetch(
      `${address}/api/queues?activeQueue=${QUEUE}&status=latest&page=1&jobsPerPage=10`,
    )
    const { queues } = (await response.json()) as { queues: readonly ShownQueue[] }
    expect(queues.map(({ name, readOnlyMode }) => ({ name, readOnlyMode }))).to.deep.equal([
      { name: QUEUE, readOnlyMode: true },
    ])
    expect(JSON.stringify(queues[0]?.jobs)).to.include(NAME)

    const redis = new Redis(url)
    const maxLenEvents = await redis.hget(`{lro}:${QUEUE}:meta`, 'opts.maxLenEvents')
    redis.disconnect()
    expect(maxLenEvents).to.equal('1000')
  })
})

/** A queue in the API of the board. */
interface ShownQueue {
  readonly name: string
  readonly readOnlyMode: boolean
  readonly jobs: readonly unknown[]
}
