// Prints the progress of an operation when its metadata changes.
import { progress, watchOperation } from 'rx-longrunning'
import { lastValueFrom, tap } from 'rxjs'
import { z } from 'zod'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const metadata = z.object({ gettable: z.boolean().default(false), ready: z.boolean().default(false) })

await lastValueFrom(
  watchOperation(name, { metadata }).pipe(
    progress(),
    tap(({ gettable, ready }) => console.log(ready ? 'ready' : gettable ? 'gettable' : 'started')),
  ),
)
