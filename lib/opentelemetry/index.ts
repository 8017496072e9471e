/**
 * Spans and metrics of watches and polls, for OpenTelemetry.
 *
 * @module rx-longrunning/opentelemetry
 */

export { type InstrumentOptions, instrument } from './instrument.js'
