import type { Bar } from '../bar.ts'
import type { Part, Running } from '../part.ts'
import type { Quartiles } from '../quantile.ts'
import { startServer } from '../server-process.ts'
import { shown, table } from '../table.ts'
import { CONCURRENCY } from './contender.ts'
import { CONTENDER_NAMES, type ContenderName } from './contenders.ts'
import { type Costs, measureCosts } from './measure.ts'

const TITLES: Readonly<Record<ContenderName, string>> = {
  http: 'bare node:http',
  axios: 'bare axios',
  get: 'ours: get',
  watch: 'ours: watch',
  anonymous: 'ours: watch, without credentials',
  batch: 'ours: watch, in batches of 100',
  googleapis: '@googleapis/cloudresourcemanager: operations.get',
  gax: 'google-gax over REST: getOperation',
}

/** What the process of a client spends on a poll. */
export async function cost({ quick, tell }: Running): Promise<Part> {
  const server = await startServer()
  try {
    const options = quick
      ? { rounds: 3, warmUp: 1, round: { before: 200, polls: 300 } }
      : { rounds: 21, warmUp: 3, round: { before: 200, polls: 800 } }
    const found = await measureCosts(server, options, (done, of) => tell(`cost: round ${done} of ${of}`))
    return { title: 'Cost of a poll', text: textOf(found), bars: barsOf(found), record: found }
  } finally {
    server.end()
  }
}

function barsOf({ costs }: Costs): readonly Bar[] {
  const ratio = { unit: 'times' }
  return [
    { ...ratio, what: 'watch, to bare axios', limit: 1.25, figure: costs.watch?.timesAxios.median },
    {
      ...ratio,
      what: 'watch, to @googleapis',
      limit: 0.95,
      figure: costs.watch?.timesGoogleapis.median,
    },
    {
      ...ratio,
      what: 'an operation of a batch of 100, to bare axios',
      limit: 0.15,
      figure: costs.batch?.timesAxios.median,
    },
  ]
}

function textOf({ rounds, pollsOfRound, costs, refused }: Costs): string {
  const rows = CONTENDER_NAMES.map((name) => {
    const found = costs[name]
    if (found === undefined) return [TITLES[name], refused[name] ?? 'not measured']
    const { micros, timesAxios, timesGoogleapis } = found
    return [TITLES[name], spread(micros, 0), spread(timesAxios, 3), spread(timesGoogleapis, 3)]
  })
  return `CPU time of the client process for a poll, user and system together: medians of ${rounds} rounds of
${pollsOfRound.toLocaleString('en-US')} polls each, quartiles in brackets; ratios are those within a round. All take their turn in each round,
each in a process of its own; each has ${CONCURRENCY} polls under way or, of a watch, waiting the millisecond that is the shortest
wait there is. All send the same credential, which all but the two bare ones are handed by google-auth-library. The
server is another process on this machine, over http, and sends all the same answers.

${table([['client', 'CPU microseconds', 'to bare axios', 'to @googleapis'], ...rows])}`
}

function spread({ median, lower, upper }: Quartiles, decimals: number): string {
  return `${shown(median, decimals)} (${shown(lower, decimals)}-${shown(upper, decimals)})`
}
