// Measures the cost of polls with a subscriber, and of diagnostics events without a subscriber.
import { fileURLToPath } from 'node:url'
import { metrics } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { build } from 'esbuild'
import { respond } from '../child.ts'
import { oursWatch } from '../cost/ours.ts'
import { measureRound } from '../cost/round.ts'
import type { Listener } from './listener.ts'

/** Measures a round of polls, or events without a subscriber. `before` counts polls before the measurement starts. */
export type TelemetryRequest =
  | { readonly _tag: 'Polls'; readonly listener: Listener; readonly before: number; readonly polls: number }
  | { readonly _tag: 'Events'; readonly events: number }

/** A reader that never exports, like an SDK between two exports. */
class IdleReader extends MetricReader {
  protected override async onShutdown(): Promise<void> {}
  protected override async onForceFlush(): Promise<void> {}
}

const { instrument }: typeof import('../../lib/opentelemetry/index.ts') = await import(
  new URL('../../../dist/opentelemetry/index.js', import.meta.url).href
)
// The published package does not export the channels, so they are built here.
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
const meterProvider = new MeterProvider({ readers: [new IdleReader()] })

/** Functions that subscribe and return a function to unsubscribe. */
const SUBSCRIBE: Readonly<Record<Listener, () => () => void>> = {
  none: () => () => undefined,
  api: () => instrument({ meterProvider: metrics.getMeterProvider() }),
  sdk: () => instrument({ tracerProvider, meterProvider, pollSpans: 1_000_000 }),
}

/** Returns the CPU time of this process for a poll, in microseconds. */
async function measurePolls(listener: Listener, before: number, polls: number): Promise<number> {
  const unsubscribe = SUBSCRIBE[listener]()
  const micros = await measureRound(watch, { before, polls })
  unsubscribe()
  return micros
}

/** Returns the time of an event in nanoseconds, including the closure that would create it. */
function measureEvents(events: number): number {
  const startedAt = process.hrtime.bigint()
  for (let n = 0; n < events; n += 1)
    diagnostics.pollEnd(() => ({ name: 'x', endpoint, attempt: n, elapsed: 0, took: 0, verdict: 'Running' }))
  return Number(process.hrtime.bigint() - startedAt) / events
}

respond((request: TelemetryRequest) =>
  request._tag === 'Events'
    ? measureEvents(request.events)
    : measurePolls(request.listener, request.before, request.polls),
)
