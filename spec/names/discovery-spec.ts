import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { locate } from '../../lib/names/locate.js'
import { type ServiceEntry, service, undocumentedNameHint } from '../../lib/names/service.js'
import { SERVICES, UNSUPPORTED_SERVICES } from '../../lib/names/service-catalog.js'
import { matchesTemplate } from '../../lib/wire/name-template.js'
import { DISCOVERY_FACTS, type DiscoveryFacts } from './discovery-facts.js'

const CATALOG: Readonly<Record<string, ServiceEntry>> = SERVICES

/** The hosts of the services that the library does not support. */
const UNSUPPORTED = Object.keys(UNSUPPORTED_SERVICES)

/** The methods that a document does not have, but the service configuration in the repository googleapis has. */
const ADDITIONAL_VERBS: Readonly<Record<string, readonly string[]>> = {
  'bigtableadmin v2': ['cancel', 'delete'],
}

/** The services of hosts that serve several services. */
const SHARED_HOSTS: Readonly<Record<string, string>> = { www: 'drive' }

function serviceOptions({ host, version }: DiscoveryFacts) {
  return service(SHARED_HOSTS[host] ?? host, { version, endpointType: 'global' })
}

/** Returns a name that matches a pattern. */
function sampleOf(pattern: string): string {
  return pattern.replaceAll('**', 'a/b').replaceAll('*', 'x')
}

/** Returns the URL of an operation according to a document. */
function urlOf({ host, path }: DiscoveryFacts, pattern: string): string {
  return `https://${host}.googleapis.com/${path}/${sampleOf(pattern)}`
}

describe('names/discovery', () => {
  const supported = DISCOVERY_FACTS.filter(({ host }) => !UNSUPPORTED.includes(host))

  it('should have the facts of 292 documents on 159 hosts', () => {
    expect(DISCOVERY_FACTS).to.have.length(292)
    expect(new Set(DISCOVERY_FACTS.map(({ host }) => host)).size).to.equal(159)
    expect(DISCOVERY_FACTS.length - supported.length, 'unsupported').to.equal(3)
  })

  for (const facts of supported) {
    const { host, version, path, batchPath, verbs, names } = facts
    const title = `${host} ${version}`

    it(`should agree with the document of ${title}`, () => {
      const options = serviceOptions(facts)
      const entry = CATALOG[options.service.name]
      expect(entry?.versions).to.include(version)
      expect(options.endpoint).to.equal(`https://${host}.googleapis.com`)
      expect(options.service.batchPath).to.equal(batchPath)
      expect(options.apiVersion).to.equal(path)
      // A document without names has no methods for operations, so it does not specify the methods.
      if (names.length > 0)
        expect(options.service.verbs).to.have.members([...verbs, ...(ADDITIONAL_VERBS[title] ?? [])])
      for (const name of names) {
        expect(undocumentedNameHint(options.service, [sampleOf(name)]), name).to.equal(undefined)
        expect(options.service.protocol.nameProblem(sampleOf(name)), name).to.equal(undefined)
      }
    })

    it(`should mark the names of ${title} as unverified if the document does not specify their ends`, () => {
      const { templates } = serviceOptions(facts).service
      for (const name of names.filter((name) => name.endsWith('**')))
        expect(
          matchesTemplate(
            sampleOf(name),
            templates.filter((template) => template.endsWith('**')),
          ),
          name,
        ).to.equal(true)
    })

    it(`should locate the operations of ${title} at the URLs of the document`, () => {
      for (const name of names) {
        const located = locate(urlOf(facts, name))
        if (isLeft(located)) throw new Error(`${name}: ${located.left}`)
        const { endpoint, apiVersion, name: locatedName } = located.right
        expect(`${endpoint}/${apiVersion}/${locatedName}`).to.equal(urlOf(facts, name))
      }
    })
  }
})
