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
  for (const [operation, isRunningExpected, expectedResult] of rows) {
    it(`should match ${operation._tag} only with its own type guard`, () => {
      expect([isRunning(operation), isSucceeded(operation)]).to.deep.equal([
        isRunningExpected,
        !isRunningExpected,
      ])
    })

    it(`should call only the function for ${operation._tag}, with the whole operation`, () => {
      const receivedOperations: unknown[] = []
      const match = matchOperation<string, { step: number }, string>({
        Running: (givenOperation) => {
          receivedOperations.push(givenOperation)
          return `at step ${givenOperation.metadata?.step}`
        },
        Succeeded: (givenOperation) => {
          receivedOperations.push(givenOperation)
          return givenOperation.response
        },
      })
      expect(match(operation)).to.equal(expectedResult)
      expect(receivedOperations).to.have.length(1)
      expect(receivedOperations[0]).to.equal(operation)
    })
  }
})
