import { expect } from 'chai'
import type { EmulatorOptions } from '../../../lib/emulator/index.js'
import { createRig, type JsonResponse, type Rig } from '../rig.js'
import { sendRequest } from '../send-request.js'

const ZONE = 'projects/p/zones/europe-west1-b'
const NAME = `${ZONE}/operations/o`
const PATH = `/compute/v1/${ZONE}`
const LINK = 'https://www.googleapis.com/compute/v1'

function createComputeRig(options: EmulatorOptions = {}): Promise<Rig> {
  return createRig({ services: ['compute'], ...options })
}

/** Returns the HTTP status and the body of an error. */
function errorOf({ status, body }: JsonResponse): readonly unknown[] {
  return [status, body.error]
}

/** Returns the error that Compute Engine sends, in the older format without `status`. */
function legacyError(code: number, reason: string, message: string): readonly unknown[] {
  return [code, { code, message, errors: [{ message, domain: 'global', reason }] }]
}

describe('emulator/services/compute-service', () => {
  describe('operations', () => {
    it('should send the members of a scripted operation of a zone', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add(NAME, [
        { metadata: { operationType: 'insert', targetLink: `${LINK}/${ZONE}/disks/d`, progress: 30 } },
        { after: 1500, done: true, metadata: { warnings: [{ code: 'NOT_CRITICAL_ERROR' }] } },
      ])
      const running = await rig.send('GET', `${PATH}/operations/o`)
      expect(running.body).to.deep.equal({
        kind: 'compute#operation',
        id: running.body.id,
        name: 'o',
        zone: `${LINK}/${ZONE}`,
        status: 'RUNNING',
        user: 'user@example.com',
        progress: 30,
        insertTime: '1969-12-31T17:00:00.000-07:00',
        startTime: '1969-12-31T17:00:00.000-07:00',
        selfLink: `${LINK}/${NAME}`,
        operationType: 'insert',
        targetLink: `${LINK}/${ZONE}/disks/d`,
      })
      expect(running.body.id).to.match(/^[1-9]\d{17}$/)
      rig.advance(2000)
      const { body } = await rig.send('GET', `${PATH}/operations/o`)
      expect(body).to.deep.include({
        status: 'DONE',
        progress: 100,
        endTime: '1969-12-31T17:00:01.500-07:00',
        warnings: [{ code: 'NOT_CRITICAL_ERROR' }],
      })
      expect(rig.emulator.operations.polls(NAME)).to.equal(2)
    })

    for (const [scope, members] of [
      ['projects/p/zones/z', { zone: `${LINK}/projects/p/zones/z` }],
      ['projects/p/regions/r', { region: `${LINK}/projects/p/regions/r` }],
      ['projects/p/global', {}],
      ['locations/global', {}],
    ] as const) {
      it(`should serve operations of ${scope} by name and by number, in every version`, async () => {
        await using rig = await createComputeRig()
        rig.emulator.operations.add(`${scope}/operations/o`, [{}])
        const { body } = await rig.send('GET', `/compute/v1/${scope}/operations/o`)
        expect(body).to.include({ selfLink: `${LINK}/${scope}/operations/o`, ...members })
        const { zone, region } = body
        expect({ ...(zone && { zone }), ...(region && { region }) }).to.deep.equal(members)
        for (const version of ['v1', 'beta', 'alpha']) {
          const byNumber = await rig.send('GET', `/compute/${version}/${scope}/operations/${body.id}`)
          expect(byNumber.body).to.include({
            name: 'o',
            selfLink: `https://www.googleapis.com/compute/${version}/${scope}/operations/o`,
          })
        }
        expect(rig.emulator.operations.polls(`${scope}/operations/o`)).to.equal(4)
      })
    }

    it('should send a failure with its HTTP status and with details without types', async () => {
      await using rig = await createComputeRig()
      const details = [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'R',
          domain: 'd',
          metadata: { a: 'b' },
        },
        { '@type': 'type.googleapis.com/google.rpc.LocalizedMessage', locale: 'de', message: 'voll' },
      ]
      rig.emulator.operations.add(NAME, [{ done: true, error: { code: 3, message: 'bad', details } }])
      const { body } = await rig.send('GET', `${PATH}/operations/o`)
      expect(body).to.deep.include({
        status: 'DONE',
        httpErrorStatusCode: 400,
        httpErrorMessage: 'BAD REQUEST',
        error: {
          errors: [
            {
              code: 'INVALID_ARGUMENT',
              message: 'bad',
              errorDetails: [
                { errorInfo: { reason: 'R', domain: 'd', metadatas: { a: 'b' } } },
                { localizedMessage: { locale: 'de', message: 'voll' } },
              ],
            },
          ],
        },
      })
    })

    it('should send the error of the script before the operation is done', async () => {
      await using rig = await createComputeRig()
      const error = { errors: [{ code: 'RESOURCE_NOT_READY', message: 'm' }] }
      rig.emulator.operations.add(NAME, [{ metadata: { status: 'PENDING', error } }])
      const { body } = await rig.send('GET', `${PATH}/operations/o`)
      expect(body).to.deep.include({ status: 'PENDING', error })
      expect(body).to.not.have.property('startTime')
    })

    it('should keep the time of the first response that is done if the script has no time', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
      await rig.send('GET', `${PATH}/operations/o`)
      rig.advance(1000)
      const first = await rig.send('GET', `${PATH}/operations/o`)
      rig.advance(1000)
      const second = await rig.send('GET', `${PATH}/operations/o`)
      expect(first.body.endTime).to.equal('1969-12-31T17:00:01.000-07:00')
      expect(second.body.endTime).to.equal(first.body.endTime)
    })

    it('should send the status as a number if the client requests it', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add(NAME, [
        { metadata: { status: 'PENDING' } },
        { polls: 2 },
        { polls: 3, done: true },
      ])
      const target = `${PATH}/operations/o?$alt=json;enum-encoding=int`
      const statuses = [
        await rig.send('GET', target),
        await rig.send('GET', target),
        await rig.send('GET', target),
      ]
      expect(statuses.map(({ body }) => body.status)).to.deep.equal([35394935, 121282975, 2104194])
    })

    it('should hold a wait until the operation is done', async () => {
      await using rig = await createComputeRig({ now: () => performance.now() })
      rig.emulator.operations.add(NAME, [{}, { after: 60, done: true }])
      const startedAt = performance.now()
      const { status, body } = await rig.send('POST', `${PATH}/operations/o/wait`)
      expect([status, body.status]).to.deep.equal([200, 'DONE'])
      expect(performance.now() - startedAt).to.be.greaterThan(50)
      expect(rig.emulator.operations.polls(NAME)).to.equal(1)
    })

    it('should send the running operation when maxWait has passed', async () => {
      await using rig = await createComputeRig({ maxWait: 20 })
      rig.emulator.operations.add(NAME, [{}])
      const { body } = await rig.send('POST', `${PATH}/operations/o/wait`, {})
      expect(body.status).to.equal('RUNNING')
    })

    it('should end a wait with a 404 if the operation is removed', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add(NAME, [{}])
      const wait = rig.send('POST', `${PATH}/operations/o/wait`)
      while (rig.emulator.operations.polls(NAME) === 0) await new Promise((resolve) => setTimeout(resolve, 1))
      rig.emulator.operations.forget(NAME)
      expect((await wait).status).to.equal(404)
    })

    it('should send faults and raw responses of a script', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add(NAME, [{ httpResponse: { httpStatus: 503, body: { a: 1 } } }])
      const { status, body } = await rig.send('GET', `${PATH}/operations/o`)
      expect([status, body]).to.deep.equal([503, { a: 1 }])
    })

    it('should delete an operation with an empty 204', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add(NAME, [{}])
      const { status, text } = await sendRequest(rig.emulator.endpoint, 'DELETE', `${PATH}/operations/o`)
      expect([status, text]).to.deep.equal([204, ''])
      const message = `The resource '${NAME}' was not found`
      for (const [method, suffix] of [
        ['GET', ''],
        ['DELETE', ''],
        ['POST', '/wait'],
      ] as const) {
        const response = await rig.send(method, `${PATH}/operations/o${suffix}`)
        expect(errorOf(response)).to.deep.equal(legacyError(404, 'notFound', message))
      }
    })

    it('should reject a cancellation, because the service has none', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add(NAME, [{}])
      expect((await rig.send('POST', `${PATH}/operations/o/cancel`)).status).to.equal(404)
    })

    it('should list operations in pages, with a filter, and without counting polls', async () => {
      await using rig = await createComputeRig()
      for (const id of ['a', 'b', 'c']) {
        rig.emulator.operations.add(`${ZONE}/operations/${id}`, id === 'b' ? [{ done: true }] : [{}])
      }
      rig.emulator.operations.add('projects/p/global/operations/other', [{}])
      const first = await rig.send('GET', `${PATH}/operations?maxResults=2`)
      expect(first.body).to.include({ kind: 'compute#operationList', id: `${ZONE}/operations` })
      const second = await rig.send(
        'GET',
        `${PATH}/operations?maxResults=2&pageToken=${first.body.nextPageToken}`,
      )
      const names = [...first.body.items, ...second.body.items].map(({ name }) => name)
      expect(names).to.deep.equal(['a', 'b', 'c'])
      expect(second.body).to.not.have.property('nextPageToken')
      const done = await rig.send('GET', `${PATH}/operations?filter=status=DONE`)
      expect(done.body.items.map(({ name }: { name: string }) => name)).to.deep.equal(['b'])
      expect(rig.emulator.operations.polls(`${ZONE}/operations/a`)).to.equal(0)
    })

    it('should list the operations of all scopes of a project', async () => {
      await using rig = await createComputeRig()
      for (const scope of ['zones/a', 'regions/r', 'global']) {
        rig.emulator.operations.add(`projects/p/${scope}/operations/o`, [{}])
      }
      rig.emulator.operations.add('projects/other/global/operations/o', [{}])
      const { body } = await rig.send('GET', '/compute/v1/projects/p/aggregated/operations')
      expect(body.kind).to.equal('compute#operationAggregatedList')
      expect(Object.keys(body.items)).to.deep.equal(['zones/a', 'regions/r', 'global'])
      expect(body.items['zones/a'].operations[0]).to.include({ name: 'o', status: 'RUNNING' })
    })
  })

  describe('resources', () => {
    const instance = {
      name: 'vm',
      machineType: 'zones/europe-west1-b/machineTypes/e2-small',
      tags: { items: ['a'] },
    }

    it('should create a resource when its operation is done', async () => {
      await using rig = await createComputeRig()
      const started = await rig.send('POST', `${PATH}/instances`, instance)
      expect(started.body).to.include({
        kind: 'compute#operation',
        operationType: 'insert',
        status: 'RUNNING',
        targetLink: `${LINK}/${ZONE}/instances/vm`,
      })
      expect(started.body.name).to.match(/^operation-0-[0-9a-f]{13}-[0-9a-f]{8}-[0-9a-f]{8}$/)
      expect((await rig.send('GET', `${PATH}/instances/vm`)).status).to.equal(404)
      rig.advance(10)
      const { body } = await rig.send('GET', `${PATH}/instances/vm`)
      expect(body).to.deep.include({
        ...instance,
        kind: 'compute#instance',
        zone: `${LINK}/${ZONE}`,
        creationTimestamp: '1969-12-31T17:00:00.000-07:00',
        selfLink: `${LINK}/${ZONE}/instances/vm`,
      })
    })

    it('should reject a duplicate, a name that is missing, and a resource that does not exist', async () => {
      await using rig = await createComputeRig()
      await rig.send('POST', `${PATH}/instances`, instance)
      const resource = `The resource '${ZONE}/instances/vm'`
      expect(errorOf(await rig.send('POST', `${PATH}/instances`, instance))).to.deep.equal(
        legacyError(409, 'alreadyExists', `${resource} already exists`),
      )
      expect((await rig.send('POST', `${PATH}/instances`, {})).status).to.equal(400)
      expect((await rig.send('POST', `${PATH}/instances/none/stop`)).status).to.equal(404)
      expect((await rig.send('PATCH', `${PATH}/instances/none`, {})).status).to.equal(404)
    })

    it('should not create a resource if its operation fails', async () => {
      const error = { code: 8, message: 'no capacity' }
      await using rig = await createComputeRig({ timeline: () => [{}, { after: 10, done: true, error }] })
      await rig.send('POST', `${PATH}/instances`, instance)
      rig.advance(10)
      expect((await rig.send('GET', `${PATH}/instances/vm`)).status).to.equal(404)
      expect((await rig.send('POST', `${PATH}/instances`, instance)).status).to.equal(200)
    })

    it('should not create a resource if the script has an error of the service', async () => {
      const metadata = { error: { errors: [{ code: 'QUOTA_EXCEEDED', message: 'm' }] } }
      await using rig = await createComputeRig({ timeline: () => [{}, { after: 10, done: true, metadata }] })
      await rig.send('POST', `${PATH}/instances`, instance)
      rig.advance(10)
      expect((await rig.send('GET', `${PATH}/instances/vm`)).status).to.equal(404)
    })

    it('should delete a resource, and accept its name again', async () => {
      await using rig = await createComputeRig()
      await rig.send('POST', `${PATH}/disks`, { name: 'd' })
      rig.advance(10)
      const { body } = await rig.send('DELETE', `${PATH}/disks/d`)
      expect(body).to.include({ operationType: 'delete', targetLink: `${LINK}/${ZONE}/disks/d` })
      expect((await rig.send('GET', `${PATH}/disks/d`)).status).to.equal(200)
      rig.advance(10)
      expect((await rig.send('GET', `${PATH}/disks/d`)).status).to.equal(404)
      expect((await rig.send('POST', `${PATH}/disks`, { name: 'd' })).status).to.equal(200)
    })

    it('should merge a patch, and replace the member of a method', async () => {
      await using rig = await createComputeRig()
      await rig.send('POST', `${PATH}/instances`, { ...instance, labels: { a: '1' }, description: 'old' })
      rig.advance(10)
      await rig.send('PATCH', `${PATH}/instances/vm`, { labels: { b: '2' }, description: null })
      await rig.send('POST', `${PATH}/instances/vm/setTags`, { items: ['b'], fingerprint: 'f' })
      rig.advance(10)
      const patched = await rig.send('GET', `${PATH}/instances/vm`)
      expect(patched.body).to.deep.include({ labels: { a: '1', b: '2' } })
      const labelled = await rig.send('POST', `${PATH}/instances/vm/setLabels`, {
        labels: { a: '3' },
        labelFingerprint: 'f',
      })
      expect(labelled.body).to.include({ operationType: 'setLabels', status: 'DONE', progress: 100 })
      const { body } = await rig.send('GET', `${PATH}/instances/vm`)
      expect(body).to.deep.include({ labels: { a: '3' }, tags: { items: ['b'], fingerprint: 'f' } })
      expect(body).to.not.have.property('description')
      expect(body).to.not.have.property('labelFingerprint')
    })

    it('should start operations for methods of a collection, a project and an organization', async () => {
      await using rig = await createComputeRig()
      for (const [target, body, targetLink, selfLink] of [
        [`${PATH}/instances/bulkInsert`, { count: 2 }, `${ZONE}/instances`, ZONE],
        ['/compute/v1/projects/p/setUsageExportBucket', {}, 'projects/p/global', 'projects/p/global'],
        [
          '/compute/v1/locations/global/firewallPolicies?parentId=organizations/1',
          { shortName: 's' },
          'locations/global/firewallPolicies/',
          'locations/global',
        ],
      ] as const) {
        const started = await rig.send('POST', target, body)
        expect(started.status, target).to.equal(200)
        expect(started.body.targetLink).to.include(`${LINK}/${targetLink}`)
        expect(started.body.selfLink).to.include(`${LINK}/${selfLink}/operations/`)
      }
    })

    it('should return the same operation for the same requestId', async () => {
      await using rig = await createComputeRig()
      const target = `${PATH}/instances?requestId=11111111-1111-4111-8111-111111111111`
      const first = await rig.send('POST', target, instance)
      const second = await rig.send('POST', target, instance)
      expect(second.body).to.deep.equal(first.body)
      expect(first.body.clientOperationId).to.equal('11111111-1111-4111-8111-111111111111')
      expect(rig.emulator.operations.names()).to.have.length(1)
      await rig.send('POST', `${PATH}/disks`, { name: 'a' })
      await rig.send('POST', `${PATH}/disks?requestId=undefined`, { name: 'b' })
      expect(rig.emulator.operations.names()).to.have.length(3)
    })

    it('should list resources of one scope and of all scopes', async () => {
      await using rig = await createComputeRig()
      await rig.send('POST', `${PATH}/addresses`, { name: 'wrong' })
      await rig.send('POST', '/compute/v1/projects/p/regions/r/addresses', { name: 'a' })
      await rig.send('POST', '/compute/v1/projects/p/global/addresses', { name: 'g' })
      rig.advance(10)
      const list = await rig.send('GET', '/compute/v1/projects/p/regions/r/addresses')
      expect(list.body).to.include({ kind: 'compute#addressList' })
      expect(list.body.items).to.have.length(1)
      const aggregated = await rig.send('GET', '/compute/v1/projects/p/aggregated/addresses')
      expect(aggregated.body.kind).to.equal('compute#addressAggregatedList')
      expect(Object.keys(aggregated.body.items)).to.include.members(['regions/r', 'global'])
      expect((await rig.send('GET', '/compute/v1/projects/p/global/networks')).body.items).to.deep.equal([])
    })

    it('should send a 404 for a list of operations without a scope', async () => {
      await using rig = await createComputeRig()
      rig.emulator.operations.add('projects/p/global/operations/o', [{}])
      for (const name of [
        'projects/p/operations',
        'projects/p/operations/o',
        'projects/p/locations/l/operations',
      ])
        expect((await rig.send('GET', `/compute/v1/${name}`)).status, name).to.equal(404)
      rig.emulator.operations.add('organizations/1/zones/z/operations/o', [{}])
      for (const name of ['projects/p/aggregated/operations', 'organizations/1/zones/z/operations/o'])
        expect((await rig.send('GET', `/compute/alpha/${name}`)).status, name).to.equal(200)
    })

    it('should send a JSON 404 for an unknown collection, and a 501 for a method that starts no operation', async () => {
      await using rig = await createComputeRig()
      for (const [method, target] of [
        ['GET', `${PATH}/gadgets`],
        ['POST', `${PATH}/gadgets`],
        ['GET', '/compute/v1/projects/p/global/gadgets/g'],
        ['DELETE', `${PATH}/instances`],
      ] as const) {
        const response = await rig.send(method, target, method === 'POST' ? { name: 'g' } : undefined)
        const message = `The resource '${target.slice('/compute/v1/'.length)}' was not found`
        expect(errorOf(response)).to.deep.equal(legacyError(404, 'notFound', message))
      }
      await rig.send('POST', `${PATH}/instances`, instance)
      for (const [method, target] of [
        ['GET', `${PATH}/instances/vm/serialPort`],
        ['POST', `${PATH}/instances/vm/setIamPolicy`],
        ['POST', `${PATH}/instanceGroups/g/listInstances`],
      ] as const) {
        const { status, body } = await rig.send(method, target)
        expect([status, body.error.message]).to.deep.equal([
          501,
          `The emulator does not serve ${method} ${target.slice(1)}.`,
        ])
      }
      expect(rig.emulator.operations.names()).to.have.length(1)
    })
  })
})
