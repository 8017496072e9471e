import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from '../child.ts'
import { startServer } from '../server-process.ts'

/** A test whose schedule needs more polls than the rate limit allows: one a second for each name. */
export interface RateLimited {
  readonly names: number
  /** Polls a second. */
  readonly rate: number
  readonly batch: boolean
}

/** The gaps between successive polls of a name in milliseconds, as measured by the server. */
export interface Gaps extends RateLimited {
  readonly polls: number
  readonly seconds: number
  readonly gapMedian: number
  readonly gapWorst: number
  /** The worst gap as a multiple of names / rate. */
  readonly times: number
}

/** Polls for the given number of seconds and measures the gaps. */
export async function measureGaps(test: RateLimited, seconds: number): Promise<Gaps> {
  const server = await startServer()
  const client = startChild('./scale/rate-limited-client.js')
  try {
    await server.startCounting(0)
    await client.request({ ...test, endpoint: server.endpoint })
    await pause(seconds * 1_000)
    const { polls, names, gap } = await server.counts()
    if (names !== test.names) throw new Error(`only ${names} of ${test.names} names were polled`)
    const times = gap.worst / ((test.names / test.rate) * 1_000)
    return { ...test, polls, seconds, gapMedian: gap.median, gapWorst: gap.worst, times }
  } finally {
    client.kill()
    server.kill()
  }
}
