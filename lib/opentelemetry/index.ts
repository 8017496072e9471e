/**
 * Spans and metrics of OpenTelemetry for watches and polls.
 *
 * @module rx-longrunning/opentelemetry
 */

export { type InstrumentOptions, instrument } from './instrument.js'
