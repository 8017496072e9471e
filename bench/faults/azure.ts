import { createHttpPoller, type OperationResponse } from '@azure/core-lro'
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline'
import type { Library } from './seen.ts'

/**
 * The poller over the default pipeline, whose policies retry and redirect.
 *
 * The poller speaks Azure's dialect: `status` is put in beside Google's `done`, and an HTTP error is thrown as the
 * RestError that Azure's clients make of one, with the body for `details`. The pipeline's own policy for tokens is not
 * used: it refuses plain http.
 */
export const azure: Library = async (endpoint, operationName, token, signal) => {
  const client = createDefaultHttpClient()
  const pipeline = createPipelineFromOptions({})
  const current = typeof token === 'string' ? () => token : token
  const url = `${endpoint}/v3/${operationName}`

  const ask = async (location: string, abortSignal: AbortSignal): Promise<OperationResponse> => {
    const headers = createHttpHeaders({ authorization: `Bearer ${current()}`, accept: 'application/json' })
    const request = createPipelineRequest({
      url: location,
      headers,
      abortSignal,
      allowInsecureConnection: true,
    })
    const response = await pipeline.sendRequest(client, request)
    const { status, bodyAsText } = response
    if (status < 200 || status > 299) {
      const details = jsonOf(bodyAsText)
      const { message = `Unexpected status code: ${status}`, status: code } = details.error ?? {}
      const facts = { ...(code && { code }), statusCode: status, request, response }
      throw Object.assign(new RestError(message, facts), { details })
    }
    const operation = JSON.parse(bodyAsText ?? '')
    const ended = operation.error ? 'Failed' : 'Succeeded'
    const body = { ...operation, status: operation.done ? ended : 'Running' }
    const rawHeaders = response.headers.toJSON()
    return {
      flatResponse: body,
      rawResponse: {
        statusCode: status,
        headers: rawHeaders,
        body,
        request: { method: 'GET', url: location },
      },
    }
  }
  const started: OperationResponse = {
    flatResponse: {},
    rawResponse: {
      statusCode: 202,
      headers: { 'operation-location': url },
      body: {},
      request: { method: 'POST', url },
    },
  }
  const poller = createHttpPoller(
    {
      sendInitialRequest: async () => started,
      sendPollRequest: (location) => ask(location, signal),
    },
    { processResult: async (result) => responseOf(result) },
  )
  try {
    const response = await poller.pollUntilDone({ abortSignal: signal })
    return { ended: 'resolved', response }
  } catch (error) {
    const state = poller.operationState?.status
    return { ended: 'rejected', error, ...(state !== undefined && { state }) }
  }
}

interface ErrorBody {
  readonly error?: { readonly message?: string; readonly status?: string }
}

/** An error's body, so far as it can be read. */
function jsonOf(text: string | null | undefined): ErrorBody {
  try {
    const body: unknown = JSON.parse(text ?? '')
    return typeof body === 'object' && body !== null ? body : {}
  } catch {
    return {}
  }
}

function responseOf(result: unknown): unknown {
  return typeof result === 'object' && result !== null && 'response' in result ? result.response : undefined
}
