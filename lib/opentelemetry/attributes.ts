import type { Attributes } from '@opentelemetry/api'
import { detailOf, type PollEnded, type PollStarted, type Status, type WatchEnded } from '../index.js'
import { errorTypeOf, statusOf } from './error-type.js'

/** The span name of a watch, and the value of its attribute `gcp.rpc.method`. */
export const WAIT_RPC = 'google.longrunning.Operations/Wait'
/** The span name of a poll, and the value of its attribute `rpc.method`. */
export const GET_RPC = 'google.longrunning.Operations/GetOperation'

/** Returns the host and port of an endpoint as attributes. Omits its other parts, which may contain a secret. */
export function serverAttributes(endpoint: string): Attributes {
  if (endpoint !== latestServer.endpoint) latestServer = { endpoint, attributes: parseServer(endpoint) }
  return latestServer.attributes
}

// Nearly all events have the same endpoint. Without this cache, parsing the endpoint would double the time per event.
let latestServer = { endpoint: '', attributes: {} as Attributes }

function parseServer(endpoint: string): Attributes {
  if (!URL.canParse(endpoint)) return {}
  const { protocol, hostname, port } = new URL(endpoint)
  return {
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(port) || (protocol === 'http:' ? 80 : 443),
  }
}

/** Returns the attributes of a watch that are known when it starts. */
export function watchStartAttributes({ name, endpoint }: Pick<PollStarted, 'name' | 'endpoint'>): Attributes {
  return { 'gcp.rpc.method': WAIT_RPC, 'gcp.resource.destination.id': name, ...serverAttributes(endpoint) }
}

/** Returns the attributes of a watch that are known when it ends. */
export function watchEndAttributes(event: WatchEnded): Attributes {
  const { outcome, error } = event
  return {
    'rx_longrunning.outcome': outcome,
    'gcp.longrunning.done': outcome === 'Succeeded' || outcome === 'OperationFailed',
    ...(outcome === 'Succeeded' && { 'gcp.longrunning.status_code': 0 }),
    ...(error?._tag === 'OperationFailed' && { 'gcp.longrunning.status_code': error.status.code }),
    ...statusAttributes(statusOf(event)),
    ...errorTypeAttributes(errorTypeOf(event)),
  }
}

/**
 * Returns the attributes of a poll's span: the metric attributes, and further attributes that may have many different
 * values.
 */
export function pollAttributes(event: PollEnded, metricAttributes: Attributes): Attributes {
  return {
    ...metricAttributes,
    'gcp.resource.destination.id': event.name,
    'gcp.longrunning.poll_attempt_count': event.attempt,
    ...DONE_ATTRIBUTES[event.verdict],
    ...(event.verdict === 'Failed' && event.status && { 'gcp.longrunning.status_code': event.status.code }),
    ...statusAttributes(statusOf(event)),
  }
}

/**
 * Returns the metric attributes of a poll. Each attribute has few different values, because each value is a time
 * series.
 */
export function pollMetricAttributes(event: PollEnded): Attributes {
  return {
    'rpc.system.name': 'http',
    'rpc.method': GET_RPC,
    ...serverAttributes(event.endpoint),
    'rx_longrunning.verdict': event.verdict,
    ...(event.httpStatus !== undefined && { 'http.response.status_code': event.httpStatus }),
    ...errorTypeAttributes(errorTypeOf(event)),
  }
}

/** Returns the attribute `error.type`, or no attribute if there was no error. */
export function errorTypeAttributes(type: string | undefined): Attributes {
  return type ? { 'error.type': type } : {}
}

const DONE_ATTRIBUTES: Readonly<Partial<Record<PollEnded['verdict'], Attributes>>> = {
  Running: { 'gcp.longrunning.done': false },
  Succeeded: { 'gcp.longrunning.done': true, 'gcp.longrunning.status_code': 0 },
  Failed: { 'gcp.longrunning.done': true },
}

function statusAttributes(status: Status | undefined): Attributes {
  if (status === undefined) return {}
  const domain = detailOf(status, 'ErrorInfo')?.domain
  return { 'rpc.response.status_code': status.codeName, ...(domain && { 'gcp.errors.domain': domain }) }
}
