import { errorResponse, type ScriptedResponse } from './answer.js'
import type { SeenRequest } from './events.js'
import { checkFault } from './fault-check.js'
import { formatOf } from './format.js'
import type { Fault } from './frame.js'
import { operationResponse } from './operation-reaction.js'

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
