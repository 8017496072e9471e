import { API_HEADERS, jsonAnswer, mergeHeaders, type Reaction } from './answer.js'
import { type Format, formatAny } from './format.js'
import type { Frame, RawAnswer } from './frame.js'
import { jsonObject, jsonText } from './json.js'

/**
 * What a request for an operation gets while this frame is in force; without a frame, only the name.
 *
 * Members come in the order of their field numbers: name, metadata, done, error or response.
 *
 * Source: google/longrunning/operations.proto
 */
export function operationReaction(name: string, frame: Frame | undefined, format: Format): Reaction {
  if (frame?.stall === true) return { _tag: 'Stall' }
  if (frame?.answer !== undefined) return rawAnswer(frame.answer, format)
  if (frame?.fault !== undefined) {
    return { _tag: 'Breakdown', fault: frame.fault, httpStatus: frame.httpStatus ?? 200 }
  }
  const { metadata, done, error, response } = frame ?? {}
  const body = jsonObject({
    name: frame?.name === null ? undefined : name,
    metadata,
    done,
    error: error && jsonObject({ code: error.code, message: error.message, details: error.details }),
    response: response === undefined ? undefined : formatAny(response, format),
  })
  return jsonAnswer(200, body, format)
}

function rawAnswer(answer: RawAnswer, format: Format): Reaction {
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
