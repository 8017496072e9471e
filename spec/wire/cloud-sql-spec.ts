import { expect } from 'chai'
import { isRight } from 'fp-ts/lib/Either.js'
import type { JsonObject } from '../../lib/model/json.js'
import { CLOUD_SQL } from '../../lib/wire/cloud-sql.js'
import type { OperationProtocol } from '../../lib/wire/protocol.js'

const { get, cancel, list } = CLOUD_SQL as Required<OperationProtocol>

const ID = '0a1b2c3d-4e5f-6071-8293-a4b5c6d7e8f9'
const NAME = `projects/shop/operations/${ID}`
const done: JsonObject = {
  kind: 'sql#operation',
  name: ID,
  status: 'DONE',
  operationType: 'CREATE_USER',
  targetLink: 'https://sqladmin.googleapis.com/sql/v1beta4/projects/shop/instances/till',
  selfLink: `https://sqladmin.googleapis.com/sql/v1beta4/${NAME}`,
}

function decoded(members: JsonObject) {
  const operation = CLOUD_SQL.decode({ ...done, ...members }, NAME)
  if (!isRight(operation)) throw new Error(JSON.stringify(operation.left))
  return operation.right
}

function failure(errors: readonly JsonObject[]) {
  const operation = decoded({ error: { kind: 'sql#operationErrors', errors } })
  if (operation._tag !== 'Failed') throw new Error(operation._tag)
  return operation.status
}

describe('wire/cloud-sql', () => {
  for (const status of ['PENDING', 'RUNNING', 'SQL_OPERATION_STATUS_UNSPECIFIED', 1, 2])
    it(`should decode the status ${status} as running`, () => {
      expect(decoded({ status })._tag).to.equal('Running')
    })

  for (const status of ['DONE', 3])
    it(`should decode the status ${status} as a success`, () => {
      const metadata = { ...done, status }
      const operation = {
        _tag: 'Succeeded',
        name: NAME,
        metadata,
        target: done.targetLink,
        response: undefined,
      }
      expect(decoded({ status })).to.deep.equal(operation)
    })

  for (const [base, version] of [
    ['v1', 'v1'],
    ['sql/v1beta4', 'v1beta4'],
  ])
    it(`should use the name in the selfLink of a started operation with API version ${version}`, () => {
      const selfLink = `https://sqladmin.googleapis.com/${base}/${NAME}`
      expect(CLOUD_SQL.decodeStarted({ ...done, selfLink })).to.have.nested.property('right.name', NAME)
    })

  it('should use the operation beside the certificate in the response of sslCerts.insert', () => {
    const started = CLOUD_SQL.decodeStarted({
      kind: 'sql#sslCertsInsert',
      operation: { ...done, status: 'PENDING' },
      clientCert: { certInfo: { sha1Fingerprint: 'f' } },
    })
    expect(started).to.have.nested.property('right._tag', 'Running')
    expect(started).to.have.nested.property('right.name', NAME)
  })

  it('should keep all errors of a failed operation', () => {
    const status = failure([{ code: 'INTERNAL_ERROR', message: 'a' }, { code: 'ERROR_RDBMS' }])
    expect(status).to.include({ codeName: 'INTERNAL', code: 13, message: 'a' })
    expect(status.errors).to.deep.equal([
      { code: 'INTERNAL_ERROR', message: 'a', domain: '', reason: 'INTERNAL_ERROR' },
      { code: 'ERROR_RDBMS', message: '', domain: '', reason: 'ERROR_RDBMS' },
    ])
  })

  it('should use the code of an error as message if the error has no message', () => {
    expect(failure([{ code: 7 }])).to.include({ codeName: 'UNKNOWN', message: '7' })
    expect(failure([{ code: 'ERROR_RDBMS' }])).to.include({ codeName: 'UNKNOWN', message: 'ERROR_RDBMS' })
    expect(failure([])).to.deep.equal({ code: 2, codeName: 'UNKNOWN', message: '', details: [] })
  })

  it('should decode the warning of the API', () => {
    const apiWarning = { code: 'REGION_UNREACHABLE', message: 'm', region: 'eu' }
    for (const code of ['REGION_UNREACHABLE', 1])
      expect(decoded({ apiWarning: { ...apiWarning, code } }).warnings).to.deep.equal([
        { code: 'REGION_UNREACHABLE', message: 'm', data: { region: 'eu' } },
      ])
  })

  it('should request the methods of the API, without the instance in the path', () => {
    const page = { filter: 'f', pageSize: 5, pageToken: 't' }
    const query = { filter: 'f', maxResults: 5, pageToken: 't' }
    expect(get(`projects/shop/instances/till/operations/${ID}`)).to.deep.equal({ name: NAME })
    expect(cancel(NAME)).to.deep.equal({ method: 'POST', name: NAME, suffix: '/cancel', body: {} })
    expect(list('projects/shop/operations', page)).to.deep.equal({
      name: 'projects/shop/operations',
      query: { instance: undefined, ...query },
    })
    expect(list('projects/shop/instances/till/operations', page)).to.deep.equal({
      name: 'projects/shop/operations',
      query: { instance: 'till', ...query },
    })
    expect([CLOUD_SQL.wait, CLOUD_SQL.delete]).to.deep.equal([undefined, undefined])
  })

  it('should decode a list with complete names and its warnings', () => {
    const warnings = [{ code: 'REGION_UNREACHABLE', message: 'm', region: 'eu' }]
    const page = CLOUD_SQL.decodePage({ items: [done], warnings }, 'projects/shop/instances/till/operations')
    if (!isRight(page)) throw new Error(page.left.message)
    expect(page.right.operations).to.have.nested.property('[0].right.name', NAME)
    expect(page.right.warnings).to.deep.equal([
      { code: 'REGION_UNREACHABLE', message: 'm', data: { region: 'eu' } },
    ])
  })
})
