import type { Bar } from '../bar.ts'
import type { Part, PartOptions } from '../part.ts'
import { startServer } from '../server-process.ts'
import { formatNumber, spread, table } from '../table.ts'
import { CONCURRENCY } from './contender.ts'
import { CONTENDER_NAMES, type ContenderName } from './contenders.ts'
import { type Costs, measureCosts } from './measure.ts'

const TITLES: Readonly<Record<ContenderName, string>> = {
  http: 'bare node:http',
  axios: 'bare axios',
  get: 'rx-longrunning: get',
  watch: 'rx-longrunning: watch',
  anonymous: 'rx-longrunning: watch, without a credential',
  batch: 'rx-longrunning: watch, in batches of 100',
  googleapis: '@googleapis/cloudresourcemanager: operations.get',
  gax: 'google-gax over REST: getOperation',
}

/** Measures the CPU time of a client process for a poll. */
export async function cost({ quick, onProgress }: PartOptions): Promise<Part> {
  const server = await startServer()
  try {
    const options = quick
      ? { rounds: 3, warmUp: 1, round: { before: 200, polls: 300 } }
      : { rounds: 21, warmUp: 3, round: { before: 200, polls: 800 } }
    const costs = await measureCosts(server, options, (done, total) =>
      onProgress(`cost: round ${done} of ${total}`),
    )
    return { title: 'Cost of a poll', text: textOf(costs), bars: barsOf(costs), record: costs }
  } finally {
    server.kill()
  }
}

function barsOf({ costs: { watch, batch } }: Costs): readonly Bar[] {
  return [
    { what: 'watch: ratio to bare axios', limit: 1.25, figure: watch?.timesAxios.median },
    { what: 'watch: ratio to @googleapis', limit: 0.95, figure: watch?.timesGoogleapis.median },
    {
      what: 'operation in a batch of 100: ratio to bare axios',
      limit: 0.15,
      figure: batch?.timesAxios.median,
    },
  ].map((bar) => ({ unit: 'times', ...bar }))
}

function textOf({ rounds, pollsOfRound, costs, errors }: Costs): string {
  const rows = CONTENDER_NAMES.map((name) => {
    const cost = costs[name]
    if (cost === undefined) return [TITLES[name], errors[name] ?? 'not measured']
    const { micros, timesAxios, timesGoogleapis } = cost
    return [TITLES[name], spread(micros, 0), spread(timesAxios, 3), spread(timesGoogleapis, 3)]
  })
  return `The table shows the CPU time of the client process for one poll (user and system time). Each figure is the median of ${rounds} rounds of ${formatNumber(pollsOfRound, 0)}
polls, with quartiles in parentheses. Ratios are calculated within a round. In each round, all clients run one after the other, each in its own
process. Each client has ${CONCURRENCY} polls in flight. A watch waits one millisecond between polls, the shortest possible wait. All clients send the same
credential, except in the row without a credential. google-auth-library provides this credential, except for the two bare clients. The server is another process on the
same machine. It uses http, and sends the same responses to all clients.

${table([['client', 'CPU microseconds', 'ratio to bare axios', 'ratio to @googleapis'], ...rows])}`
}
