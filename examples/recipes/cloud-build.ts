// Watches builds of Cloud Build by their names. Only the status SUCCESS is a success.
import { either as E } from 'fp-ts'
import { Code, decodeStatus, defineProtocol, OperationsClient, service } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'
import { emulator } from './start.js'

type Build = { readonly name: string; readonly status?: string; readonly statusDetail?: string }

const codes: Record<string, number> = {
  FAILURE: Code.FAILED_PRECONDITION,
  INTERNAL_ERROR: Code.INTERNAL,
  TIMEOUT: Code.DEADLINE_EXCEEDED,
  CANCELLED: Code.CANCELLED,
  EXPIRED: Code.DEADLINE_EXCEEDED,
}

const cloudBuild = defineProtocol({
  name: 'cloud-build',
  nameProblem: (name) => (name.includes('/builds/') ? undefined : 'it is not the name of a build'),
  get: (name) => ({ name }),
  cancel: (name) => ({ method: 'POST', name, suffix: ':cancel', body: {} }),
  decode: (body) => {
    const { name, status, statusDetail } = body as Build
    if (status === undefined) return E.left('it has no status')
    const code = codes[status]
    if (code === undefined)
      return E.right(status === 'SUCCESS' ? { _tag: 'Succeeded', name } : { _tag: 'Running', name })
    const error = decodeStatus({ code, message: statusDetail ?? status })
    return E.right({ _tag: 'Failed', name, status: error })
  },
})

const build = { ...service('cloudbuild', { location: 'us-central1' }), protocol: cloudBuild }
await using client = new OperationsClient({ ...build, ...(emulator && { endpoint: emulator }) })
for (const id of ['passing', 'failing']) {
  const result = await lastValueFrom(client.watch(`projects/p/locations/us-central1/builds/${id}`))
  console.log(E.isRight(result) ? result.right._tag : result.left.message)
}
