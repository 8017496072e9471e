// Waits for one operation and prints its result.
import { either as E } from 'fp-ts'
import { outcome, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)

const result = await lastValueFrom(watchOperation(name).pipe(outcome()))

if (E.isRight(result)) {
  console.log('succeeded:', result.right)
} else if (result.left._tag === 'OperationFailed') {
  console.log('failed:', result.left.status.codeName, result.left.status.details)
} else {
  console.log('outcome unknown:', result.left.message)
}
