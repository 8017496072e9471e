import type { Json, OperationError, ResumeToken } from '../../lib/index.js'
import type { Emission } from '../../lib/polling/emission.js'

export const NAME = 'operations/cp.1'
const RESUME: ResumeToken = {
  name: NAME,
  endpoint: 'https://cloudresourcemanager.googleapis.com',
  apiVersion: 'v3',
}

const snapshotFields = { name: NAME, attempt: 1, elapsed: 1000 }

export function running(metadata?: Json, name: string = NAME): Emission {
  return {
    _tag: 'Right',
    right: {
      ...snapshotFields,
      name,
      _tag: 'Running',
      done: false,
      ...(metadata !== undefined && { metadata }),
    },
  }
}
export function succeeded(response?: Json): Emission {
  return {
    _tag: 'Right',
    right: { ...snapshotFields, _tag: 'Succeeded', done: true, response },
  }
}
function left(error: OperationError): Emission {
  return { _tag: 'Left', left: error }
}
export function failed(message = 'Too deep.', code = 9): Emission {
  return left({
    _tag: 'OperationFailed',
    name: NAME,
    message: 'not shown',
    status: {
      code,
      codeName: code === 9 ? 'FAILED_PRECONDITION' : 'UNKNOWN',
      message,
      details: [{ _tag: 'LocalizedMessage', locale: 'de', message: 'Zu tief.' }],
    },
  })
}
export const timedOut: Emission = left({
  _tag: 'TimedOut',
  name: NAME,
  message: `${NAME} did not finish within 1 s.`,
  timeout: 1000,
  resume: RESUME,
})
export const unauthorized: Emission = left({
  _tag: 'CredentialsError',
  name: NAME,
  message: `Could not obtain credentials for ${NAME}: none.`,
  reason: 'none',
  resume: RESUME,
})
export const invalid: Emission = left({
  _tag: 'InvalidName',
  name: 'x',
  message: '"x" is not a valid operation name: it has no segment "operations".',
  reason: 'it has no segment "operations"',
})

export const missingMethod: Emission = left({
  _tag: 'RequestRejected',
  message: `No request was sent for ${NAME}: Resource Manager has no operations.cancel.`,
  name: NAME,
  httpStatus: 501,
  status: {
    code: 12,
    codeName: 'UNIMPLEMENTED',
    message: 'Resource Manager has no operations.cancel',
    details: [],
  },
  resume: RESUME,
})
