// Take the end of an operation as a TaskEither, and answer to every way in which it can end.
import { either as E } from 'fp-ts'
import { matchOperationError, type OperationError, toTaskEither, watchOperation } from 'rx-longrunning'

const [name = 'operations/cp.1'] = process.argv.slice(2)

const advice = matchOperationError({
  OperationFailed: ({ status }) => `mend it: ${status.codeName}`,
  OperationNotFound: () => 'look for the resource itself',
  RequestRejected: ({ httpStatus }) => `ask someone about HTTP ${httpStatus}`,
  Unreachable: ({ lasted }) => `try again, it was down for ${lasted} ms`,
  TimedOut: ({ resume }) => `watch on: ${resume.name}`,
  MalformedResponse: ({ path }) => `read ${path} otherwise`,
  CredentialsError: () => 'log in',
  InvalidName: ({ reason }) => reason,
  ClientClosed: () => 'start again',
})

const ended = await toTaskEither(watchOperation(name))()
console.log(E.isRight(ended) ? 'done' : advice(ended.left satisfies OperationError))
