// Prints the progress of an operation when its metadata changes.
import { progress, watchOperation } from 'rx-longrunning'
import { z } from 'zod'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const metadata = z.object({ gettable: z.boolean().default(false), ready: z.boolean().default(false) })

await watchOperation(name, { metadata })
  .pipe(progress())
  .forEach(({ gettable, ready }) => {
    console.log(ready ? 'ready' : gettable ? 'gettable' : 'started')
  })
