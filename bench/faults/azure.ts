import { createHttpPoller, type OperationResponse } from '@azure/core-lro'
import {
  createDefaultHttpClient,
  createHttpHeaders,
  createPipelineFromOptions,
  createPipelineRequest,
  RestError,
} from '@azure/core-rest-pipeline'
import type { Library } from './library.ts'

/**
 * Waits with the poller over the default pipeline, whose policies retry and follow redirects.
 *
 * The poller expects Azure's protocol, so `status` is derived from Google's `done`. An HTTP error is thrown as a
 * RestError with the body as `details`, as in Azure's clients. The token policy of the pipeline is not used because it
 * rejects plain http.
 */
export const azure: Library = async (endpoint, operationName, token, signal) => {
  const client = createDefaultHttpClient()
  const pipeline = createPipelineFromOptions({})
  const current = typeof token === 'string' ? () => token : token
  const url = `${endpoint}/v3/${operationName}`

  const poll = async (location: string, abortSignal: AbortSignal): Promise<OperationResponse> => {
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
      const details = errorBodyOf(bodyAsText)
      const { message = `Unexpected status code: ${status}`, status: code } = details.error ?? {}
      const options = { ...(code && { code }), statusCode: status, request, response }
      throw Object.assign(new RestError(message, options), { details })
    }
    const operation = JSON.parse(bodyAsText ?? '')
    const finalStatus = operation.error ? 'Failed' : 'Succeeded'
    const body = { ...operation, status: operation.done ? finalStatus : 'Running' }
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
      sendPollRequest: (location) => poll(location, signal),
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

/** Returns the body of an HTTP error, or an empty object if it is not a JSON object. */
function errorBodyOf(text: string | null | undefined): ErrorBody {
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
