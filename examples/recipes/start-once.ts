// Starts exactly one operation of Compute Engine, although the response of the first call is lost.
import { randomUUID } from 'node:crypto'
import { isStartFailed, OperationException, OperationsClient, orThrow, service } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom, retry, throwError, timer } from 'rxjs'

await using emulator = await startEmulator({ services: ['compute'] })
const { endpoint } = emulator
await using client = new OperationsClient({ ...service('compute'), endpoint })

// Store the ID before the call. If this process ends, another process can repeat the call with the same ID.
const storedId = randomUUID()

let calls = 0
async function insertDisk(requestId: string, signal: AbortSignal): Promise<Response> {
  const url = `${endpoint}/compute/v1/projects/p/zones/europe-west1-b/disks?requestId=${requestId}`
  const response = await fetch(url, { method: 'POST', body: '{"name": "data", "sizeGb": "10"}', signal })
  // Simulates a lost response.
  if (++calls === 1) throw new Error('the connection was reset')
  return response
}

function isUncertain(thrown: unknown): boolean {
  if (!(thrown instanceof OperationException)) return false
  return isStartFailed(thrown.error) && thrown.error.mayHaveStarted && thrown.error.httpStatus !== 409
}

const disk = client
  .start(({ requestId, signal }) => insertDisk(requestId, signal), { requestId: storedId })
  .pipe(
    orThrow(),
    retry({ count: 5, delay: (thrown) => (isUncertain(thrown) ? timer(100) : throwError(() => thrown)) }),
  )
const { _tag } = await lastValueFrom(disk)
console.log(`${_tag} after ${calls} calls`)
