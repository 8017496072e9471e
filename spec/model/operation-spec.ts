import { expect } from 'chai'
import {
  isRunning,
  isSucceeded,
  matchOperation,
  type Operation,
  type Running,
  type Succeeded,
} from '../../lib/model/operation.js'

const running: Running<{ step: number }> = {
  _tag: 'Running',
  done: false,
  name: 'operations/x',
  metadata: { step: 2 },
  attempt: 1,
  elapsed: 0,
}
const succeeded: Succeeded<string, { step: number }> = {
  _tag: 'Succeeded',
  done: true,
  name: 'operations/x',
  response: 'made',
  attempt: 2,
  elapsed: 750,
}

describe('model/operation', () => {
  const rows: readonly (readonly [Operation<string, { step: number }>, boolean, string])[] = [
    [running, true, 'at step 2'],
    [succeeded, false, 'made'],
  ]
  for (const [operation, isRunningExpected, mapped] of rows) {
    it(`should match ${operation._tag} only with its own type guard`, () => {
      expect([isRunning(operation), isSucceeded(operation)]).to.deep.equal([
        isRunningExpected,
        !isRunningExpected,
      ])
    })

    it(`should call only the function for ${operation._tag}, with the whole operation`, () => {
      const received: unknown[] = []
      const map = matchOperation<string, { step: number }, string>({
        Running: (given) => {
          received.push(given)
          return `at step ${given.metadata?.step}`
        },
        Succeeded: (given) => {
          received.push(given)
          return given.response
        },
      })
      expect(map(operation)).to.equal(mapped)
      expect(received).to.have.length(1)
      expect(received[0]).to.equal(operation)
    })
  }
})
