// Prints the progress of an operation as a percentage when the number changes.
import { progress, watchOperation } from 'rx-longrunning'
import { lastValueFrom, tap } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)

await lastValueFrom(
  watchOperation(name).pipe(
    progress({ fraction: true }),
    tap((fraction) => console.log(`${Math.round(100 * fraction)} %`)),
  ),
)
