import { expect } from 'chai'
import { isRight } from 'fp-ts/lib/Either.js'
import type { JsonObject } from '../../lib/model/json.js'
import { GKE } from '../../lib/wire/gke.js'
import type { OperationProtocol } from '../../lib/wire/protocol.js'

const { cancel, list } = GKE as Required<OperationProtocol>

const ID = 'operation-1790000000000-0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'
const NAME = `projects/shop/locations/europe-west4-b/operations/${ID}`
const done: JsonObject = {
  name: ID,
  zone: 'europe-west4-b',
  operationType: 'CREATE_CLUSTER',
  status: 'DONE',
  selfLink: `https://container.googleapis.com/v1/projects/987654321/zones/europe-west4-b/operations/${ID}`,
  targetLink: 'https://container.googleapis.com/v1/projects/987654321/zones/europe-west4-b/clusters/till',
}

function decoded(members: JsonObject, name = NAME) {
  const operation = GKE.decode({ ...done, ...members }, name)
  if (!isRight(operation)) throw new Error(JSON.stringify(operation.left))
  return operation.right
}

function failure(members: JsonObject) {
  const operation = decoded(members)
  if (operation._tag !== 'Failed') throw new Error(operation._tag)
  return operation.status
}

describe('wire/gke', () => {
  for (const status of ['PENDING', 'RUNNING', 'ABORTING', 'STATUS_UNSPECIFIED', 1, 2, 4])
    it(`should decode the status ${status} as running`, () => {
      expect(decoded({ status })._tag).to.equal('Running')
    })

  for (const status of ['DONE', 3])
    it(`should decode the status ${status} as a success`, () => {
      expect(decoded({ status })).to.deep.equal({
        _tag: 'Succeeded',
        name: NAME,
        metadata: { ...done, status },
        target: done.targetLink,
        response: undefined,
      })
    })

  it('should use the name in the selfLink of a started operation, because the body has only its ID', () => {
    const started = GKE.decodeStarted({ ...done, status: 'RUNNING' })
    expect(started).to.have.nested.property(
      'right.name',
      `projects/987654321/zones/europe-west4-b/operations/${ID}`,
    )
  })

  describe('a failed operation', () => {
    it('should have the status in error, with its details', () => {
      const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'R' }]
      const status = failure({ error: { code: 8, message: 'no quota', details }, statusMessage: 'old text' })
      expect(status).to.include({ codeName: 'RESOURCE_EXHAUSTED', message: 'no quota' })
      expect(status.details).to.have.nested.property('[0]._tag', 'ErrorInfo')
    })

    it('should have the status message if there is no error', () => {
      expect(failure({ statusMessage: 'no such version' })).to.deep.equal({
        code: 2,
        codeName: 'UNKNOWN',
        message: 'no such version',
        details: [],
      })
    })

    for (const [what, condition, codeName] of [
      ['a canonical code by name', { canonicalCode: 'UNAVAILABLE' }, 'UNAVAILABLE'],
      ['a canonical code by number', { canonicalCode: 14 }, 'UNAVAILABLE'],
      ['the code GCE_STOCKOUT', { code: 'GCE_STOCKOUT' }, 'RESOURCE_EXHAUSTED'],
      ['the number of GCE_STOCKOUT', { code: 1 }, 'RESOURCE_EXHAUSTED'],
      ['an unknown code', { code: 'SOMETHING_NEW' }, 'UNKNOWN'],
    ] as const)
      it(`should have the message of a failing condition with ${what}`, () => {
        for (const member of ['clusterConditions', 'nodepoolConditions']) {
          const status = failure({ [member]: [{ ...condition, message: 'no nodes' }] })
          expect(status).to.include({ codeName, message: 'no nodes' })
          expect(status.errors).to.have.nested.property('[0].message', 'no nodes')
        }
      })
  })

  it('should report a condition whose code is a number by its name', () => {
    const { warnings, _tag } = decoded({ clusterConditions: [{ code: 4, message: 'set' }] })
    expect(_tag).to.equal('Succeeded')
    expect(warnings).to.deep.equal([{ code: 'SET_BY_OPERATOR', message: 'set', data: {} }])
  })

  it('should report the conditions that do not fail as warnings of a success', () => {
    const clusterConditions = [
      { code: 'CA_EXPIRING', message: 'renew it' },
      { canonicalCode: 'OK', message: 'fine' },
    ]
    const operation = decoded({ clusterConditions, error: { code: 0 } })
    expect(operation._tag).to.equal('Succeeded')
    expect(operation.warnings).to.deep.equal([
      { code: 'CA_EXPIRING', message: 'renew it', data: {} },
      { code: '', message: 'fine', data: {} },
    ])
  })

  it('should request the methods of the API', () => {
    expect(cancel(NAME)).to.deep.equal({ method: 'POST', name: NAME, suffix: ':cancel', body: {} })
    expect(list('projects/p/locations/-/operations', { filter: 'f', pageSize: 5 })).to.deep.equal({
      name: 'projects/p/locations/-/operations',
    })
    expect([GKE.wait, GKE.delete]).to.deep.equal([undefined, undefined])
  })

  it('should decode a list of all locations with complete names, and report the missing zones', () => {
    const page = GKE.decodePage(
      { operations: [done, { ...done, zone: null, location: 'us-east1' }], missingZones: ['us-west1-a'] },
      'projects/shop/locations/-/operations',
    )
    if (!isRight(page)) throw new Error(page.left.message)
    const names = page.right.operations.map((operation) => isRight(operation) && operation.right.name)
    expect(names).to.deep.equal([NAME, `projects/shop/locations/us-east1/operations/${ID}`])
    expect(page.right.unreachable).to.deep.equal(['us-west1-a'])
  })

  it('should use the selfLink of an operation in a list of all locations if the operation has no location', () => {
    const { zone: _, ...operation } = done
    const page = GKE.decodePage({ operations: [operation] }, 'projects/shop/locations/-/operations')
    expect(page).to.have.nested.property(
      'right.operations[0].right.name',
      `projects/987654321/zones/europe-west4-b/operations/${ID}`,
    )
  })
})
