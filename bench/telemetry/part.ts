import { startChild } from '../child.ts'
import type { Part, PartOptions } from '../part.ts'
import { quartiles } from '../quantile.ts'
import { measureRounds, ratiosTo } from '../rounds.ts'
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
  const options = quick ? { rounds: 3, maxWarmUp: 1 } : { rounds: 21, maxWarmUp: 10 }
  const polls = quick ? 300 : 800
  const server = await startServer()
  const child = startChild('./telemetry/client.js', [server.endpoint])
  const measure = (request: TelemetryRequest): Promise<number> => child.request(request)
  try {
    const measured = await measureRounds(
      [...LISTENERS, 'event'],
      options,
      (name) =>
        name === 'event'
          ? measure({ _tag: 'Events', events: 1_000_000 })
          : measure({ _tag: 'Polls', listener: name, before: 200, polls }),
      (done, total) => onProgress(`telemetry: round ${done} of ${total}`),
    )
    const { values, rounds, warmUp } = measured
    const times = ratiosTo(measured, 'none')
    const event = quartiles(values.event)
    const share = (EVENTS_OF_A_POLL * event.median) / (quartiles(values.none).median * 1_000)
    const rows = LISTENERS.map((listener) => [
      TITLES[listener],
      spread(quartiles(values[listener]), 0),
      spread(times[listener], 3),
    ])
    return {
      title: 'Telemetry',
      text: `The table shows the CPU time of the client process for one poll: medians of ${rounds} rounds of ${polls} polls, with quartiles in parentheses. All
variants run in each round, in one process. The first ${warmUp} rounds are not measured. Ratios are calculated within a round. The exporter discards its spans. An event without a subscriber
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
      record: { pollsOfRound: polls, ...measured },
    }
  } finally {
    child.kill()
    server.kill()
  }
}
