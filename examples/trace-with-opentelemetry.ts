// Records OpenTelemetry spans for each watch and poll, and prints them.
import { BasicTracerProvider, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import { watchOperation } from 'rx-longrunning'
import { instrument } from 'rx-longrunning/opentelemetry'
import { lastValueFrom } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)

/** Prints spans. In your program, use the exporter of your SDK instead. */
const exporter = {
  export: (spans: ReadableSpan[], done: (result: { code: 0 }) => void): void => {
    for (const { name, attributes } of spans)
      console.log(name, attributes['error.type'] ?? `done: ${attributes['gcp.longrunning.done']}`)
    done({ code: 0 })
  },
  shutdown: async (): Promise<void> => undefined,
}
const tracerProvider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] })

const stop = instrument({ tracerProvider })
await lastValueFrom(watchOperation(name))
stop()
await tracerProvider.shutdown()
