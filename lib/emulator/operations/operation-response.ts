import type { JsonObject } from '../../model/json.js'
import { thrownResponse } from '../http/errors.js'
import type { SeenRequest } from '../http/events.js'
import { type Format, formatAny, readFormat } from '../http/format.js'
import { jsonObject, jsonText } from '../http/json-text.js'
import { API_HEADERS, type ImmediateResponse, jsonResponse, mergeHeaders } from '../http/responses.js'
import { checkFault } from '../script/check-script.js'
import type { Fault, Frame, RawResponse } from '../script/frame.js'

/** Creates the response to a request for an operation. Without a frame, the operation has only a name. */
export function operationResponse(name: string, frame: Frame | undefined, format: Format): ImmediateResponse {
  if (frame?.stall === true) return { _tag: 'NoResponse' }
  if (frame?.httpResponse !== undefined) return rawResponse(frame.httpResponse, format)
  if (frame?.fault !== undefined)
    return { _tag: 'NetworkFailure', fault: frame.fault, httpStatus: frame.httpStatus ?? 200 }
  return jsonResponse(operationBody(name, frame, format), format)
}

/**
 * Creates the JSON of an operation. The members are in the order of their proto field numbers.
 *
 * Source: google/longrunning/operations.proto
 */
export function operationBody(name: string, frame: Frame | undefined, format: Format): JsonObject {
  const { metadata, done, error, response } = frame ?? {}
  return jsonObject({
    name: frame?.name === null ? undefined : name,
    metadata: metadata === undefined ? undefined : formatAny(metadata, format),
    done,
    error: error && jsonObject({ code: error.code, message: error.message, details: error.details }),
    response: response === undefined ? undefined : formatAny(response, format),
  })
}

function rawResponse(response: RawResponse, format: Format): ImmediateResponse {
  const { httpStatus, headers = {}, body = '' } = response
  const isHtml = typeof body === 'string' && body.trimStart().startsWith('<')
  const defaults = isHtml ? { 'Content-Type': 'text/html; charset=UTF-8' } : API_HEADERS
  const text = typeof body === 'string' ? body : jsonText(body, format.pretty)
  return { _tag: 'HttpResponse', httpStatus, headers: mergeHeaders(defaults, headers), body: text }
}

/** Creates the response to a request with a fault; undefined without a fault. An invalid fault becomes a 500. */
export function faultResponse(
  chooseFault: ((request: SeenRequest) => Fault | undefined) | undefined,
  request: SeenRequest,
): ImmediateResponse | undefined {
  const format = readFormat(request.query)
  try {
    const fault = chooseFault?.(request)
    if (fault === undefined) return undefined
    checkFault(`the fault of request ${request.id}`, fault)
    // A fault replaces the operation, so the response contains no name.
    return operationResponse('', fault, format)
  } catch (thrown) {
    return thrownResponse(thrown, format)
  }
}
