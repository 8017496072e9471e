import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { lastValueFrom, toArray } from 'rxjs'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient, service } from '../../lib/index.js'
import type { ServiceEntry } from '../../lib/names/service.js'
import { SERVICES } from '../../lib/names/service-catalog.js'

const CATALOG: Readonly<Record<string, ServiceEntry>> = SERVICES
const RESOURCE_MANAGER = 'cloudresourcemanager'

/**
 * Returns an operation name that matches a template and ends with `id`. In a template, `*` stands for one segment, and
 * `**` for one or more.
 */
function nameOf(template: string, id: string): string {
  return template
    .replace(/\*\*?$/, id)
    .replaceAll('**', 'a/b')
    .replaceAll('*', 'a')
}

describe(`integration/services: ${Object.keys(CATALOG).length} services`, () => {
  let genericEmulator: Emulator
  let resourceManagerEmulator: Emulator
  before(async () => {
    genericEmulator = await startEmulator({ resourceManager: false })
    resourceManagerEmulator = await startEmulator()
  })
  after(() => Promise.all([genericEmulator.close(), resourceManagerEmulator.close()]))

  // anchor: every-service
  for (const [name, { versions }] of Object.entries(CATALOG))
    it(`should watch the operations of ${name}, and reject names that match no template`, async () => {
      const emulator = name === RESOURCE_MANAGER ? resourceManagerEmulator : genericEmulator
      for (const version of versions) {
        const options = service(name, { version, location: 'europe-west1' })
        await using client = new OperationsClient({ ...options, endpoint: emulator.endpoint })
        for (const [n, template] of options.service.templates.entries()) {
          const operationName = nameOf(template, `${name}-${version}-${n}`)
          emulator.operations.add(operationName, [
            {},
            { polls: 2, done: true, response: { operation: operationName } },
          ])
          const watch = client.watch(operationName, {
            schedule: constant({ interval: 1 }),
            visibilityWindow: 0,
          })
          const emissions = await lastValueFrom(watch.pipe(toArray()))
          expect(
            emissions.map((emission) => (isLeft(emission) ? emission.left : emission.right._tag)),
          ).to.deep.equal(['Running', 'Succeeded'])
        }
        const requestsBefore = emulator.requests.length
        for (const invalidName of ['wrong/operations', 'w/r/o/n/g/operations', 'operationsx'].map(
          (path) => `${path}/x`,
        )) {
          const [emission] = await lastValueFrom(client.watch(invalidName).pipe(toArray()))
          expect(emission && isLeft(emission) && emission.left._tag).to.equal('InvalidName')
        }
        expect(emulator.requests).to.have.length(requestsBefore)
      }
    })
})
