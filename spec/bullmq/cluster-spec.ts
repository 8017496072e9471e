import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { Cluster, Redis } from 'ioredis'
import { lastValueFrom, toArray } from 'rxjs'
import { constant } from '../../lib/index.js'
import { type Fleet, fleetOn } from './fleet.js'
import { freePort, type RedisServer, startRedis } from './redis.js'
import { withRedisServer } from './redis-suite.js'

const PASSWORD = 'S3CRET'
const SLOT_RANGES = [
  [0, 5_460],
  [5_461, 10_922],
  [10_923, 16_383],
] as const

/** Creates a cluster of three servers with a password. Each server has a third of the slots. */
async function createCluster(servers: readonly RedisServer[], busPorts: readonly number[]): Promise<void> {
  const clients = servers.map(({ url }) => new Redis(url))
  const [first] = clients
  const ports = servers.map(({ url }) => new URL(url).port)
  for (const [index, client] of clients.entries()) {
    await client.call('CLUSTER', 'ADDSLOTSRANGE', ...(SLOT_RANGES[index] ?? []))
    if (index > 0) await first?.call('CLUSTER', 'MEET', '127.0.0.1', `${ports[index]}`, `${busPorts[index]}`)
  }
  for (const client of clients)
    while (!/cluster_state:ok/.test(`${await client.call('CLUSTER', 'INFO')}`)) await setTimeout(20)
  for (const client of clients) {
    await client.config('SET', 'masterauth', PASSWORD)
    await client.config('SET', 'requirepass', PASSWORD)
    client.disconnect()
  }
}

withRedisServer('bullmq on a cluster of Redis', () => {
  const servers: RedisServer[] = []
  let fleet: Fleet
  let cluster: Cluster
  before(async function () {
    this.timeout(40_000)
    const busPorts = [await freePort(), await freePort(), await freePort()]
    for (const busPort of busPorts)
      servers.push(
        await startRedis({ redisArguments: ['--cluster-enabled', 'yes', '--cluster-port', `${busPort}`] }),
      )
    await createCluster(servers, busPorts)
    fleet = await fleetOn(servers[0]?.url ?? '')
    cluster = new Cluster(
      servers.map(({ url }) => url),
      { redisOptions: { password: PASSWORD } },
    )
  })
  after(async () => {
    await fleet[Symbol.asyncDispose]()
    cluster.disconnect()
    for (const server of servers) await server.stop()
  })

  it('should track and poll operations as on a single server, because all keys of a queue are in one slot', async () => {
    const clusterOptions = { connection: cluster, prefix: undefined }
    const worker = fleet.worker(clusterOptions)
    const tracker = fleet.tracker(clusterOptions)
    const names = Array.from({ length: 20 }, (_, index) => `operations/cp.${index}`)
    for (const name of names) fleet.emulator.operations.add(name, [{}, { polls: 3, done: true }])
    const results = await Promise.all(names.map((name) => lastValueFrom(tracker.watch(name).pipe(toArray()))))
    for (const [index, emissions] of results.entries())
      expect(emissions.at(-1), names[index]).to.have.nested.property('right._tag', 'Succeeded')
    expect(await tracker.stats()).to.include({ completed: 20, failed: 0, workers: 1 })
    const startedAt = performance.now()
    await Promise.all([worker.close(), tracker.close()])
    expect(performance.now() - startedAt).to.be.below(2_000)
    expect(cluster.status).to.equal('ready')
  }).timeout(20_000)

  it('should poll and watch if the options of the cluster contradict BullMQ', async () => {
    const contradicting = new Cluster(
      servers.map(({ url }) => url),
      {
        clusterRetryStrategy: () => null,
        enableAutoPipelining: true,
        enableOfflineQueue: false,
        lazyConnect: true,
        scaleReads: 'slave',
        shardedSubscribers: true,
        redisOptions: { password: PASSWORD, commandTimeout: 1, stringNumbers: true, replyMapping: 'resp3' },
      },
    )
    const shared = { connection: contradicting, prefix: undefined }
    const name = 'operations/contradicting'
    fleet.emulator.operations.add(name, [{}, { polls: 4, done: true }])
    const worker = fleet.worker({ ...shared, schedule: constant({ interval: 1_200 }) })
    const tracker = fleet.tracker(shared)
    const emissions = await lastValueFrom(tracker.watch(name).pipe(toArray()))
    expect(emissions).to.have.length(4)
    await Promise.all([worker.close(), tracker.close()])
    // The fleet uses a duplicate, so the client of the caller has not connected.
    expect(contradicting.status).to.equal('wait')
  }).timeout(20_000)
})
