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

/**
 * Returns whether the emulator serves the names of a template. It serves only names with a segment such as `operations`,
 * and names of one segment.
 */
function isServed(template: string): boolean {
  return template === '*' || /[oO]perations\//.test(template)
}

describe(`integration/services: ${Object.keys(CATALOG).length} services`, () => {
  let genericEmulator: Emulator
  let resourceManagerEmulator: Emulator
  let statusServicesEmulator: Emulator
  before(async () => {
    genericEmulator = await startEmulator({ resourceManager: false })
    resourceManagerEmulator = await startEmulator()
    statusServicesEmulator = await startEmulator({ services: ['compute', 'container', 'sqladmin'] })
  })
  after(() =>
    Promise.all(
      [genericEmulator, resourceManagerEmulator, statusServicesEmulator].map((emulator) => emulator.close()),
    ),
  )

  function emulatorOf(name: string, { protocol }: ServiceEntry): Emulator {
    if (name === RESOURCE_MANAGER) return resourceManagerEmulator
    return protocol === undefined ? genericEmulator : statusServicesEmulator
  }

  // Cited in docs/COMPARISON.md as: every-service
  for (const [name, entry] of Object.entries(CATALOG))
    it(`should watch the operations of ${name}, request valid names that match no template, and reject invalid names`, async () => {
      const emulator = emulatorOf(name, entry)
      for (const version of entry.versions) {
        const options = service(name, { version, location: 'europe-west1' })
        await using client = new OperationsClient({ ...options, endpoint: emulator.endpoint })
        const { protocol, templates } = options.service
        for (const [n, template] of templates.filter(isServed).entries()) {
          const operationName = nameOf(template, `${name}-${version}-${n}`)
          emulator.operations.add(protocol.get(operationName).name, [
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
        const [unknown] = await lastValueFrom(client.get('w/r/o/n/g/operations/x').pipe(toArray()))
        expect(unknown && isLeft(unknown) && unknown.left._tag).to.equal('OperationNotFound')
        expect(emulator.requests).to.have.length(requestsBefore + 1)
        const [invalid] = await lastValueFrom(client.get('wrong/x').pipe(toArray()))
        expect(invalid).to.have.nested.property('left._tag', 'InvalidName')
        expect(emulator.requests).to.have.length(requestsBefore + 1)
      }
    })
})
