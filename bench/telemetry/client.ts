// Polls for a round as somebody listens, and says what a poll cost; or what it costs to tell when nobody does.
import { fileURLToPath } from 'node:url'
import { metrics } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { build } from 'esbuild'
import { answering } from '../child.ts'
import { oursWatch } from '../cost/ours.ts'
import type { Listener } from './listener.ts'

/** A round of polls, some before those that are measured; or so many events that nobody hears. */
export type Question =
  | { readonly _tag: 'Polls'; readonly listener: Listener; readonly before: number; readonly polls: number }
  | { readonly _tag: 'Unheard'; readonly events: number }

/** Keeps what is measured, as an SDK does between two exports. */
class Idle extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const { instrument }: typeof import('../../lib/opentelemetry/index.ts') = await import(
  new URL('../../../dist/opentelemetry/index.js', import.meta.url).href
)
// What is published has no door to the channels, so they are built by themselves.
const { outputFiles } = await build({
  entryPoints: [fileURLToPath(new URL('../../../lib/watch/diagnostics.ts', import.meta.url))],
  bundle: true,
  write: false,
  format: 'esm',
  platform: 'node',
})
const { diagnostics }: typeof import('../../lib/watch/diagnostics.ts') = await import(
  `data:text/javascript,${encodeURIComponent(outputFiles[0]?.text ?? '')}`
)
const [, , endpoint = ''] = process.argv
const watch = await oursWatch(endpoint)

const exporter = {
  export: (_spans: unknown, done: (result: { readonly code: 0 }) => void): void => done({ code: 0 }),
  shutdown: async (): Promise<void> => undefined,
}
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new BatchSpanProcessor(exporter)] })
const meterProvider = new MeterProvider({ readers: [new Idle()] })

/** Begins to listen, and answers how to stop. */
const LISTEN: Readonly<Record<Listener, () => () => void>> = {
  nobody: () => () => undefined,
  api: () => instrument({ meterProvider: metrics.getMeterProvider() }),
  sdk: () => instrument({ tracerProvider, meterProvider, pollSpans: 1_000_000 }),
}

/** Microseconds of this process for a poll. */
async function pollsOf(listener: Listener, before: number, polls: number): Promise<number> {
  const unlisten = LISTEN[listener]()
  let answers = 0
  let began: NodeJS.CpuUsage | undefined
  let going = { stop: async (): Promise<void> => undefined }
  const { user, system } = await new Promise<NodeJS.CpuUsage>((resolve) => {
    going = watch(() => {
      answers += 1
      if (answers === before) began = process.cpuUsage()
      if (answers === before + polls) resolve(process.cpuUsage(began))
    })
  })
  await going.stop()
  unlisten()
  return (user + system) / polls
}

/** Nanoseconds for an event, with the closure that would make it. */
function unheard(events: number): number {
  const began = process.hrtime.bigint()
  for (let n = 0; n < events; n += 1)
    diagnostics.pollEnd(() => ({ name: 'x', endpoint, attempt: n, elapsed: 0, took: 0, verdict: 'Running' }))
  return Number(process.hrtime.bigint() - began) / events
}

answering((question: Question) =>
  question._tag === 'Unheard'
    ? unheard(question.events)
    : pollsOf(question.listener, question.before, question.polls),
)
