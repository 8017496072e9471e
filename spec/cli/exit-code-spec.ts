import { expect } from 'chai'
import { exitCode, type RunResult } from '../../lib/cli/exit-code.js'
import { failed, invalid, running, succeeded, timedOut, unauthorized } from './results.js'

describe('cli/exit-code', () => {
  const rows: readonly (readonly [string, RunResult, number])[] = [
    ['no operation', { results: [] }, 0],
    ['all succeeded', { results: [succeeded(), succeeded()] }, 0],
    ['a running snapshot', { results: [running()] }, 0],
    ['one failed', { results: [succeeded(), failed()] }, 1],
    ['one timed out', { results: [timedOut, succeeded()] }, 124],
    ['one outcome is unknown', { results: [timedOut, unauthorized] }, 3],
    ['a failure and an unknown outcome', { results: [timedOut, unauthorized, failed()] }, 1],
    ['an invalid name among others', { results: [failed(), invalid, timedOut] }, 2],
    ['SIGINT', { results: [invalid], unfinished: 1, stop: 'SIGINT' }, 130],
    ['SIGTERM', { results: [], stop: 'SIGTERM' }, 143],
    ['a closed pipe before all results', { results: [succeeded()], unfinished: 1, stop: 'closed' }, 3],
    ['a closed pipe after all results', { results: [succeeded()], stop: 'closed' }, 0],
  ]
  for (const [condition, result, code] of rows)
    it(`should return ${code} for: ${condition}`, () => expect(exitCode(result)).to.equal(code))
})
