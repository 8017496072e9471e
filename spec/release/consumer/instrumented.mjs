// Instruments a watch, and prints the names of the spans and metrics that a fake OpenTelemetry SDK receives.
import { metrics, trace } from '@opentelemetry/api'
import { watchOperation } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { instrument } from 'rx-longrunning/opentelemetry'
import { lastValueFrom } from 'rxjs'

const recorded = new Set()
const startSpan = (name) => ({
  end: () => recorded.add(name),
  isRecording: () => true,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  setStatus: () => undefined,
  spanContext: () => ({ traceId: '', spanId: '', traceFlags: 1 }),
})
const instrumentOf = (name) => ({ add: () => recorded.add(name), record: () => recorded.add(name) })
const meter = {
  createCounter: instrumentOf,
  createHistogram: instrumentOf,
  createUpDownCounter: instrumentOf,
}
trace.setGlobalTracerProvider({ getTracer: () => ({ startSpan }) })
metrics.setGlobalMeterProvider({ getMeter: () => meter })

const emulator = await startEmulator({ resourceManager: false })
emulator.operations.add('operations/good', [{}, { polls: 2, done: true }])
const stop = instrument()
await lastValueFrom(watchOperation('operations/good', { endpoint: emulator.endpoint }))
stop()
await emulator.close()
console.log([...recorded].sort().join(' '))
