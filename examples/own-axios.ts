// Watches an operation through an axios instance with an interceptor.
import axios from 'axios'
import { OperationsClient, outcome } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)

const instance = axios.create()
instance.interceptors.request.use((config) => {
  config.headers.set('x-trace-id', 'trace-1')
  return config
})
instance.interceptors.response.use((response) => {
  console.log('HTTP', response.status)
  return response
})

await using client = new OperationsClient({ axios: instance })
const result = await lastValueFrom(client.watch(name).pipe(outcome()))
console.log(result._tag)
