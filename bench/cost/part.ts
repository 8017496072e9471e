import type { Bar } from '../bar.ts'
import type { Part, PartOptions } from '../part.ts'
import { startServer } from '../server-process.ts'
import { formatNumber, spread, table } from '../table.ts'
import { CONCURRENCY } from './contender.ts'
import { CONTENDER_NAMES, type ContenderName } from './contenders.ts'
import { type Costs, measureCosts } from './measure.ts'

const TITLES: Readonly<Record<ContenderName, string>> = {
  http: 'bare node:http',
  axios: 'axios, an instance',
  adapter: 'axios, only its adapter',
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
      ? { rounds: 3, maxWarmUp: 1, round: { before: 200, polls: 300 } }
      : { rounds: 21, maxWarmUp: 10, round: { before: 200, polls: 2_000 } }
    const costs = await measureCosts(server, options, (done, total) =>
      onProgress(`cost: round ${done} of ${total}`),
    )
    return { title: 'Cost of a poll', text: textOf(costs), bars: barsOf(costs), record: costs }
  } finally {
    server.kill()
  }
}

function barsOf({ costs: { watch, get, batch } }: Costs): readonly Bar[] {
  return [
    { what: 'watch: ratio to bare node:http', limit: 2.6, figure: watch?.timesHttp.median },
    { what: 'watch: ratio to @googleapis', limit: 0.65, figure: watch?.timesGoogleapis.median },
    { what: 'get: ratio to bare node:http', limit: 3.2, figure: get?.timesHttp.median },
    {
      what: 'operation in a batch of 100: ratio to an axios instance',
      limit: 0.15,
      figure: batch?.timesAxios.median,
    },
  ].map((bar) => ({ unit: 'times', ...bar }))
}

function textOf({ rounds, warmUp, pollsOfRound, costs, errors }: Costs): string {
  const rows = CONTENDER_NAMES.map((name) => {
    const cost = costs[name]
    if (cost === undefined) return [TITLES[name], errors[name] ?? 'not measured']
    const { micros, timesHttp, timesAxios, timesGoogleapis } = cost
    const ratios = [timesHttp, timesAxios, timesGoogleapis].map((ratio) => spread(ratio, 2))
    return [TITLES[name], spread(micros, 0), ...ratios]
  })
  return `The table shows the CPU time of the client process for one poll (user and system time). Each figure is the median of ${rounds} rounds of ${formatNumber(pollsOfRound, 0)}
polls, with quartiles in parentheses. Ratios are calculated within a round. In each round, all clients run one after the other, each in its own
process. The first ${warmUp} rounds are not measured. They end when two successive rounds of each client have agreed within 5 %, after at most
10 rounds. Each client has ${CONCURRENCY} operations, and polls each operation again after its response and a timer without a delay. All clients send the same credential, except in the row without a
credential. google-auth-library provides this credential, except for node:http and axios. The server is another process on the same machine. It
uses http, and sends the same responses to all clients.

${table([['client', 'CPU microseconds', 'ratio to node:http', 'ratio to an axios instance', 'ratio to @googleapis'], ...rows])}`
}
