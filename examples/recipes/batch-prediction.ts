// Watches batch predictions of Vertex AI, which have a `state` and the `error` of a failure.
import { either as E } from 'fp-ts'
import { Code, decodeStatus, defineProtocol, OperationsClient, service } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'
import { emulator } from './start.js'

type Job = { readonly name: string; readonly state?: string; readonly error?: { readonly code: number } }

/** The codes of failures that have no `error`. */
const codes: Record<string, number> = {
  JOB_STATE_FAILED: Code.UNKNOWN,
  JOB_STATE_CANCELLED: Code.CANCELLED,
  JOB_STATE_EXPIRED: Code.DEADLINE_EXCEEDED,
}

const batchPrediction = defineProtocol({
  name: 'batch-prediction',
  get: (name) => ({ name }),
  cancel: (name) => ({ method: 'POST', name, suffix: ':cancel', body: {} }),
  decode: (body) => {
    const { name, state, error } = body as Job
    if (state === undefined) return E.left('it has no state')
    const code = codes[state]
    if (code !== undefined)
      return E.right({ _tag: 'Failed', name, status: decodeStatus(error ?? { code, message: state }) })
    const hasResults = ['JOB_STATE_SUCCEEDED', 'JOB_STATE_PARTIALLY_SUCCEEDED'].includes(state)
    return E.right(hasResults ? { _tag: 'Succeeded', name, response: state } : { _tag: 'Running', name })
  },
})

const vertex = { ...service('aiplatform', { location: 'us-central1' }), protocol: batchPrediction }
await using client = new OperationsClient({ ...vertex, ...(emulator && { endpoint: emulator }) })
const parent = 'projects/p/locations/us-central1'
for (const id of ['1', '2']) {
  const result = await lastValueFrom(client.watch(`${parent}/batchPredictionJobs/${id}`))
  console.log(E.isRight(result) ? `response: ${Object(result.right).response}` : result.left.message)
}
