import { setTimeout as pause } from 'node:timers/promises'
import { startChild } from '../child.ts'
import { startServer } from '../server-process.ts'

/** More names than a budget allows for: each would be polled a second after its answer. */
export interface Short {
  readonly names: number
  /** Polls a second. */
  readonly rate: number
  readonly batch: boolean
}

/** What came of it; milliseconds from one poll of a name to the next, as the server saw them. */
export interface Shortage extends Short {
  readonly polls: number
  readonly seconds: number
  readonly gapMedian: number
  readonly gapWorst: number
  /** The worst gap, as many times as names / rate. */
  readonly times: number
}

/** Polls for so many seconds, from the first poll on. */
export async function measureShortage(short: Short, seconds: number): Promise<Shortage> {
  const server = await startServer()
  const client = startChild('./scale/short-client.js')
  try {
    await server.count(0)
    await client.ask({ ...short, endpoint: server.endpoint })
    await pause(seconds * 1_000)
    const { polls, names, gap } = await server.counted()
    if (names !== short.names) throw new Error(`${names} names were polled`)
    const times = gap.worst / ((short.names / short.rate) * 1_000)
    return { ...short, polls, seconds, gapMedian: gap.median, gapWorst: gap.worst, times }
  } finally {
    client.end()
    server.end()
  }
}
