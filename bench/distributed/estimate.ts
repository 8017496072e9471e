import { loadOurs } from '../ours.ts'
import { formatNumber } from '../table.ts'
import type { Throughput } from './throughput.ts'

const OPERATIONS = 1_000_000
const POLLS_PER_SECOND = OPERATIONS / 60
const BATCH = 100

/** The planned share of a thread. The rest is for peaks. */
const PLANNED = 0.7

/** Estimates what a fleet needs to poll a million operations once a minute, and shows the arithmetic. */
export async function estimateText(throughputs: readonly Throughput[], redisBytes: number): Promise<string> {
  const { service } = await loadOurs()
  const { readQuota } = service('cloudresourcemanager').service
  const [single, batched] = (['single', 'batched'] as const).map((requests) => {
    const row = throughputs.find((throughput) => throughput.workers === 1 && throughput.requests === requests)
    if (row === undefined || readQuota === undefined) throw new Error(`no figures for ${requests} requests`)
    return row
  })
  return [
    `If each of a million operations is polled once a minute, a fleet sends 1,000,000 / 60 = ${formatNumber(POLLS_PER_SECOND, 0)} polls a second. The CPU times are those
of one worker with https requests. A worker and a Redis each have one thread, of which ${100 * PLANNED} % are planned:`,
    '',
    `- **Workers**: ${threads(single?.workerMicros, 'workers')}.`,
    `- **Workers that poll in batches**: ${threads(batched?.workerMicros, 'workers')}.`,
    `- **Redis**: ${threads(single?.redisMicros, 'servers')}. A queue is on one server, so several servers need several fleets.`,
    `- **Requests**: ${formatNumber(POLLS_PER_SECOND, 0)} a second, or ${formatNumber(POLLS_PER_SECOND, 0)} / ${BATCH} = ${formatNumber(POLLS_PER_SECOND / BATCH, 0)} in full batches.`,
    `- **Quota**: ${formatNumber(OPERATIONS, 0)} reads a minute, also in batches. The documented quota of Resource Manager is ${formatNumber(readQuota, 0)}, so ${formatNumber(OPERATIONS, 0)} / ${formatNumber(readQuota, 0)} =
  ${formatNumber(OPERATIONS / (readQuota ?? Number.NaN), 0)} times this quota is needed. With this quota, each operation can be polled once in ${formatNumber(OPERATIONS / (readQuota ?? Number.NaN) / 60, 0)} hours.`,
    `- **Memory of Redis**: ${formatNumber(OPERATIONS, 0)} × ${formatNumber(redisBytes, 0)} bytes = ${formatNumber((OPERATIONS * redisBytes) / 1e9, 1)} GB.`,
    '',
    `If a million operations start each minute, multiply the polls by the polls of one operation, which LAG.md lists for each schedule.`,
  ].join('\n')
}

/** Returns how many threads execute all polls. */
function threads(micros = Number.NaN, unit: string): string {
  const cores = (POLLS_PER_SECOND * micros) / 1e6
  const count = Math.ceil(cores / PLANNED)
  return `${formatNumber(POLLS_PER_SECOND, 0)} × ${formatNumber(micros, 0)} µs = ${formatNumber(cores, 1)} cores; ${formatNumber(cores, 1)} / ${PLANNED} = ${count} ${unit}`
}
