import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'
import { isInstalled, WANTED } from './wanted.js'

/** A Redis on this machine, of these specs alone. */
export interface RedisServer {
  readonly url: string
  /** Ends it as a power cut would, and resolves when it is gone. */
  kill(): Promise<void>
  /** Starts it again on the same port; without `appendonly` it is empty. */
  start(): Promise<void>
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Starts a redis-server that keeps nothing, or with `appendonly` everything, in a folder of its own. */
export async function startRedis({
  appendonly = false,
  more = [],
}: {
  appendonly?: boolean
  more?: readonly string[]
} = {}): Promise<RedisServer> {
  const port = await freePort()
  const dir = await mkdtemp(join(tmpdir(), 'rx-longrunning-redis-'))
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  const server: RedisServer = {
    url,
    start: async () => {
      const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '']
      const append = ['--appendonly', appendonly ? 'yes' : 'no']
      child = spawn('redis-server', [...args, ...append, ...more], { stdio: 'ignore' })
      await answered(url)
    },
    kill: async () => {
      if (child === undefined) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      child = undefined
    },
    stop: async () => {
      await server.kill()
      await rm(dir, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

async function answered(url: string): Promise<void> {
  for (let tries = 0; ; tries++) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.ping()
      return
    } catch (error) {
      if (tries === 200) throw error
      await setTimeout(50)
    } finally {
      client.disconnect()
    }
  }
}

/** A suite that is pending where there is no redis-server; with REQUIRE_REDIS it fails. */
function suite(title: string, isPossible: boolean, body: () => void): void {
  if (isPossible) {
    describe(title, body)
    return
  }
  describe(title, () => {
    if (process.env.REQUIRE_REDIS) it(`should be run: ${WANTED}`, () => Promise.reject(new Error(WANTED)))
    else it(`pending: ${WANTED}`)
  })
}

/** A suite on a Redis: the one that REDIS_URL names, or one of its own. */
export function onRedis(title: string, body: (url: () => string) => void): void {
  const { REDIS_URL: given } = process.env
  suite(title, isInstalled || Boolean(given), () => {
    let server: RedisServer | undefined
    before(async () => {
      if (!given) server = await startRedis()
    })
    after(() => server?.stop())
    body(() => given || (server as RedisServer).url)
  })
}

/** A suite that starts and ends Redis by itself. */
export function withRedisServer(title: string, body: () => void): void {
  suite(title, isInstalled, body)
}
