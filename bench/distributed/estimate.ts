import { loadOurs } from '../ours.ts'
import { formatNumber } from '../table.ts'
import type { Throughput } from './throughput.ts'

const OPERATIONS = 1_000_000
const POLLS_PER_SECOND = OPERATIONS / 60
const BATCH = 100

/** The planned share of a thread. The rest is for peaks. */
const PLANNED = 0.7

/** Estimates the resources of a fleet that polls a million operations once a minute, and shows the arithmetic. */
export async function estimateText(throughputs: readonly Throughput[], redisBytes: number): Promise<string> {
  const { service } = await loadOurs()
  const { readQuota: quota } = service('cloudresourcemanager').service
  const [single, batched] = (['single', 'batched'] as const).map((requests) =>
    throughputs.find((row) => row.workers === 1 && row.requests === requests),
  )
  if (single === undefined || batched === undefined || quota === undefined) throw new Error('not measured')
  const [million, rate] = [whole(OPERATIONS), whole(POLLS_PER_SECOND)]
  return `If each of a million operations is polled once a minute, a fleet sends ${million} / 60 = ${rate} polls a second. The CPU times are
from the rows with one worker and https requests. A worker and a Redis each have one thread, of which ${100 * PLANNED} % are planned:

- **Workers**: ${threads(single.workerMicros)} workers.
- **Workers that poll in batches**: ${threads(batched.workerMicros)} workers.
- **Redis**: ${threads(single.redisMicros)} servers. A queue is on one server, so several servers serve several fleets.
- **Requests**: ${rate} a second, or ${rate} / ${BATCH} = ${whole(POLLS_PER_SECOND / BATCH)} in full batches.
- **Quota**: ${million} reads a minute, also in batches. The documented quota of Resource Manager is ${whole(quota)} reads a minute, so this is
  ${million} / ${whole(quota)} = ${whole(OPERATIONS / quota)} times the quota. Within the quota, each operation is polled once in ${whole(OPERATIONS / quota / 60)} hours.
- **Memory of Redis**: ${million} × ${whole(redisBytes)} bytes = ${formatNumber((OPERATIONS * redisBytes) / 1e9, 1)} GB.

If a million operations start each minute, multiply all figures except the memory by the polls of one operation. LAG.md lists them for each schedule.`
}

/** Returns the arithmetic for the number of threads that execute all polls. */
function threads(micros: number): string {
  const cores = (POLLS_PER_SECOND * micros) / 1e6
  const count = Math.ceil(cores / PLANNED)
  const coresText = formatNumber(cores, 1)
  return `${whole(POLLS_PER_SECOND)} × ${whole(micros)} µs = ${coresText} cores; ${coresText} / ${PLANNED} = ${whole(count)}`
}

function whole(value: number): string {
  return formatNumber(value, 0)
}
