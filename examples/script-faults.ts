// Defines the responses of an emulated operation, and lets 30 % of all requests fail.
import { either as E } from 'fp-ts'
import { OperationsClient, outcome } from 'rx-longrunning'
import { type Frame, randomFaults, startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

const script: readonly Frame[] = [
  { metadata: { '@type': 'type.googleapis.com/example.Progress', percent: 10 } },
  { polls: 2, httpResponse: { httpStatus: 503 } },
  { polls: 3, done: true, error: { code: 9, message: 'The folder is too deep.' } },
]

const fault = randomFaults({
  share: 0.3,
  faults: [{ fault: 'reset' }, { httpResponse: { httpStatus: 502 } }],
})
await using emulator = await startEmulator({ fault })
emulator.operations.add('operations/x', script)

await using client = new OperationsClient({ endpoint: emulator.endpoint })
const result = await lastValueFrom(client.watch('operations/x').pipe(outcome()))
if (E.isLeft(result) && result.left._tag === 'OperationFailed')
  console.log(`${result.left.status.codeName} after ${emulator.requests.length} requests`)
