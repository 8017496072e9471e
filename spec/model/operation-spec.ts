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
  for (const [operation, runs, told] of rows) {
    it(`should tell ${operation._tag} from the other`, () => {
      expect([isRunning(operation), isSucceeded(operation)]).to.deep.equal([runs, !runs])
    })

    it(`should answer with the function for ${operation._tag}, which is given the whole`, () => {
      const seen: unknown[] = []
      const tell = matchOperation<string, { step: number }, string>({
        Running: (given) => {
          seen.push(given)
          return `at step ${given.metadata?.step}`
        },
        Succeeded: (given) => {
          seen.push(given)
          return given.response
        },
      })
      expect(tell(operation)).to.equal(told)
      expect(seen).to.have.length(1)
      expect(seen[0]).to.equal(operation)
    })
  }
})
