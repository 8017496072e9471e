import type { CliEmission } from '../../lib/cli/output/result-text.js'
import type { Json, OperationError, ResumeToken } from '../../lib/index.js'

export const NAME = 'operations/cp.1'
export const RESUME: ResumeToken = {
  name: NAME,
  endpoint: 'https://cloudresourcemanager.googleapis.com',
  apiVersion: 'v3',
}

const seen = { name: NAME, attempt: 1, elapsed: 1000 }

export function running(metadata?: Json, name: string = NAME): CliEmission {
  return {
    _tag: 'Right',
    right: { ...seen, name, _tag: 'Running', done: false, ...(metadata !== undefined && { metadata }) },
  }
}
export function succeeded(response?: Json): CliEmission {
  return {
    _tag: 'Right',
    right: { ...seen, _tag: 'Succeeded', done: true, response },
  }
}
function left(error: OperationError): CliEmission {
  return { _tag: 'Left', left: error }
}
export function failed(message = 'Too deep.', code = 9): CliEmission {
  return left({
    _tag: 'OperationFailed',
    name: NAME,
    message: 'said otherwise',
    status: {
      code,
      codeName: code === 9 ? 'FAILED_PRECONDITION' : 'UNKNOWN',
      message,
      details: [{ _tag: 'LocalizedMessage', locale: 'de', message: 'Zu tief.' }],
    },
  })
}
export const timedOut: CliEmission = left({
  _tag: 'TimedOut',
  name: NAME,
  message: `${NAME} did not finish within 1 s.`,
  timeout: 1000,
  resume: RESUME,
})
export const unauthorized: CliEmission = left({
  _tag: 'CredentialsError',
  name: NAME,
  message: `Could not obtain credentials for ${NAME}: none.`,
  reason: 'none',
  resume: RESUME,
})
export const invalid: CliEmission = left({
  _tag: 'InvalidName',
  name: 'x',
  message: '"x" is no name.',
  reason: 'it is empty',
})
