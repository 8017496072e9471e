// Stops the watch when another Observable emits. The operation continues.
import { watchOperation } from 'rx-longrunning'
import { finalize, takeUntil, timer } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const stop = timer(3_000)

watchOperation(name)
  .pipe(
    takeUntil(stop),
    finalize(() => console.log('stopped')),
  )
  .subscribe((emission) => console.log(emission._tag))
