import { expect } from 'chai'
import { exitCode, type RunResult } from '../../lib/cli/exit-code.js'
import { failed, invalid, missingMethod, running, succeeded, timedOut, unauthorized } from './results.js'

describe('cli/exit-code', () => {
  const rows: readonly (readonly [string, RunResult, number])[] = [
    ['there is no operation', { results: [] }, 0],
    ['all operations succeeded', { results: [succeeded(), succeeded()] }, 0],
    ['the operation is running', { results: [running()] }, 0],
    ['an operation failed', { results: [succeeded(), failed()] }, 1],
    ['a watch timed out', { results: [timedOut, succeeded()] }, 124],
    ['a watch timed out and a state is unknown', { results: [timedOut, unauthorized] }, 3],
    ['an operation failed and a state is unknown', { results: [timedOut, unauthorized, failed()] }, 1],
    ['a name is invalid and an operation failed', { results: [failed(), invalid, timedOut] }, 2],
    ['the service lacks the method, and no request was sent', { results: [missingMethod] }, 2],
    ['SIGINT stops the program', { results: [invalid], unfinished: 1, stop: 'SIGINT' }, 130],
    ['SIGTERM stops the program', { results: [], stop: 'SIGTERM' }, 143],
    ['the pipe is closed before all results', { results: [succeeded()], unfinished: 1, stop: 'closed' }, 3],
    ['the pipe is closed after all results', { results: [succeeded()], stop: 'closed' }, 0],
  ]
  for (const [condition, result, code] of rows)
    it(`should return ${code} if ${condition}`, () => expect(exitCode(result)).to.equal(code))
})
