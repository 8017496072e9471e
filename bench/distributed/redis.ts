import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Redis } from 'ioredis'

/** A redis-server of this bench alone. */
export interface RedisServer {
  readonly url: string
  /** To look into it. */
  readonly client: Redis
  start(): Promise<void>
  kill(): Promise<void>
  stop(): Promise<void>
}

/** A port of this machine that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts one; without `appendonly` it keeps nothing. */
export async function startRedis(appendonly = false): Promise<RedisServer> {
  const port = await freePort()
  const dir = mkdtempSync(join(tmpdir(), 'rx-longrunning-bench-'))
  const client = new Redis(port, '127.0.0.1', {
    lazyConnect: true,
    maxRetriesPerRequest: null,
    retryStrategy: () => 50,
  })
  client.on('error', () => undefined)
  let child: ChildProcess | undefined
  const server: RedisServer = {
    url: `redis://127.0.0.1:${port}`,
    client,
    start: async () => {
      const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '']
      child = spawn('redis-server', [...args, '--appendonly', appendonly ? 'yes' : 'no'], { stdio: 'ignore' })
      if (client.status === 'wait') await setTimeout(300)
      await client.ping()
    },
    kill: async () => {
      if (child === undefined) return
      const ended = once(child, 'exit')
      child.kill('SIGKILL')
      await ended
      child = undefined
    },
    stop: async () => {
      client.disconnect()
      await server.kill()
      rmSync(dir, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}
