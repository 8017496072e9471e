import { startChild } from '../child.ts'
import type { Part, PartOptions } from '../part.ts'
import { type Quartiles, quartiles } from '../quantile.ts'
import { startServer } from '../server-process.ts'
import { spread, table } from '../table.ts'
import type { TelemetryRequest } from './client.ts'
import { LISTENERS, type Listener } from './listener.ts'

/** The events of a poll: its start, its end, and the acquired request of the rate limit. */
const EVENTS_OF_A_POLL = 3

const TITLES: Readonly<Record<Listener, string>> = {
  none: 'none',
  api: '`instrument()` without an SDK',
  sdk: '`instrument()` with metrics and spans of all polls',
}

/** Measures the cost of diagnostics with and without a subscriber. */
export async function telemetry({ quick, onProgress }: PartOptions): Promise<Part> {
  const { rounds, warmUp, polls } = quick
    ? { rounds: 3, warmUp: 1, polls: 300 }
    : { rounds: 21, warmUp: 3, polls: 800 }
  const server = await startServer()
  const child = startChild('./telemetry/client.js', [server.endpoint])
  const measure = (request: TelemetryRequest): Promise<number> => child.request(request)
  try {
    const micros: Readonly<Record<Listener, number[]>> = { none: [], api: [], sdk: [] }
    const nanos: number[] = []
    for (let n = 0; n < warmUp + rounds; n += 1) {
      const rotated = LISTENERS.map((_, index) => LISTENERS[(index + n) % LISTENERS.length] ?? 'none')
      for (const listener of n % 2 === 0 ? rotated : rotated.reverse()) {
        const cost = await measure({ _tag: 'Polls', listener, before: 200, polls })
        if (n >= warmUp) micros[listener].push(cost)
      }
      const nanosOfEvent = await measure({ _tag: 'Events', events: 1_000_000 })
      if (n >= warmUp) nanos.push(nanosOfEvent)
      onProgress(`telemetry: round ${n + 1} of ${warmUp + rounds}`)
    }
    const times = (listener: Listener): Quartiles =>
      quartiles(micros[listener].map((cost, n) => cost / (micros.none[n] ?? Number.NaN)))
    const event = quartiles(nanos)
    const share = (EVENTS_OF_A_POLL * event.median) / (quartiles(micros.none).median * 1_000)
    const rows = LISTENERS.map((listener) => [
      TITLES[listener],
      spread(quartiles(micros[listener]), 0),
      spread(times(listener), 3),
    ])
    return {
      title: 'Telemetry',
      text: `The table shows the CPU time of the client process for one poll: medians of ${rounds} rounds of ${polls} polls, with quartiles in parentheses. All
variants run in each round, in one process. Ratios are calculated within a round. The exporter discards its spans. An event without a subscriber
takes ${spread(event, 1)} nanoseconds, and a poll publishes ${EVENTS_OF_A_POLL} events.

${table([['subscriber', 'CPU microseconds', 'ratio to none'], ...rows])}`,
      bars: [
        {
          what: 'events without a subscriber: share of the CPU time of a poll',
          limit: 1_000,
          figure: share * 1e6,
          unit: 'millionths',
        },
      ],
      record: { rounds, pollsOfRound: polls, micros, nanosOfEvent: nanos },
    }
  } finally {
    child.kill()
    server.kill()
  }
}
