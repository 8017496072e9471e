import { setTimeout } from 'node:timers/promises'
import type { Part, PartOptions } from '../part.ts'
import { quantile } from '../quantile.ts'
import { formatNumber } from '../table.ts'
import { estimateText } from './estimate.ts'
import { namesOf, trackAll, withFleet } from './fleet.ts'
import { LOADS, measureThroughput, REQUESTS, type Throughput, throughputText } from './throughput.ts'
import { watchEach } from './watchers.ts'

/** Measures throughput, CPU time, memory and latency. */
export async function capacity({ quick, onProgress }: PartOptions): Promise<Part> {
  const throughputs: Throughput[] = []
  for (const load of LOADS) {
    onProgress(`capacity: ${load.workers} workers, ${REQUESTS[load.requests]}`)
    throughputs.push(await measureThroughput(load, quick ? [500, 2] : [2_000, 8]))
  }
  onProgress('capacity: memory')
  const memory = await withFleet(async ({ redisClient, tracker, worker }) => {
    const total = quick ? 1_000 : 10_000
    const usedMemory = async (): Promise<number> =>
      Number(/used_memory:(\d+)/.exec(await redisClient.info('memory'))?.[1] ?? Number.NaN)
    const first = tracker()
    await first.stats()
    const memoryBefore = await usedMemory()
    const names = namesOf(total)
    await trackAll(first, names)
    const memoryAfterTrack = await usedMemory()
    await worker({ interval: 3_600_000, instant: true })
    const deadline = Date.now() + 120_000
    while ((await first.stats()).delayed < total && Date.now() < deadline) await setTimeout(200)
    const stream = (await redisClient.keys('{lro}:*:events'))[0] ?? ''
    const events = Number(await redisClient.call('MEMORY', 'USAGE', stream, 'SAMPLES', '0'))
    const memoryAfterPoll = await usedMemory()
    return {
      added: (memoryAfterTrack - memoryBefore) / total,
      polled: (memoryAfterPoll - memoryBefore - events) / total,
      events,
      many: total,
    }
  })
  onProgress('capacity: latency')
  const latencies = await withFleet(async ({ emulator, tracker, worker }) => {
    const names = namesOf(quick ? 100 : 500)
    for (const name of names)
      emulator.operations.add(name, [{}, { after: quick ? 4_000 : 15_000, done: true }])
    await Promise.all([worker({ interval: 2_000 }), worker({ interval: 2_000 })])
    const watches = watchEach(tracker(), names, emulator.endpoint)
    await watches.settled(60_000)
    // The first snapshot of each watch is ignored: the watch may have started after it.
    return watches.latencies.slice(names.length)
  })
  const [median, p99] = [quantile(latencies, 0.5), quantile(latencies, 0.99)]
  return {
    title: 'Capacity',
    text: `${throughputText(throughputs)}

Redis uses ${formatNumber(memory.added, 0)} bytes for each of ${formatNumber(memory.many, 0)} tracked operations, and ${formatNumber(memory.polled, 0)} bytes after the first poll.
The event stream has ${formatNumber(memory.events / 1_024, 0)} KiB; it is trimmed to about 1,000 entries.

Latency from the response in a worker to the emission of a watch in another process: p50 ${formatNumber(median, 0)} ms, p99 ${formatNumber(p99, 0)} ms
for ${formatNumber(latencies.length, 0)} snapshots at up to 250 a second.

${await estimateText(throughputs, memory.polled)}`,
    bars: [],
    record: { throughputs, memory, latency: { count: latencies.length, median, p99 } },
  }
}
