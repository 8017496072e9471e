import { expect } from 'chai'
import { Redis } from 'ioredis'
import { firstValueFrom, lastValueFrom, share, take, toArray } from 'rxjs'
import { type Fleet, fleetOn } from './fleet.js'
import { proxied } from './proxy.js'
import { type RedisServer, startRedis } from './redis.js'
import { withRedisServer } from './redis-suite.js'

const NAME = 'operations/cp.1'

withRedisServer('bullmq, with a Redis that rejects commands', () => {
  const servers: RedisServer[] = []
  let fleet: Fleet
  /** Starts a server whose replicas synchronize without the default delay of five seconds. */
  const start = async (): Promise<RedisServer> => {
    const server = await startRedis({ redisArguments: ['--repl-diskless-sync-delay', '0'] })
    servers.push(server)
    return server
  }
  afterEach(async () => {
    await fleet[Symbol.asyncDispose]()
    for (const server of servers.splice(0)) await server.stop()
  })

  it('should pause polling while Redis is out of memory, and continue polling afterwards', async () => {
    const { url } = await start()
    fleet = await fleetOn(url)
    fleet.emulator.operations.add(NAME, [{}, { polls: 20, done: true }])
    const worker = fleet.worker({ lockDuration: 500 })
    const emissions = fleet.tracker().watch(NAME).pipe(share())
    const result = lastValueFrom(emissions)
    await firstValueFrom(emissions)
    await fleet.redis.config('SET', 'maxmemory', '1')
    const startedAt = performance.now()
    const errors = await lastValueFrom(worker.errors.pipe(take(5), toArray()))
    // The worker waits one second after a rejected command. Without this wait, five errors would take milliseconds.
    expect(performance.now() - startedAt).to.be.at.least(900)
    for (const error of errors) expect(error).to.have.property('code', 'OOM')
    await fleet.redis.config('SET', 'maxmemory', '0')
    expect(await result).to.have.nested.property('right._tag', 'Succeeded')
  }).timeout(30_000)

  it('should reconnect to the new primary after a failover, although the old primary keeps its sockets open', async () => {
    const [oldServer, newServer] = [await start(), await start()]
    const [oldRedis, newRedis] = [new Redis(oldServer.url), new Redis(newServer.url)]
    await proxied(oldServer.url, async (url, { redirect }) => {
      fleet = await fleetOn(url)
      fleet.emulator.operations.add(NAME, [{}, { polls: 60, done: true }])
      fleet.worker({ lockDuration: 500 })
      const tracker = fleet.tracker()
      const result = lastValueFrom(tracker.watch(NAME))
      await newRedis.call('REPLICAOF', '127.0.0.1', new URL(oldServer.url).port)
      // Waits until the new server has copied the data of the old one.
      while (!/master_link_status:up/.test(await newRedis.info('replication')));
      await newRedis.call('REPLICAOF', 'NO', 'ONE')
      redirect(newServer.url)
      await oldRedis.call('REPLICAOF', '127.0.0.1', new URL(newServer.url).port)
      expect(await tracker.track('operations/cp.2')).to.have.property('_tag', 'Right')
      expect(await result).to.have.nested.property('right._tag', 'Succeeded')
    })
    oldRedis.disconnect()
    newRedis.disconnect()
  }).timeout(40_000)
})
