// Polls an operation, and loads Application Default Credentials from a file that does not exist.
import { outcome, watchOperation } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'

const emulator = await startEmulator()
emulator.operations.add('operations/a', [{}, { polls: 2, done: true, response: {} }])
const watch = watchOperation('operations/a', { endpoint: emulator.endpoint, auth: false })
const polled = await lastValueFrom(watch.pipe(outcome()))
await emulator.close()

const options = { endpoint: 'https://cloudresourcemanager.googleapis.com', maxRetryTime: 0 }
const result = await lastValueFrom(watchOperation('operations/a', options))
// Without GoogleAuth, the reason would be a TypeError.
console.log(polled._tag, result.left._tag, /ENOENT/.test(result.left.reason))
