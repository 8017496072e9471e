// Stop watching after a while, and let another process go on with a token.
import { spawn } from 'node:child_process'
import { either as E } from 'fp-ts'
import { outcome, type ResumeToken, watchOperation } from 'rx-longrunning'
import { lastValueFrom } from 'rxjs'

const [given = '"operations/cp.1"'] = process.argv.slice(2)
const nameOrToken: string | ResumeToken = JSON.parse(given)
const isResumed = typeof nameOrToken === 'object'

const ended = await lastValueFrom(
  watchOperation(nameOrToken, isResumed ? {} : { timeout: 300 }).pipe(outcome()),
)

if (E.isRight(ended)) {
  console.log(isResumed ? 'learned by the second process' : 'learned by the first process')
} else if (ended.left._tag === 'TimedOut') {
  console.log('handed over:', ended.left.name)
  const token = JSON.stringify(ended.left.resume)
  const again = [...process.execArgv, import.meta.filename, token]
  spawn(process.execPath, again, { stdio: 'inherit' }).on('exit', (code) => {
    process.exitCode = code ?? 1
  })
} else {
  console.log(ended.left.message)
}
