import { startChild } from '../child.ts'
import { CONCURRENCY } from '../cost/contender.ts'
import type { ContenderName } from '../cost/contenders.ts'
import type { Part, PartOptions } from '../part.ts'
import { quartiles } from '../quantile.ts'
import { measureRounds, ratiosTo } from '../rounds.ts'
import { startServer, TRUST } from '../server-process.ts'
import { formatNumber, spread, table } from '../table.ts'

type TlsName = Exclude<ContenderName, 'adapter' | 'anonymous'>

/** The names of the contenders over TLS, in the order of the table. */
const TLS_NAMES: readonly TlsName[] = ['http', 'axios', 'get', 'watch', 'batch', 'googleapis', 'gax']

const TITLES: Readonly<Record<TlsName, string>> = {
  http: 'bare node:https',
  axios: 'axios, an instance',
  get: 'rx-longrunning: get',
  watch: 'rx-longrunning: watch',
  batch: 'rx-longrunning: watch, in batches of 100',
  googleapis: '@googleapis/cloudresourcemanager: operations.get',
  gax: 'google-gax over REST: getOperation',
}

/** Measures the CPU time of a client process for a poll over TLS. */
export async function tls({ quick, onProgress }: PartOptions): Promise<Part> {
  const server = await startServer('https')
  const children = new Map(
    TLS_NAMES.map((name) => [name, startChild('./cost/client.js', [name, server.endpoint], [], TRUST)]),
  )
  const options = quick ? { rounds: 3, maxWarmUp: 1 } : { rounds: 21, maxWarmUp: 10 }
  const round = quick ? { before: 200, polls: 300 } : { before: 1_000, polls: 2_000 }
  try {
    const measured = await measureRounds(
      TLS_NAMES,
      options,
      async (name) => {
        await server.startCounting(0)
        const micros = await children.get(name)?.request<number>(round)
        const { polls, batches, connections } = await server.counts()
        if (micros === undefined || batches > 0 !== (name === 'batch'))
          throw new Error(`${name}: the server received ${polls} polls in ${batches} batches`)
        // At the end of a round, a watch aborts its request in flight, which closes the connection.
        if (connections > CONCURRENCY) throw new Error(`${name} opened ${connections} connections in a round`)
        return micros
      },
      (done, total) => onProgress(`tls: round ${done} of ${total}`),
    )
    const [timesHttps, timesGoogleapis] = [ratiosTo(measured, 'http'), ratiosTo(measured, 'googleapis')]
    const rows = TLS_NAMES.map((name) => [
      TITLES[name],
      spread(quartiles(measured.values[name]), 0),
      ...[timesHttps, timesGoogleapis].map((ratio) => spread(ratio[name], 2)),
    ])
    return {
      title: 'Cost of a poll over TLS',
      text: `This is the same measurement as "Cost of a poll", but over https. All clients keep their connections open. Each figure is the median of
${measured.rounds} rounds of ${formatNumber(round.polls, 0)} polls, with quartiles in parentheses. The first ${measured.warmUp} rounds are not measured. They end when two successive rounds of each
client have agreed within 5 %, after at most ${options.maxWarmUp} rounds. The ${formatNumber(round.before, 0)} polls before the
measurement of each round include the handshakes of new connections.

${table([['client', 'CPU microseconds', 'ratio to node:https', 'ratio to @googleapis'], ...rows])}`,
      bars: [
        { what: 'over TLS, watch: ratio to bare node:https', limit: 2.6, figure: timesHttps.watch.median },
        { what: 'over TLS, watch: ratio to @googleapis', limit: 0.65, figure: timesGoogleapis.watch.median },
      ].map((bar) => ({ unit: 'times', ...bar })),
      record: { ...measured, timesHttps, timesGoogleapis },
    }
  } finally {
    for (const child of children.values()) child.kill()
    server.kill()
  }
}
