import type { Format } from './format.js'
import { type Json, type JsonObject, jsonObject } from './json.js'

/** An error that the API itself answers, before any operation has begun. */
export interface RpcError {
  /** google.rpc.Code by name. */
  readonly status: keyof typeof STATUSES
  readonly message: string
  readonly details?: readonly Json[]
}

// The HTTP status is that of google/rpc/code.proto; the reason is what the older error format calls it.
const STATUSES = {
  INVALID_ARGUMENT: { httpStatus: 400, reason: 'badRequest' },
  FAILED_PRECONDITION: { httpStatus: 400, reason: 'failedPrecondition' },
  PERMISSION_DENIED: { httpStatus: 403, reason: 'forbidden' },
  NOT_FOUND: { httpStatus: 404, reason: 'notFound' },
  ALREADY_EXISTS: { httpStatus: 409, reason: 'alreadyExists' },
  ABORTED: { httpStatus: 409, reason: 'aborted' },
  INTERNAL: { httpStatus: 500, reason: 'backendError' },
  UNAVAILABLE: { httpStatus: 503, reason: 'backendError' },
  DEADLINE_EXCEEDED: { httpStatus: 504, reason: 'backendError' },
} as const

/** The HTTP status of an error. */
export function httpStatusOf(error: RpcError): number {
  return STATUSES[error.status].httpStatus
}

/**
 * The body of an error: code, message, errors (in the older format only), status, details.
 *
 * Source: https://google.aip.dev/193
 */
export function errorBody(error: RpcError, format: Format): JsonObject {
  const { httpStatus, reason } = STATUSES[error.status]
  const errors = [{ message: error.message, domain: 'global', reason }]
  return {
    error: jsonObject({
      code: httpStatus,
      message: error.message,
      errors: format.legacyErrors ? errors : undefined,
      status: error.status,
      details: error.details,
    }),
  }
}

/** Thrown while a request is handled; the router turns it into the answer. */
export class RejectedRequest extends Error {
  readonly error: RpcError

  constructor(error: RpcError) {
    super(error.message)
    this.name = 'Refused'
    this.error = error
  }
}

/** A 400 that names the field of the request body that is wrong. */
export function badField(field: string, description: string): RejectedRequest {
  const details = [
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field, description }] },
  ]
  return new RejectedRequest({
    status: 'INVALID_ARGUMENT',
    message: `Request contains an invalid argument: ${field} ${description}`,
    details,
  })
}
