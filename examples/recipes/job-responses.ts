// The responses to the polls of jobs. The emulator serves only operations.
import type { JsonObject } from 'rx-longrunning'
import type { Fault, SeenRequest } from 'rx-longrunning/emulator'

const parent = '/v1/projects/p/locations/us-central1'
const rowError = { reason: 'invalid', message: 'The row has 2 columns, 3 expected.' }
const queryError = { reason: 'invalidQuery', message: 'Unrecognized name: nam at [1:8]' }
const quotaError = { code: 8, message: 'The quota is used up.' }

/** The responses by path. The last response is repeated. */
const bodies: Readonly<Record<string, readonly JsonObject[]>> = {
  '/bigquery/v2/projects/p/jobs/load': [
    { status: { state: 'RUNNING', errors: [rowError] } },
    { status: { state: 'DONE', errors: [rowError] } },
  ],
  '/bigquery/v2/projects/p/jobs/query': [{ status: { state: 'DONE', errorResult: queryError } }],
  [`${parent}/batchPredictionJobs/1`]: [
    { state: 'JOB_STATE_RUNNING' },
    { state: 'JOB_STATE_PARTIALLY_SUCCEEDED' },
  ],
  [`${parent}/batchPredictionJobs/2`]: [{ state: 'JOB_STATE_FAILED', error: quotaError }],
  [`${parent}/builds/passing`]: [{ status: 'QUEUED' }, { status: 'WORKING' }, { status: 'SUCCESS' }],
  [`${parent}/builds/failing`]: [{ status: 'FAILURE', statusDetail: 'Build step 1 failed.' }],
}
const polls = new Map<string, number>()

/** Returns the response to a poll of a job. */
export function jobResponse({ path }: SeenRequest): Fault | undefined {
  const poll = polls.get(path) ?? 0
  polls.set(path, poll + 1)
  const body = bodies[path]?.[poll] ?? bodies[path]?.at(-1)
  return body && { httpResponse: { httpStatus: 200, body: { name: path.replace('/v1/', ''), ...body } } }
}
