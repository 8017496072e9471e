import { expect } from 'chai'
import type { ErrorTag, OperationError } from 'rx-longrunning'
import { toApplicationFailure } from 'rx-longrunning/temporal'

const resume = { name: 'operations/cp.1', endpoint: 'https://example.com', apiVersion: 'v3' }
const common = { message: 'the message', name: resume.name }
const status = { code: 7, codeName: 'PERMISSION_DENIED', message: 'no', details: [] } as const

/** An error of each kind, and whether Temporal retries after it. */
const CASES: Readonly<Record<ErrorTag, readonly [error: OperationError, retries: boolean]>> = {
  OperationFailed: [{ ...common, _tag: 'OperationFailed', status }, false],
  OperationNotFound: [{ ...common, _tag: 'OperationNotFound', status, resume }, false],
  RequestRejected: [{ ...common, _tag: 'RequestRejected', httpStatus: 403, status, resume }, false],
  InvalidName: [{ ...common, _tag: 'InvalidName', reason: 'empty' }, false],
  MalformedResponse: [{ ...common, _tag: 'MalformedResponse', path: '', reason: 'a page', resume }, true],
  Unreachable: [
    {
      ...common,
      _tag: 'Unreachable',
      attempts: 3,
      lasted: 600_000,
      last: { _tag: 'ConnectionFailed', code: 'ECONNREFUSED' },
      resume,
    },
    true,
  ],
  TimedOut: [{ ...common, _tag: 'TimedOut', timeout: 1_000, resume }, true],
  CredentialsError: [{ ...common, _tag: 'CredentialsError', reason: 'no credentials', resume }, true],
  ClientClosed: [{ ...common, _tag: 'ClientClosed', resume }, true],
}

describe('toApplicationFailure', () => {
  for (const [tag, [error, retries]] of Object.entries(CASES))
    it(`should return a ${retries ? 'retryable' : 'non-retryable'} failure if the final result is ${tag}`, () => {
      const failure = toApplicationFailure(error)
      expect(failure).to.include({ type: tag, message: 'the message', nonRetryable: !retries })
      expect(failure.details).to.deep.equal([error])
    })

  it('should return a non-retryable failure if the operation succeeded and the decoder rejected its response', () => {
    const rejected = {
      ...common,
      _tag: 'MalformedResponse',
      path: 'response',
      reason: 'odd',
      resume,
    } as const
    expect(toApplicationFailure({ ...rejected, outcome: 'succeeded' }).nonRetryable).to.equal(true)
  })
})
