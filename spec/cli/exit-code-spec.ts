import { expect } from 'chai'
import { type Ended, exitCode } from '../../lib/cli/exit-code.js'
import { failed, invalid, running, succeeded, timedOut, unauthorized } from './results.js'

describe('cli/exit-code', () => {
  const rows: readonly (readonly [string, Ended, number])[] = [
    ['nothing to watch', { last: [] }, 0],
    ['all succeeded', { last: [succeeded(), succeeded()] }, 0],
    ['a snapshot that runs', { last: [running()] }, 0],
    ['one failed', { last: [succeeded(), failed()] }, 1],
    ['one timed out', { last: [timedOut, succeeded()] }, 124],
    ['one was not learned', { last: [timedOut, unauthorized] }, 3],
    ['a failure beside what was not learned', { last: [timedOut, unauthorized, failed()] }, 1],
    ['an invalid name among others', { last: [failed(), invalid, timedOut] }, 2],
    ['SIGINT', { last: [invalid], unfinished: 1, stop: 'SIGINT' }, 130],
    ['SIGTERM', { last: [], stop: 'SIGTERM' }, 143],
    ['a closed pipe before the end', { last: [succeeded()], unfinished: 1, stop: 'closed' }, 3],
    ['a closed pipe at the end', { last: [succeeded()], stop: 'closed' }, 0],
  ]
  for (const [what, ended, code] of rows)
    it(`should be ${code} for ${what}`, () => expect(exitCode(ended)).to.equal(code))
})
