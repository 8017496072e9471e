import { type Child, startChild } from '../child.ts'
import type { Counted } from '../server.ts'
import { type Server, startServer } from '../server-process.ts'
import type { Begun, Held, Kept, Kind, ToClient } from './client.ts'

/** What came of so many watches in one process; milliseconds and bytes. */
export interface Scale extends Held {
  readonly kind: Kind
  readonly size: number
  /** From the start of all at once to the first snapshot of the last. */
  readonly ramp: number
  /** Absent where it was not measured. */
  readonly steady?: Kept & Pick<Counted, 'polls' | 'batches' | 'names' | 'lateness'>
}

export interface ScaleOptions {
  readonly sizes: readonly number[]
  /** Milliseconds between the polls of a name, over which the starts are spread, and for which is measured. */
  readonly interval: number
}

/** Longer than any of this takes: nothing is polled twice. */
const NEVER = 3_600_000

/** Measures each size with each kind, one after another, each in processes of its own. */
export async function measureScale(
  { sizes, interval }: ScaleOptions,
  tell: (what: string) => void,
): Promise<readonly Scale[]> {
  const found: Scale[] = []
  for (const size of sizes) {
    for (const kind of ['watch', 'watchAll'] as const) {
      tell(`${size} by ${kind}: memory`)
      const [begun, held] = await inProcess(kind, size, async (ask) => {
        const begun = await ask<Begun>({ _tag: 'Start', over: 0, interval: NEVER })
        return [begun, await ask<Held>({ _tag: 'Hold' })] as const
      })
      tell(`${size} by ${kind}: steady state`)
      const steady = await inProcess(kind, size, async (ask, server) => {
        await ask<Begun>({ _tag: 'Start', over: interval, interval })
        await server.count(interval)
        const kept = await ask<Kept>({ _tag: 'Keep', milliseconds: interval })
        const { polls, batches, names, lateness } = await server.counted()
        if (names < size * 0.99)
          throw new Error(`of ${size} names ${names} were polled within ${interval} ms`)
        return { ...kept, polls, batches, names, lateness }
      })
      found.push({ kind, size, ramp: begun.took, ...held, steady })
    }
  }
  return found
}

async function inProcess<A>(
  kind: Kind,
  size: number,
  act: (ask: <B>(question: ToClient) => Promise<B>, server: Server) => Promise<A>,
): Promise<A> {
  const server = await startServer()
  const client: Child = startChild(
    './scale/client.js',
    [kind, String(size), server.endpoint],
    ['--expose-gc'],
  )
  try {
    return await act(client.ask, server)
  } finally {
    client.end()
    server.end()
  }
}
