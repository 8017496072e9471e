import { expect } from 'chai'
import { isRight, right } from 'fp-ts/lib/Either.js'
import type { Json, JsonObject } from '../../lib/model/json.js'
import { COMPUTE } from '../../lib/wire/compute.js'
import type { OperationProtocol } from '../../lib/wire/protocol.js'

const { get, wait, delete: deleteRecord, list } = COMPUTE as Required<OperationProtocol>

const ZONE = 'projects/shop/zones/europe-west4-b'
const ID = 'operation-1790000000000-5f1a2b3c4d5e6-01234567-89abcdef'
const NAME = `${ZONE}/operations/${ID}`
const API = 'https://www.googleapis.com/compute/v1'
const running: JsonObject = {
  kind: 'compute#operation',
  id: '4711',
  name: ID,
  zone: `${API}/${ZONE}`,
  operationType: 'insert',
  targetLink: `${API}/${ZONE}/instances/till-1`,
  status: 'RUNNING',
  progress: 0,
  startTime: '2026-11-20T01:02:03.004-07:00',
  selfLink: `${API}/${NAME}`,
}
const done: JsonObject = { ...running, status: 'DONE', progress: 100 }
const target = `${API}/${ZONE}/instances/till-1`

function decoded(body: unknown, name = NAME) {
  const operation = COMPUTE.decode(body, name)
  if (!isRight(operation)) throw new Error(JSON.stringify(operation.left))
  return operation.right
}

function failure(members: JsonObject) {
  const operation = decoded({ ...done, ...members })
  if (operation._tag !== 'Failed') throw new Error(operation._tag)
  return operation.status
}

