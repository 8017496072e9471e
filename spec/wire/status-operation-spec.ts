import { expect } from 'chai'
import { left } from 'fp-ts/lib/Either.js'
import { CLOUD_SQL } from '../../lib/wire/cloud-sql.js'
import { COMPUTE } from '../../lib/wire/compute.js'
import { GKE } from '../../lib/wire/gke.js'

describe('wire/status-operation', () => {
  for (const protocol of [COMPUTE, GKE, CLOUD_SQL])
    for (const error of ['failed', ['failed'], true])
      it(`should not decode an operation of ${protocol.name} as a success if its error is ${JSON.stringify(error)}`, () => {
        const expected = left({
          path: 'error',
          message: `expected an object, got ${Array.isArray(error) ? 'an array' : `a ${typeof error}`}`,
        })
        const body = { name: 'x', status: 'DONE', error }
        expect(protocol.decode(body, 'projects/p/operations/x')).to.deep.equal(expected)
      })
})
