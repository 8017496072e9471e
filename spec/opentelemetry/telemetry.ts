import { type Attributes, context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  type ReadableSpan,
  type Sampler,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base'
import { type InstrumentOptions, instrument } from '../../lib/opentelemetry/index.js'

/** One series of a metric, its histogram as the values' count and sum. */
interface Series {
  readonly attributes: Attributes
  readonly value: number | { readonly count: number; readonly sum: number }
}

/** What a program's OpenTelemetry SDK has got. */
export interface Telemetry {
  readonly tracerProvider: BasicTracerProvider
  readonly spans: () => readonly ReadableSpan[]
  readonly metric: (name: string) => Promise<readonly Series[]>
  /** Stops what was instrumented. */
  readonly stop: () => void
}

/** Runs a body with an SDK of its own, whose exporters keep what they get, and ends all of it. */
export const withTelemetry = async (
  body: (telemetry: Telemetry) => unknown,
  { sampler, ...options }: InstrumentOptions & { readonly sampler?: Sampler } = {},
): Promise<void> => {
  const exporter = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(sampler && { sampler }),
  })
  const metrics = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: metrics, exportIntervalMillis: 2 ** 30 })],
  })
  const metric = async (name: string): Promise<readonly Series[]> => {
    metrics.reset()
    await meterProvider.forceFlush()
    return metrics
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) =>
        dataPoints.map(({ attributes, value }) => ({
          attributes,
          value: typeof value === 'number' ? value : { count: value.count, sum: Number(Object(value).sum) },
        })),
      )
  }
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const stop = instrument({ tracerProvider, meterProvider, ...options })
  try {
    await body({ tracerProvider, spans: () => exporter.getFinishedSpans(), metric, stop })
  } finally {
    stop()
    context.disable()
    await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()])
  }
}
