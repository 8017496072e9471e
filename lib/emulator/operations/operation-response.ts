import type { SeenRequest } from '../http/events.js'
import { masked } from '../http/field-mask.js'
import { type Format, formatAny, formatOf } from '../http/format.js'
import { type JsonObject, jsonObject, jsonText } from '../http/json-text.js'
import {
  API_HEADERS,
  errorResponse,
  type ImmediateResponse,
  jsonResponse,
  mergeHeaders,
  type ScriptedResponse,
} from '../http/responses.js'
import { checkFault } from '../script/check-script.js'
import type { Fault, Frame, RawResponse } from '../script/frame.js'

/**
 * What a request for an operation gets while this frame is in force; without a frame, only the name.
 *
 * `fields` selects members of an operation, and not of what stands in its place.
 */
export function operationResponse(
  name: string,
  frame: Frame | undefined,
  format: Format,
  fields?: string,
): ImmediateResponse {
  if (frame?.stall === true) return { _tag: 'Stall' }
  if (frame?.httpResponse !== undefined) return rawResponse(frame.httpResponse, format)
  if (frame?.fault !== undefined) {
    return { _tag: 'Breakdown', fault: frame.fault, httpStatus: frame.httpStatus ?? 200 }
  }
  return jsonResponse(200, masked(operationBody(name, frame, format), fields), format)
}

/**
 * An operation as JSON.
 *
 * Members come in the order of their field numbers: name, metadata, done, error or response.
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

function rawResponse(answer: RawResponse, format: Format): ImmediateResponse {
  const { httpStatus, headers = {}, body = '' } = answer
  const html = typeof body === 'string' && body.trimStart().startsWith('<')
  const byDefault = html ? { 'Content-Type': 'text/html; charset=UTF-8' } : API_HEADERS
  return {
    _tag: 'Answer',
    httpStatus,
    headers: mergeHeaders(byDefault, headers),
    body: typeof body === 'string' ? body : jsonText(body, format.pretty),
  }
}

/** What a request gets in place of its own answer, if anything; a bad fault is answered with what is wrong with it. */
export function faultResponse(
  fault: ((request: SeenRequest) => Fault | undefined) | undefined,
  request: SeenRequest,
): ScriptedResponse | undefined {
  const format = formatOf(request.query)
  try {
    const given = fault?.(request)
    if (given === undefined) return undefined
    checkFault(`the fault of request ${request.id}`, given)
    return operationResponse('', given, format)
  } catch (thrown) {
    return errorResponse({ status: 'INTERNAL', message: `The emulator failed: ${String(thrown)}` }, format)
  }
}
