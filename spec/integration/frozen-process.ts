// A program that a spec starts and freezes. Watches an operation. The first argument contains the method, the name, the
// endpoint and the options as JSON. Prints the final result.
import { lastValueFrom, map } from 'rxjs'
import { constant, OperationsClient } from '../../lib/index.js'

const { method, name, endpoint, interval, requestTimeout, ...options } = JSON.parse(process.argv[2] ?? '{}')
const client = new OperationsClient({
  endpoint,
  random: () => 0.5,
  ...(requestTimeout && { requestTimeout }),
})
// The first request loads axios. This may take longer than the `maxRetryTime`, `visibilityWindow` or `timeout` that the
// spec tests.
await lastValueFrom(client.get('operations/other'))
const settings = { schedule: constant({ interval }), ...options }
const emissions =
  method === 'watchAll'
    ? client.watchAll([name], settings).pipe(map(({ snapshot }) => snapshot))
    : client.watch(name, settings)
console.log(JSON.stringify(await lastValueFrom(emissions)))
client.close()
