import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { lastValueFrom, toArray } from 'rxjs'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient, service } from '../../lib/index.js'
import type { ServiceEntry } from '../../lib/names/service.js'
import { SERVICES } from '../../lib/names/service-catalog.js'

const CATALOG: Readonly<Record<string, ServiceEntry>> = SERVICES
const RESOURCE_MANAGER = 'cloudresourcemanager'

/** Returns a name that matches a template. */
function nameOf(template: string, id: string): string {
  return template
    .replace(/\*\*?$/, id)
    .replaceAll('**', 'a/b')
    .replaceAll('*', 'a')
}

describe(`integration/services: ${Object.keys(CATALOG).length} services`, () => {
  let generic: Emulator
  let resourceManager: Emulator
  before(async () => {
    generic = await startEmulator({ resourceManager: false })
    resourceManager = await startEmulator()
  })
  after(() => Promise.all([generic.close(), resourceManager.close()]))

  // anchor: every-service
  for (const [name, { versions }] of Object.entries(CATALOG))
    it(`should watch the operations of ${name}, and reject names that match no template`, async () => {
      const emulator = name === RESOURCE_MANAGER ? resourceManager : generic
      for (const version of versions) {
        const options = service(name, { version, location: 'europe-west1' })
        await using client = new OperationsClient({ ...options, endpoint: emulator.endpoint })
        for (const [n, template] of options.service.templates.entries()) {
          const operation = nameOf(template, `${name}-${version}-${n}`)
          emulator.operations.add(operation, [{}, { polls: 2, done: true, response: { operation } }])
          const watched = client.watch(operation, {
            schedule: constant({ interval: 1 }),
            visibilityWindow: 0,
          })
          const emissions = await lastValueFrom(watched.pipe(toArray()))
          expect(
            emissions.map((emission) => (isLeft(emission) ? emission.left : emission.right._tag)),
          ).to.deep.equal(['Running', 'Succeeded'])
        }
        const requestsBefore = emulator.requests.length
        for (const wrong of ['wrong/operations', 'w/r/o/n/g/operations', 'operationsx'].map(
          (path) => `${path}/x`,
        )) {
          const [emission] = await lastValueFrom(client.watch(wrong).pipe(toArray()))
          expect(emission && isLeft(emission) && emission.left._tag).to.equal('InvalidName')
        }
        expect(emulator.requests).to.have.length(requestsBefore)
      }
    })
})