describe('wire/compute', () => {
  it('should decode a running operation with the whole body as metadata, and the changed resource', () => {
    expect(decoded(running)).to.deep.equal({ _tag: 'Running', name: NAME, metadata: running, target })
  })

  it('should decode DONE without an error as a success without a response', () => {
    const operation = { _tag: 'Succeeded', name: NAME, metadata: done, target, response: undefined }
    expect(decoded(done)).to.deep.equal(operation)
  })

  for (const status of ['PENDING', 'RUNNING', 'SOMETHING_NEW', 35394935, 121282975])
    it(`should decode the status ${status} as running`, () => {
      expect(decoded({ ...running, status })._tag).to.equal('Running')
    })

  it('should decode the number of DONE as done', () => {
    expect(decoded({ ...running, status: 2104194 })._tag).to.equal('Succeeded')
  })

  it('should decode an error before DONE as running, because only DONE is final', () => {
    const error = { errors: [{ code: 'RESOURCE_NOT_READY', message: 'wait' }] }
    expect(decoded({ ...running, error })._tag).to.equal('Running')
  })

  for (const [what, body, path] of [
    ['a body that is not an object', 'x', ''],
    ['a body without a status', { name: ID }, 'status'],
    ['a google.longrunning operation', { name: NAME, done: true }, 'status'],
    ['a name that is a number', { ...running, name: 5 }, 'name'],
  ] as const)
    it(`should reject ${what}`, () => {
      expect(COMPUTE.decode(body, NAME)).to.have.nested.property('left.path', path)
    })

  describe('the name of an operation', () => {
    it('should be the requested name if the body has its last segment as name or numeric ID', () => {
      expect(decoded(running).name).to.equal(NAME)
      expect(decoded(running, `${ZONE}/operations/4711`).name).to.equal(`${ZONE}/operations/4711`)
    })

    it('should be the name in the selfLink for another operation', () => {
      expect(decoded(running, `${ZONE}/operations/other`).name).to.equal(NAME)
    })

    for (const [scope, path] of [
      ['regional', 'projects/shop/regions/europe-west4/operations/x'],
      ['global', 'projects/shop/global/operations/x'],
      ['of an organization', 'locations/global/operations/x'],
    ] as const)
      it(`should come from the selfLink of a started operation that is ${scope}`, () => {
        for (const base of [API, 'https://compute.googleapis.com/compute/beta'])
          expect(COMPUTE.decodeStarted({ ...running, selfLink: `${base}/${path}` })).to.have.nested.property(
            'right.name',
            path,
          )
      })

    it('should come from the body inside the result of @google-cloud/compute', () => {
      const result = { latestResponse: running, done: false, name: '4711', metadata: null, result: {} }
      expect(COMPUTE.decodeStarted(result)).to.have.nested.property('right.name', NAME)
    })
  })

  describe('the status of a failed operation', () => {
    const first = {
      code: 'ZONE_RESOURCE_POOL_EXHAUSTED',
      message: 'The zone has no capacity.',
      location: 'eu',
      errorDetails: [
        { help: { links: [{ description: 'More', url: 'https://cloud.google.com/compute' }] } },
        { localizedMessage: { locale: 'en-US', message: 'No capacity' } },
        { errorInfo: { reason: 'stockout', domain: 'compute.googleapis.com', metadatas: { vmType: 'e2' } } },
        { quotaInfo: { metricName: 'm', limitName: 'l', dimensions: { region: 'eu' }, limit: 24 } },
        { somethingNew: { a: 1 } },
      ],
    }
    const second = { code: 'RESOURCE_NOT_FOUND', message: 'No disk.' }

    it('should have the message of the first error, and keep all errors with all members', () => {
      const status = failure({ error: { errors: [first, second] }, httpErrorStatusCode: 503 })
      expect(status).to.include({ codeName: 'UNAVAILABLE', code: 14, message: first.message })
      expect(status.errors).to.deep.equal([
        { ...first, domain: '', reason: first.code },
        { ...second, domain: '', reason: second.code },
      ])
    })

    it('should have a code and a message that are numbers as text', () => {
      const status = failure({ error: { errors: [{ code: 503, message: 5 }] } })
      expect(status.message).to.equal('5')
      expect(status.errors).to.deep.equal([{ code: 503, message: '5', domain: '', reason: '503' }])
    })

    it('should have the details of all errors, with the types of google.rpc', () => {
      const [help, message, info, quota, other] = failure({ error: { errors: [second, first] } }).details
      expect(help).to.deep.include({ _tag: 'Help', links: first.errorDetails[0]?.help?.links })
      expect(message).to.include({ _tag: 'LocalizedMessage', message: 'No capacity' })
      expect(info).to.deep.include({ _tag: 'ErrorInfo', reason: 'stockout', metadata: { vmType: 'e2' } })
      expect(quota).to.have.property('_tag', 'QuotaFailure')
      expect(quota).to.have.nested.property('violations[0].quotaMetric', 'm')
      expect(quota).to.have.nested.property('violations[0].quotaValue', '24')
      expect(other).to.deep.equal({ _tag: 'UnknownDetail', type: '', value: { somethingNew: { a: 1 } } })
    })

    const codes: readonly (readonly [string, number | undefined, string])[] = [
      ['RESOURCE_IN_USE', 400, 'INVALID_ARGUMENT'],
      ['X', 401, 'UNAUTHENTICATED'],
      ['X', 403, 'PERMISSION_DENIED'],
      ['X', 404, 'NOT_FOUND'],
      ['X', 409, 'ALREADY_EXISTS'],
      ['X', 429, 'RESOURCE_EXHAUSTED'],
      ['X', 500, 'INTERNAL'],
      ['X', 503, 'UNAVAILABLE'],
      ['X', undefined, 'UNKNOWN'],
      ['QUOTA_EXCEEDED', 403, 'RESOURCE_EXHAUSTED'],
      ['PERMISSION_DENIED', 400, 'PERMISSION_DENIED'],
      ['constructor', undefined, 'UNKNOWN'],
    ]
    for (const [code, httpErrorStatusCode = null, codeName] of codes)
      it(`should have the code ${codeName} for the error ${code} and the HTTP status ${httpErrorStatusCode}`, () => {
        expect(failure({ error: { errors: [{ code }] }, httpErrorStatusCode }).codeName).to.equal(codeName)
      })

    it('should have the HTTP message if there is no error message', () => {
      const members = { error: {}, httpErrorStatusCode: 400, httpErrorMessage: 'BAD REQUEST' }
      expect(failure(members)).to.include({ message: 'BAD REQUEST', codeName: 'INVALID_ARGUMENT' })
    })
  })

  it('should decode the warnings of an operation, whether it failed or not', () => {
    const warning = {
      code: 'DEPRECATED_RESOURCE_USED',
      message: 'm',
      data: [{ key: 'resource', value: 'r' }],
    }
    const warnings = [{ code: 'DEPRECATED_RESOURCE_USED', message: 'm', data: { resource: 'r' } }]
    for (const members of [{}, { error: { errors: [{ code: 'X' }] } }])
      expect(decoded({ ...done, ...members, warnings: [warning] }).warnings).to.deep.equal(warnings)
  })

  it('should request the methods of the API', () => {
    const collection = `${ZONE}/operations`
    expect(get(NAME)).to.deep.equal({ name: NAME })
    expect(wait(NAME, 30_000)).to.deep.equal({
      method: 'POST',
      name: NAME,
      suffix: '/wait',
      body: {},
      serverTimeout: 120_000,
    })
    expect(deleteRecord(NAME)).to.deep.equal({ method: 'DELETE', name: NAME })
    const page = { filter: 'f', pageSize: 5, pageToken: 't', returnPartialSuccess: true }
    expect(list(collection, page)).to.deep.equal({
      name: collection,
      query: { filter: 'f', maxResults: 5, pageToken: 't', returnPartialSuccess: true },
    })
    expect(COMPUTE.cancel).to.equal(undefined)
    expect(COMPUTE.hasMethod?.('wait', NAME)).to.equal(true)
    expect(COMPUTE.hasMethod?.('wait', 'locations/global/operations/x')).to.equal(false)
    expect(COMPUTE.hasMethod?.('list', 'locations/global/operations')).to.equal(true)
  })

  describe('a page', () => {
    function page(body: Json, collection: string) {
      const result = COMPUTE.decodePage(body, collection)
      if (!isRight(result)) throw new Error(JSON.stringify(result.left))
      return result.right
    }
    const succeeded = { _tag: 'Succeeded', name: NAME, metadata: done, target, response: undefined }
    const warning = { code: 'UNREACHABLE', message: 'a zone is down', data: [] }

    it('should contain the operations of one scope, with complete names', () => {
      const { operations, nextPageToken } = page({ items: [done], nextPageToken: 't' }, `${ZONE}/operations`)
      expect(operations).to.deep.equal([right(succeeded)])
      expect(nextPageToken).to.equal('t')
    })

    it('should contain the operations of all scopes of an aggregated list, and their warnings', () => {
      const items = { 'zones/a': { operations: [done] }, 'zones/b': { warning } }
      const result = page({ items, unreachables: ['zones/b'] }, 'projects/shop/aggregated/operations')
      expect(result.operations).to.deep.equal([right(succeeded)])
      expect(result.warnings).to.deep.equal([{ ...warning, data: {} }])
      expect(result.unreachable).to.deep.equal(['zones/b'])
    })

    it('should derive the name of an operation in an aggregated list from the scope if there is no selfLink', () => {
      const operation = { name: ID, status: 'DONE' }
      const items = {
        global: { operations: [operation] },
        'regions/r': { operations: [operation] },
        'zones/z': { operations: [operation, 5] },
      }
      const { operations } = page({ items }, 'projects/shop/aggregated/operations')
      expect(operations.map((item) => isRight(item) && item.right.name)).to.deep.equal([
        `projects/shop/global/operations/${ID}`,
        `projects/shop/regions/r/operations/${ID}`,
        `projects/shop/zones/z/operations/${ID}`,
        false,
      ])
    })

    for (const [noResults, unreachable] of [
      ['NO_RESULTS_ON_PAGE', 'UNREACHABLE'],
      [30036744, 13328052],
    ])
      it(`should be complete with the warning ${noResults}, and lack the scopes with the warning ${unreachable}`, () => {
        const empty = { code: noResults ?? null, message: 'no results' }
        const down = { code: unreachable ?? null, message: 'down' }
        const items = { 'zones/a': { warning: empty }, 'zones/b': { warning: down } }
        const aggregated = page({ items, warning: empty }, 'projects/shop/aggregated/operations')
        expect(aggregated.unreachable).to.deep.equal(['zones/b'])
        expect(aggregated.warnings).to.deep.equal([{ code: 'UNREACHABLE', message: 'down', data: {} }])
        expect(page({ items: [], warning: empty }, `${ZONE}/operations`)).to.deep.include({
          unreachable: [],
          warnings: [],
        })
      })

    it('should be empty without items', () => {
      const empty = { operations: [], unreachable: [], warnings: [], nextPageToken: undefined }
      expect(page({}, 'x/operations')).to.deep.equal(empty)
    })
  })
})
