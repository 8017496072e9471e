// Stop watching when something else happens; the operation itself goes on.

import { watchOperation } from 'rx-longrunning'
import { finalize, takeUntil, timer } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)
const somethingElse = timer(3_000)

watchOperation(name)
  .pipe(
    takeUntil(somethingElse),
    finalize(() => console.log('stopped')),
  )
  .subscribe((word) => console.log(word._tag))
