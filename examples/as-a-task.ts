// Converts a watch to a TaskEither and handles each kind of error.
import { either as E } from 'fp-ts'
import { matchOperationError, type OperationError, toTaskEither, watchOperation } from 'rx-longrunning'

const [name = 'operations/cp.1'] = process.argv.slice(2)

const advice = matchOperationError({
  OperationFailed: ({ status }) => `fix the cause: ${status.codeName}`,
  OperationNotFound: () => 'check whether the resource exists',
  RequestRejected: ({ httpStatus }) => `check permissions and URL: HTTP ${httpStatus}`,
  Unreachable: ({ lasted }) => `try again later: unreachable for ${lasted} ms`,
  TimedOut: ({ resume }) => `resume the watch of ${resume.name}`,
  MalformedResponse: ({ path }) => `fix the decoder at ${path}`,
  CredentialsError: () => 'log in',
  InvalidName: ({ reason }) => reason,
  ClientClosed: () => 'resume with a new client',
})

const result = await toTaskEither(watchOperation(name))()
console.log(E.isRight(result) ? 'succeeded' : advice(result.left satisfies OperationError))
