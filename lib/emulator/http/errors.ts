import type { Json } from '../../model/json.js'
import type { Format } from './format.js'
import { jsonObject } from './json-text.js'
import { type HttpResponse, jsonResponse } from './responses.js'

/** The errors that API methods return. A failed operation has a google.rpc.Status instead. */
// The HTTP status is from google/rpc/code.proto; only the legacy error format has the reason.
const STATUSES = {
  INVALID_ARGUMENT: { httpStatus: 400, reason: 'badRequest' },
  FAILED_PRECONDITION: { httpStatus: 400, reason: 'failedPrecondition' },
  PERMISSION_DENIED: { httpStatus: 403, reason: 'forbidden' },
  NOT_FOUND: { httpStatus: 404, reason: 'notFound' },
  ALREADY_EXISTS: { httpStatus: 409, reason: 'alreadyExists' },
  ABORTED: { httpStatus: 409, reason: 'aborted' },
  // The name is not canonical. Only Cloud SQL has this error, and its errors have no status.
  OPERATION_IN_PROGRESS: { httpStatus: 409, reason: 'operationInProgress' },
  INTERNAL: { httpStatus: 500, reason: 'backendError' },
  UNIMPLEMENTED: { httpStatus: 501, reason: 'notImplemented' },
  UNAVAILABLE: { httpStatus: 503, reason: 'backendError' },
  DEADLINE_EXCEEDED: { httpStatus: 504, reason: 'backendError' },
} as const

type RpcStatus = keyof typeof STATUSES

/**
 * Creates an API response with an error body.
 *
 * Source: https://google.aip.dev/193
 */
export function errorResponse(
  status: RpcStatus,
  message: string,
  format: Format,
  details?: readonly Json[],
): HttpResponse {
  const { httpStatus, reason } = STATUSES[status]
  const errors = format.legacyErrors ? [{ message, domain: 'global', reason }] : undefined
  const statusMember = format.omitsStatus ? undefined : status
  const error = jsonObject({ code: httpStatus, message, errors, status: statusMember, details })
  return jsonResponse({ error }, format, httpStatus)
}

/** The error for an invalid request. {@link thrownResponse} converts this error to a response. */
export class RejectedRequest extends Error {
  override readonly name = 'RejectedRequest'
  readonly status: RpcStatus
  readonly details: readonly Json[] | undefined

  constructor(status: RpcStatus, message: string, details?: readonly Json[]) {
    super(message)
    this.status = status
    this.details = details
  }
}

/** Creates the response for a thrown value: the error of a {@link RejectedRequest}, otherwise a 500. */
export function thrownResponse(thrown: unknown, format: Format): HttpResponse {
  if (thrown instanceof RejectedRequest)
    return errorResponse(thrown.status, thrown.message, format, thrown.details)
  return errorResponse('INTERNAL', `The emulator failed: ${String(thrown)}`, format)
}

/** Creates a 400 that names the invalid field of the request. */
export function badField(field: string, description: string): RejectedRequest {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]
  const message = `Request contains an invalid argument: ${field} ${description}`
  return new RejectedRequest('INVALID_ARGUMENT', message, details)
}
