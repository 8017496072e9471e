import { expect } from 'chai'
import type { ErrorTag, OperationError } from 'rx-longrunning'
import { failureOf } from './failure-of.js'

const resume = { name: 'operations/cp.1', endpoint: 'https://example.com', apiVersion: 'v3' }
const told = { message: 'so it is', name: resume.name }
const status = { code: 7, codeName: 'PERMISSION_DENIED', message: 'no', details: [] } as const

/** Whether Temporal is to try again, by the kind of error. */
const CASES: Readonly<Record<ErrorTag, readonly [error: OperationError, retries: boolean]>> = {
  OperationFailed: [{ ...told, _tag: 'OperationFailed', status }, false],
  OperationNotFound: [{ ...told, _tag: 'OperationNotFound', status, resume }, false],
  RequestRejected: [{ ...told, _tag: 'RequestRejected', httpStatus: 403, status, resume }, false],
  InvalidName: [{ ...told, _tag: 'InvalidName', reason: 'empty' }, false],
  MalformedResponse: [{ ...told, _tag: 'MalformedResponse', path: '', reason: 'a page', resume }, true],
  Unreachable: [
    {
      ...told,
      _tag: 'Unreachable',
      attempts: 3,
      lasted: 600_000,
      last: { _tag: 'ConnectionFailed', code: 'ECONNREFUSED' },
      resume,
    },
    true,
  ],
  TimedOut: [{ ...told, _tag: 'TimedOut', timeout: 1_000, resume }, true],
  CredentialsError: [{ ...told, _tag: 'CredentialsError', reason: 'there are none', resume }, true],
  ClientClosed: [{ ...told, _tag: 'ClientClosed', resume }, true],
}

describe('failureOf', () => {
  for (const [tag, [error, retries]] of Object.entries(CASES))
    it(`should ${retries ? 'let Temporal try again' : 'not be tried again'} when the word is ${tag}`, () => {
      const failure = failureOf(error)
      expect(failure).to.include({ type: tag, message: 'so it is', nonRetryable: !retries })
      expect(failure.details).to.deep.equal([error])
    })

  it('should not be tried again when the operation succeeded and only its response was refused', () => {
    const refused = { ...told, _tag: 'MalformedResponse', path: 'response', reason: 'odd', resume } as const
    expect(failureOf({ ...refused, outcome: 'succeeded' }).nonRetryable).to.equal(true)
  })
})
