import { type Child, startChild } from '../child.ts'
import type { Counts } from '../server.ts'
import { type Server, startServer } from '../server-process.ts'
import type { ClientRequest, Kind, Memory, Started, Timing } from './client.ts'

/** The measurements of one number of watches in one process, in milliseconds and bytes. */
export interface Scale extends Memory {
  readonly kind: Kind
  readonly size: number
  /** The time from the start of all names at once to the first snapshot of the last name. */
  readonly ramp: number
  /** Absent if it was not measured. */
  readonly steady?: Timing & Pick<Counts, 'polls' | 'batches' | 'names' | 'lateness'>
}

export interface ScaleOptions {
  readonly sizes: readonly number[]
  readonly kinds: readonly Kind[]
  /** The poll interval, the period of the starts, and the duration of the measurement, in milliseconds. */
  readonly interval: number
}

/** An interval longer than the measurement, which prevents second polls. */
const NO_SECOND_POLL = 3_600_000

/** Measures each size with each kind, one after the other, each in its own processes. */
export async function measureScale(
  { sizes, kinds, interval }: ScaleOptions,
  onStep: (step: string) => void,
): Promise<readonly Scale[]> {
  const scales: Scale[] = []
  for (const size of sizes) {
    for (const kind of kinds) {
      onStep(`${size} with ${kind}: memory`)
      const [{ took: ramp }, memory] = await inProcess(kind, size, async (request) => {
        const started = await request<Started>({ _tag: 'Start', over: 0, interval: NO_SECOND_POLL })
        return [started, await request<Memory>({ _tag: 'Memory' })] as const
      })
      onStep(`${size} with ${kind}: steady state`)
      const steady = await inProcess(kind, size, async (request, server) => {
        await request<Started>({ _tag: 'Start', over: interval, interval })
        await server.startCounting(interval)
        const timing = await request<Timing>({ _tag: 'Timing', milliseconds: interval })
        const { polls, batches, names, lateness } = await server.counts()
        return { ...timing, polls, batches, names, lateness }
      })
      scales.push({ kind, size, ramp, ...memory, steady })
    }
  }
  return scales
}

async function inProcess<A>(
  kind: Kind,
  size: number,
  act: (request: <B>(request: ClientRequest) => Promise<B>, server: Server) => Promise<A>,
): Promise<A> {
  const server = await startServer()
  const client: Child = startChild(
    './scale/client.js',
    [kind, String(size), server.endpoint],
    ['--expose-gc'],
  )
  try {
    return await act(client.request, server)
  } finally {
    client.kill()
    server.kill()
  }
}
