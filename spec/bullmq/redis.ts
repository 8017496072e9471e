import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** A local redis-server with its own port and folder. */
export interface RedisServer {
  readonly url: string
  /** Kills the process without a shutdown. Resolves when the process has exited. */
  kill(): Promise<void>
  /** Starts the server again on the same port. It has no data, unless `appendonly` is set. */
  start(): Promise<void>
  /** Kills the process and removes its files. */
  stop(): Promise<void>
}

/** Returns a local port that is free at the time of the call. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

interface RedisServerOptions {
  /** Whether the data survives a kill. */
  readonly appendonly?: boolean
  /** Further arguments of redis-server. */
  readonly redisArguments?: readonly string[]
}

/** Starts a redis-server. */
export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  const { appendonly = false, redisArguments = [] } = options
  const port = await freePort()
  const dir = await mkdtemp(join(tmpdir(), 'rx-longrunning-redis-'))
  const url = `redis://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  const server: RedisServer = {
    url,
    start: async () => {
      const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '']
      const append = ['--appendonly', appendonly ? 'yes' : 'no']
      child = spawn('redis-server', [...args, ...append, ...redisArguments], { stdio: 'ignore' })
      await waitUntilReady(url)
    },
    kill: async () => {
      if (child === undefined) return
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
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

async function waitUntilReady(url: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.ping()
      return
    } catch (error) {
      // Gives up after 200 attempts, which take about ten seconds.
      if (attempt === 200) throw error
      await setTimeout(50)
    } finally {
      client.disconnect()
    }
  }
}
