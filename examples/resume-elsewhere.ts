// Stops after a timeout and resumes the watch in a second process.
import { spawn } from 'node:child_process'
import { either as E } from 'fp-ts'
import { outcome, type ResumeToken, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [argument = 'operations/cp.1'] = process.argv.slice(2)
const isResumed = argument.startsWith('{')
const nameOrToken: string | ResumeToken = isResumed ? JSON.parse(argument) : argument

const result = await lastValueFrom(
  watchOperation(nameOrToken, isResumed ? {} : { timeout: 300 }).pipe(outcome()),
)

if (E.isRight(result)) {
  console.log(isResumed ? 'result in the second process' : 'result in the first process')
} else if (result.left._tag === 'TimedOut') {
  console.log('resuming:', result.left.name)
  const token = JSON.stringify(result.left.resume)
  const args = [...process.execArgv, import.meta.filename, token]
  spawn(process.execPath, args, { stdio: 'inherit' }).on('exit', (code) => {
    process.exitCode = code ?? 1
  })
} else {
  console.log(result.left.message)
}
