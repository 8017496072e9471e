import { type Attributes, context } from '@opentelemetry/api'
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks'
import {
  AggregationTemporality,
  type DataPoint,
  type Histogram,
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

/** A time series of a metric. For a histogram, `value` has only the count and the sum. */
interface Series {
  readonly attributes: Attributes
  readonly value: number | { readonly count: number; readonly sum: number }
}

/** The spans and metrics that an OpenTelemetry SDK has recorded. */
export interface Telemetry {
  readonly tracerProvider: BasicTracerProvider
  /** Returns the spans that have ended. */
  readonly spans: () => readonly ReadableSpan[]
  /** Resolves with all series of a metric. */
  readonly metric: (name: string) => Promise<readonly Series[]>
  /**
   * Resolves with the upper bounds of the histogram buckets that are not empty. The bound of the last bucket is
   * Infinity.
   */
  readonly filledBuckets: (name: string) => Promise<readonly number[]>
  /** Stops the instrumentation. */
  readonly stop: () => void
}

/** Runs `body` with an OpenTelemetry SDK that stores its data in memory, and then shuts the SDK down. */
export async function withTelemetry(
  body: (telemetry: Telemetry) => unknown,
  { sampler, ...options }: InstrumentOptions & { readonly sampler?: Sampler } = {},
): Promise<void> {
  const spanExporter = new InMemorySpanExporter()
  const tracerProvider = new BasicTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(spanExporter)],
    ...(sampler && { sampler }),
  })
  const metricExporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const meterProvider = new MeterProvider({
    readers: [new PeriodicExportingMetricReader({ exporter: metricExporter, exportIntervalMillis: 2 ** 30 })],
  })
  const pointsOf = async (name: string) => {
    metricExporter.reset()
    await meterProvider.forceFlush()
    return metricExporter
      .getMetrics()
      .flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
      .filter(({ descriptor }) => descriptor.name === name)
      .flatMap(({ dataPoints }) => dataPoints as DataPoint<number | Histogram>[])
  }
  const metric = async (name: string): Promise<readonly Series[]> =>
    (await pointsOf(name)).map(({ attributes, value }) => ({
      attributes,
      value: typeof value === 'number' ? value : { count: value.count, sum: Number(value.sum) },
    }))
  const filledBuckets = async (name: string): Promise<readonly number[]> =>
    (await pointsOf(name)).flatMap(({ value }) => {
      if (typeof value === 'number') return []
      const { boundaries, counts } = value.buckets
      return counts.flatMap((count, index) =>
        count > 0 ? [boundaries[index] ?? Number.POSITIVE_INFINITY] : [],
      )
    })
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable())
  const stop = instrument({ tracerProvider, meterProvider, ...options })
  try {
    await body({ tracerProvider, spans: () => spanExporter.getFinishedSpans(), metric, filledBuckets, stop })
  } finally {
    stop()
    context.disable()
    await Promise.all([tracerProvider.shutdown(), meterProvider.shutdown()])
  }
}
