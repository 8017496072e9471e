import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { parseName } from '../../lib/names/operation-name.js'
import { parseApiVersion } from '../../lib/names/resume-token.js'
import { type ServiceEntry, serviceOf, templateProblem } from '../../lib/names/service.js'
import { OTHER_OPERATIONS, SERVICES } from '../../lib/names/service-catalog.js'

const CATALOG: readonly (readonly [string, ServiceEntry])[] = Object.entries(SERVICES)

/** Returns the names of the services that do not satisfy a condition. */
function violations(isValid: (facts: ServiceEntry, name: string) => boolean): readonly string[] {
  return CATALOG.filter(([name, facts]) => !isValid(facts, name)).map(([name]) => name)
}

/** Returns every template of a service, with its version. */
function templatesOf(name: string, facts: ServiceEntry): readonly (readonly [string, string])[] {
  return facts.versions.flatMap((version) =>
    serviceOf(name, facts, version).templates.map((template) => [version, template] as const),
  )
}

/** Returns a name that matches a template. */
function sampleOf(template: string): string {
  return template.replaceAll('**', 'a/b').replaceAll('*', 'x')
}

function isUnique(items: readonly string[]): boolean {
  return new Set(items).size === items.length
}

describe('names/service-catalog', () => {
  it(`should contain ${CATALOG.length} services, with the common ones`, () => {
    expect(CATALOG.length).to.be.at.least(150)
    expect(Object.keys(SERVICES)).to.include.members(
      'aiplatform alloydb bigtableadmin cloudbuild cloudresourcemanager dataproc firestore run spanner'.split(
        ' ',
      ),
    )
  })

  it('should be sorted by the first label of each host', () => {
    const names = CATALOG.map(([name]) => name)
    expect(names).to.deep.equal([...names].sort())
    expect(violations((_, name) => /^[a-z]+$/.test(name))).to.deep.equal([])
  })

  it('should have at least one version for each service, without duplicates', () => {
    expect(violations(({ versions }) => versions.length > 0 && isUnique(versions))).to.deep.equal([])
    expect(violations(({ versions }) => versions.every((version) => /^v\d/.test(version)))).to.deep.equal([])
    expect(
      violations(({ versions, root = 'v1' }) =>
        [root, ...versions].every((version) => parseApiVersion(version)._tag === 'Right'),
      ),
    ).to.deep.equal([])
  })

  it('should have a stable version first if there is one', () => {
    const isStable = (version = ''): boolean => /^v\d+$/.test(version)
    expect(violations(({ versions }) => isStable(versions[0]) || !versions.some(isStable))).to.deep.equal([])
  })

  it('should have the newest stable version first, with two exceptions', () => {
    const newest = ({ versions }: ServiceEntry): boolean =>
      versions
        .filter((version) => /^v\d+$/.test(version))
        .every((version) => Number(version.slice(1)) <= Number(versions[0]?.slice(1)))
    expect(violations(newest)).to.deep.equal(['cloudbuild', 'iam'])
  })

  it('should have exceptions only for listed versions, except the first', () => {
    expect(
      violations(({ versions, except = {} }) =>
        Object.keys(except).every((version) => versions.slice(1).includes(version)),
      ),
    ).to.deep.equal([])
  })

  it('should have templates of whole segments, without duplicates', () => {
    const segment = /^(?:\*{1,2}|[a-z][A-Za-z]*)$/
    expect(
      violations((facts, name) =>
        templatesOf(name, facts).every(([, template]) =>
          template.split('/').every((one) => segment.test(one)),
        ),
      ),
    ).to.deep.equal([])
    expect(
      violations((facts, name) => isUnique(templatesOf(name, facts).map((template) => template.join(' ')))),
    ).to.deep.equal([])
  })

  it('should have templates for valid names of their service', () => {
    for (const [name, facts] of CATALOG)
      for (const [version, template] of templatesOf(name, facts)) {
        const sample = sampleOf(template)
        expect(parseName(sample), `${name} ${template}`).to.deep.equal(right(sample))
        expect(templateProblem(sample, serviceOf(name, facts, version)), `${name} ${sample}`).to.equal(
          undefined,
        )
      }
  })

  it('should list verbs in one order', () => {
    const verbs = ['list', 'cancel', 'delete', 'wait']
    expect(
      violations((facts, name) =>
        facts.versions.every((version) => {
          const serviceVerbs = serviceOf(name, facts, version).verbs
          return (
            verbs.filter((verb) => serviceVerbs.some((one) => one === verb)).join() === serviceVerbs.join()
          )
        }),
      ),
    ).to.deep.equal([])
  })

  it('should have these services with the verb wait', () => {
    expect(violations(({ verbs = [] }) => !verbs.includes('wait'))).to.deep.equal(
      'aiplatform automl firebaseappdistribution googleads ondemandscanning run translate'.split(' '),
    )
  })

  it('should contain no service with other operations', () => {
    expect(Object.keys(OTHER_OPERATIONS)).to.deep.equal([
      'compute',
      'container',
      'deploymentmanager',
      'sqladmin',
    ])
    expect(Object.keys(OTHER_OPERATIONS).filter((name) => Object.hasOwn(SERVICES, name))).to.deep.equal([])
  })

  it('should have paths of whole segments', () => {
    const path = /^[a-z\d]+(?:\/[a-z\d]+)*$/
    expect(
      violations(({ prefix = 'x', root = 'x', batchPath }) =>
        path.test(`${prefix}/${root}/${batchPath ?? 'x'}`),
      ),
    ).to.deep.equal([])
  })

  it('should have a host type for every service that needs a location', () => {
    expect(violations(({ needsLocation, host }) => !needsLocation || host !== undefined)).to.deep.equal([])
  })
})
