import { expect } from 'chai'
import { Redis } from 'ioredis'
import { firstValueFrom, lastValueFrom, share, take, toArray } from 'rxjs'
import { type Fleet, fleetOn } from './fleet.js'
import { proxied } from './proxy.js'
import { type RedisServer, startRedis, withRedisServer } from './redis.js'

const NAME = 'operations/cp.1'

withRedisServer('bullmq, on a Redis that refuses', () => {
  const servers: RedisServer[] = []
  let fleet: Fleet
  const started = async (): Promise<RedisServer> => {
    const server = await startRedis({ more: ['--repl-diskless-sync-delay', '0'] })
    servers.push(server)
    return server
  }
  afterEach(async () => {
    await fleet[Symbol.asyncDispose]()
    for (const server of servers.splice(0)) await server.stop()
  })

  it('should rest from one that is out of memory, and go on when it has some', async () => {
    const { url } = await started()
    fleet = await fleetOn(url)
    fleet.emulator.operations.add(NAME, [{}, { polls: 20, done: true }])
    const worker = fleet.worker({ lockDuration: 500 })
    const words = fleet.tracker().watch(NAME).pipe(share())
    const word = lastValueFrom(words)
    await firstValueFrom(words)
    await fleet.redis.config('SET', 'maxmemory', '1')
    const began = performance.now()
    const troubles = await lastValueFrom(worker.errors.pipe(take(5), toArray()))
    // BullMQ asks again at once: thousands of times a second.
    expect(performance.now() - began).to.be.at.least(900)
    for (const trouble of troubles) expect(trouble).to.have.property('code', 'OOM')
    await fleet.redis.config('SET', 'maxmemory', '0')
    expect(await word).to.have.nested.property('right._tag', 'Succeeded')
  }).timeout(30_000)

  it('should find the new primary behind an address whose old one keeps its sockets', async () => {
    const [old, next] = [await started(), await started()]
    const [first, second] = [new Redis(old.url), new Redis(next.url)]
    await proxied(old.url, async (url, { leadTo }) => {
      fleet = await fleetOn(url)
      fleet.emulator.operations.add(NAME, [{}, { polls: 60, done: true }])
      fleet.worker({ lockDuration: 500 })
      const tracker = fleet.tracker()
      const word = lastValueFrom(tracker.watch(NAME))
      await second.call('REPLICAOF', '127.0.0.1', new URL(old.url).port)
      while (!/master_link_status:up/.test(await second.info('replication')));
      await second.call('REPLICAOF', 'NO', 'ONE')
      leadTo(next.url)
      await first.call('REPLICAOF', '127.0.0.1', new URL(next.url).port)
      expect(await tracker.track('operations/cp.2')).to.have.property('_tag', 'Right')
      expect(await word).to.have.nested.property('right._tag', 'Succeeded')
    })
    first.disconnect()
    second.disconnect()
  }).timeout(40_000)
})
