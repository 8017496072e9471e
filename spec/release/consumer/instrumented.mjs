// A watch that OpenTelemetry is told of; what stands in the place of an SDK prints the names of what it was told.
import { metrics, trace } from '@opentelemetry/api'
import { watchOperation } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { instrument } from 'rx-longrunning/opentelemetry'
import { lastValueFrom } from 'rxjs'

const told = new Set()
const startSpan = (name) => ({
  end: () => told.add(name),
  isRecording: () => true,
  setAttribute: () => undefined,
  setAttributes: () => undefined,
  setStatus: () => undefined,
  spanContext: () => ({ traceId: '', spanId: '', traceFlags: 1 }),
})
const instrumentOf = (name) => ({ add: () => told.add(name), record: () => told.add(name) })
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
console.log([...told].sort().join(' '))
