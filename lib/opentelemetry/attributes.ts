import type { Attributes } from '@opentelemetry/api'
import { detailOf, type PollEnded, type PollStarted, type Status, type WatchEnded } from '../index.js'
import { errorTypeOfPoll, errorTypeOfWatch, statusOfPoll, statusOfWatch } from './error-type.js'

/** What a watch is called, as a span. */
export const WAIT = 'google.longrunning.Operations/Wait'
/** What a poll is called, as a span and as a method. */
export const GET = 'google.longrunning.Operations/GetOperation'

/** Where a server is; the parts of an endpoint that cannot hold a secret. */
export function serverAttributes(endpoint: string): Attributes {
  if (endpoint !== latest.endpoint) latest = { endpoint, server: readServer(endpoint) }
  return latest.server
}

// Nearly all events of a program are of one endpoint, and to read a URL takes as long as all the rest.
let latest: { readonly endpoint: string; readonly server: Attributes } = { endpoint: '', server: {} }

function readServer(endpoint: string): Attributes {
  if (!URL.canParse(endpoint)) return {}
  const { protocol, hostname, port } = new URL(endpoint)
  return {
    'server.address': hostname.replace(/^\[|\]$/g, ''),
    'server.port': Number(port) || (protocol === 'http:' ? 80 : 443),
  }
}

/** What a watch is known by when it begins. */
export function watchStartAttributes({ name, endpoint }: Pick<PollStarted, 'name' | 'endpoint'>): Attributes {
  return {
    'gcp.rpc.method': WAIT,
    'gcp.resource.destination.id': name,
    ...serverAttributes(endpoint),
  }
}

/** How a watch ended. */
export function watchEndAttributes(event: WatchEnded): Attributes {
  const { outcome } = event
  return {
    'rx_longrunning.outcome': outcome,
    'gcp.longrunning.done': outcome === 'Succeeded' || outcome === 'OperationFailed',
    ...(outcome === 'Succeeded' && { 'gcp.longrunning.status_code': 0 }),
    ...(event.error?._tag === 'OperationFailed' && {
      'gcp.longrunning.status_code': event.error.status.code,
    }),
    ...statusAttributes(statusOfWatch(event)),
    ...errorTypeAttributes(errorTypeOfWatch(event)),
  }
}

/** What a poll asked, and what came of it, beside its {@link pollKindAttributes}. */
export function pollAttributes(event: PollEnded, kind: Attributes): Attributes {
  return {
    ...kind,
    'gcp.resource.destination.id': event.name,
    'gcp.longrunning.poll_attempt_count': event.attempt,
    ...DONE[event.verdict],
    ...(event.verdict === 'Failed' && event.status && { 'gcp.longrunning.status_code': event.status.code }),
    ...statusAttributes(statusOfPoll(event)),
  }
}

/** Of a poll that of which there are few values, as a metric wants it. */
export function pollKindAttributes(event: PollEnded): Attributes {
  return {
    'rpc.system.name': 'http',
    'rpc.method': GET,
    ...serverAttributes(event.endpoint),
    'rx_longrunning.verdict': event.verdict,
    ...(event.httpStatus !== undefined && { 'http.response.status_code': event.httpStatus }),
    ...errorTypeAttributes(errorTypeOfPoll(event)),
  }
}

const DONE: Readonly<Partial<Record<PollEnded['verdict'], Attributes>>> = {
  Running: { 'gcp.longrunning.done': false },
  Succeeded: { 'gcp.longrunning.done': true, 'gcp.longrunning.status_code': 0 },
  Failed: { 'gcp.longrunning.done': true },
}

function statusAttributes(status: Status | undefined): Attributes {
  if (status === undefined) return {}
  const domain = detailOf(status, 'ErrorInfo')?.domain
  return { 'rpc.response.status_code': status.codeName, ...(domain && { 'gcp.errors.domain': domain }) }
}

function errorTypeAttributes(type: string | undefined): Attributes {
  return type ? { 'error.type': type } : {}
}
