import { expect } from 'chai'
import { left } from 'fp-ts/lib/Either.js'
import { CLOUD_SQL } from '../../lib/wire/cloud-sql.js'
import { COMPUTE } from '../../lib/wire/compute.js'
import { GKE } from '../../lib/wire/gke.js'
import { decodeStarted } from '../../lib/wire/started-operation.js'

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

  for (const protocol of [COMPUTE, GKE, CLOUD_SQL])
    it(`should reject a started operation of ${protocol.name} that is running and has no link with its name`, () => {
      const reason = left('it has no complete name')
      expect(decodeStarted({ name: 'x', status: 'RUNNING' }, protocol)).to.deep.equal(reason)
      expect(decodeStarted({ name: 'x', status: 'DONE' }, protocol)).to.have.nested.property(
        'right._tag',
        'Succeeded',
      )
    })
})
