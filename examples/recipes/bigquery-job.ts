// Watches jobs of BigQuery. `errorResult` is a failure. `errors` without it are warnings.
import { either as E } from 'fp-ts'
import { Code, decodeStatus, defineProtocol, OperationsClient } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'
import { emulator } from './start.js'

type JobError = { readonly reason: string; readonly message: string }
type JobStatus = { readonly state?: string; readonly errorResult?: JobError; readonly errors?: JobError[] }

const codes: Record<string, number> = { invalidQuery: Code.INVALID_ARGUMENT, stopped: Code.CANCELLED }

const bigQueryJob = defineProtocol({
  name: 'bigquery-job',
  get: jobRequest,
  cancel: (name) => ({ ...jobRequest(name), method: 'POST', suffix: '/cancel', body: {} }),
  decode: (body) => {
    const { state, errorResult, errors = [] } = (body as { readonly status: JobStatus }).status
    if (state === undefined) return E.left('it has no state')
    if (state !== 'DONE') return E.right({ _tag: 'Running' })
    const warnings = errors.map(({ reason, message }) => ({ code: reason, message, data: {} }))
    if (errorResult === undefined) return E.right({ _tag: 'Succeeded', warnings })
    const { reason, message } = errorResult
    const status = decodeStatus({ code: codes[reason] ?? Code.UNKNOWN, message })
    return E.right({ _tag: 'Failed', warnings, status })
  },
})

/** Returns the request for a job. Its location is a parameter, because the path does not contain it. */
function jobRequest(name: string) {
  const [, project, , location, , job] = name.split('/')
  return { name: `projects/${project}/jobs/${job}`, query: { location } }
}

const endpoint = emulator ?? 'https://bigquery.googleapis.com'
await using client = new OperationsClient({ endpoint, apiVersion: 'bigquery/v2', protocol: bigQueryJob })
for (const job of ['load', 'query']) {
  const result = await lastValueFrom(client.watch(`projects/p/locations/EU/jobs/${job}`))
  console.log(E.isRight(result) ? `warnings: ${result.right.warnings?.length}` : result.left.message)
}
