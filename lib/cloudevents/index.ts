/**
 * Hints for watches from CloudEvents of Eventarc, and from log entries in Pub/Sub.
 *
 * @module rx-longrunning/cloudevents
 */

export { hintsFor, type OperationHint, operationHint } from './operation-hint.js'
