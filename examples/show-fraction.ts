// Prints the progress of an operation as a percentage when the number changes.
import { progress, watchOperation } from 'rx-longrunning'

const [name = 'operations/cp.1'] = process.argv.slice(2)

await watchOperation(name)
  .pipe(progress({ fraction: true }))
  .forEach((fraction) => {
    console.log(`${Math.round(100 * fraction)} %`)
  })
