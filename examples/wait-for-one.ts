// Wait for one operation, and learn how it ended.
import { either as E } from 'fp-ts'
import { outcome, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [name = 'operations/cp.1'] = process.argv.slice(2)

const ended = await lastValueFrom(watchOperation(name).pipe(outcome()))

if (E.isRight(ended)) {
  console.log('succeeded:', ended.right)
} else if (ended.left._tag === 'OperationFailed') {
  console.log('failed:', ended.left.status.codeName, ended.left.status.details)
} else {
  console.log('not known:', ended.left.message)
}
