import { startChild } from '../child.ts'
import type { Part, Running } from '../part.ts'
import { type Quartiles, quartiles } from '../quantile.ts'
import { startServer } from '../server-process.ts'
import { shown, table } from '../table.ts'
import type { Question } from './client.ts'
import { LISTENERS, type Listener } from './listener.ts'

/** Of a poll: its start, its end, and the budget that it spends. */
const EVENTS_OF_A_POLL = 3

const TITLES: Readonly<Record<Listener, string>> = {
  nobody: 'nobody listens',
  api: '`instrument()`, no SDK',
  sdk: '`instrument()`, with spans of all polls and metrics',
}

/** What it costs to tell of polls, and to be heard. */
export async function telemetry({ quick, tell }: Running): Promise<Part> {
  const { rounds, warmUp, polls } = quick
    ? { rounds: 3, warmUp: 1, polls: 300 }
    : { rounds: 21, warmUp: 3, polls: 800 }
  const server = await startServer()
  const child = startChild('./telemetry/client.js', [server.endpoint])
  try {
    const micros: Readonly<Record<Listener, number[]>> = { nobody: [], api: [], sdk: [] }
    const nanos: number[] = []
    for (let n = 0; n < warmUp + rounds; n += 1) {
      const turn = LISTENERS.map((_, place) => LISTENERS[(place + n) % LISTENERS.length] ?? 'nobody')
      for (const listener of n % 2 === 0 ? turn : turn.reverse()) {
        const cost = await child.ask<number>({
          _tag: 'Polls',
          listener,
          before: 200,
          polls,
        } satisfies Question)
        if (n >= warmUp) micros[listener].push(cost)
      }
      const unheard = await child.ask<number>({ _tag: 'Unheard', events: 1_000_000 } satisfies Question)
      if (n >= warmUp) nanos.push(unheard)
      tell(`telemetry: round ${n + 1} of ${warmUp + rounds}`)
    }
    const times = (listener: Listener): Quartiles =>
      quartiles(micros[listener].map((cost, n) => cost / (micros.nobody[n] ?? Number.NaN)))
    const silent = quartiles(micros.nobody)
    const event = quartiles(nanos)
    const share = (EVENTS_OF_A_POLL * event.median) / (silent.median * 1_000)
    const rows = LISTENERS.map((listener) => [
      TITLES[listener],
      spread(quartiles(micros[listener]), 0),
      spread(times(listener), 3),
    ])
    return {
      title: 'Telemetry',
      text: `CPU time of the client process for a poll: medians of ${rounds} rounds of ${polls} polls each, quartiles in brackets; all take their turn
in each round, in one process, and ratios are those within a round. The exporter throws its spans away. An event that nobody
hears takes ${spread(event, 1)} nanoseconds; a poll has ${EVENTS_OF_A_POLL} of them.

${table([['who listens', 'CPU microseconds', 'to nobody'], ...rows])}`,
      bars: [
        {
          what: 'telling of a poll that nobody hears, of its CPU time',
          limit: 1_000,
          figure: share * 1e6,
          unit: 'millionths',
        },
      ],
      record: { rounds, pollsOfRound: polls, micros, nanosOfEvent: nanos },
    }
  } finally {
    child.end()
    server.end()
  }
}

function spread({ median, lower, upper }: Quartiles, decimals: number): string {
  return `${shown(median, decimals)} (${shown(lower, decimals)}-${shown(upper, decimals)})`
}
