import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { parseName } from '../../lib/names/operation-name.js'
import { parseApiVersion } from '../../lib/names/parse-target.js'
import { type ServiceEntry, serviceOf, undocumentedNameHint } from '../../lib/names/service.js'
import { SERVICES, UNSUPPORTED_SERVICES } from '../../lib/names/service-catalog.js'
import { read } from '../documents.js'

const CATALOG: readonly (readonly [string, ServiceEntry])[] = Object.entries(SERVICES)

/** Returns the names of the services for which `test` returns true. */
function servicesWith(test: (entry: ServiceEntry, name: string) => boolean): readonly string[] {
  return CATALOG.filter(([name, entry]) => test(entry, name)).map(([name]) => name)
}

/** Returns the names of the services for which `isValid` returns false. */
function violations(isValid: (entry: ServiceEntry, name: string) => boolean): readonly string[] {
  return servicesWith((entry, name) => !isValid(entry, name))
}

/** Returns every template of a service, with its version. */
function templatesOf(name: string, entry: ServiceEntry): readonly (readonly [string, string])[] {
  return entry.versions.flatMap((version) =>
    serviceOf(name, entry, version).templates.map((template) => [version, template] as const),
  )
}

/** Returns an operation name that matches a template. */
function sampleOf(template: string): string {
  return template.replaceAll('**', 'a/b').replaceAll('*', 'x')
}

function isUnique(items: readonly string[]): boolean {
  return new Set(items).size === items.length
}

describe('names/service-catalog', () => {
  it(`should contain ${CATALOG.length} services, including common services`, () => {
    expect(CATALOG.length).to.be.at.least(150)
    expect(Object.keys(SERVICES)).to.include.members(
      'aiplatform alloydb bigtableadmin cloudbuild cloudresourcemanager dataproc firestore run spanner'.split(
        ' ',
      ),
    )
  })

  it('should be sorted by name', () => {
    const names = CATALOG.map(([name]) => name)
    expect(names).to.deep.equal([...names].sort())
    expect(violations((_, name) => /^[a-z\d]+(?:-[a-z]+)*$/.test(name))).to.deep.equal([])
  })

  it('should have at least one version and no duplicate version for each service', () => {
    expect(violations(({ versions }) => versions.length > 0 && isUnique(versions))).to.deep.equal([])
    expect(
      violations(({ versions }) =>
        versions.every((version) => /^(?:v\d|beta$|alpha$|preview$)/.test(version)),
      ),
    ).to.deep.equal([])
    expect(
      violations(({ versions, root = 'v1' }) =>
        [root, ...versions].every((version) => parseApiVersion(version)._tag === 'Right'),
      ),
    ).to.deep.equal([])
  })

  it('should have a stable version first if the service has one, with one exception', () => {
    const isStable = (version = ''): boolean => /^v\d+$/.test(version)
    expect(violations(({ versions }) => isStable(versions[0]) || !versions.some(isStable))).to.deep.equal([
      'generativelanguage',
    ])
  })

  it('should have the newest stable version first, with a few exceptions', () => {
    const newestIsFirst = ({ versions }: ServiceEntry): boolean =>
      versions
        .filter((version) => /^v\d+$/.test(version))
        .every((version) => Number(version.slice(1)) <= Number(versions[0]?.slice(1)))
    expect(violations(newestIsFirst)).to.deep.equal([
      'cloudbuild',
      'generativelanguage',
      'gkehub',
      'iam',
      'metastore',
      'osconfig',
      'remotebuildexecution',
    ])
  })

  it('should have exceptions (`except`) only for versions after the first version in the list', () => {
    expect(
      violations(({ versions, except = {} }) =>
        Object.keys(except).every((version) => versions.slice(1).includes(version)),
      ),
    ).to.deep.equal([])
  })

  it('should have no duplicate template, and only templates whose segments are words or wildcards', () => {
    const segmentPattern = /^(?:\*{1,2}|[a-z][A-Za-z]*)$/
    expect(
      violations((entry, name) =>
        templatesOf(name, entry).every(([, template]) =>
          template.split('/').every((part) => segmentPattern.test(part)),
        ),
      ),
    ).to.deep.equal([])
    expect(
      violations((entry, name) => isUnique(templatesOf(name, entry).map((template) => template.join(' ')))),
    ).to.deep.equal([])
  })

  it('should have only templates that match valid operation names', () => {
    for (const [name, entry] of CATALOG)
      for (const [version, template] of templatesOf(name, entry)) {
        const sample = sampleOf(template)
        expect(
          parseName(sample, serviceOf(name, entry, version).protocol.nameProblem),
          `${name} ${template}`,
        ).to.deep.equal(right(sample))
        expect(undocumentedNameHint(serviceOf(name, entry, version), [sample]), `${name} ${sample}`).to.equal(
          undefined,
        )
      }
  })

  it('should have the methods (`verbs`) in the order list, cancel, delete, wait', () => {
    const verbs = ['list', 'cancel', 'delete', 'wait']
    expect(
      violations((entry, name) =>
        entry.versions.every((version) => {
          const serviceVerbs = serviceOf(name, entry, version).verbs
          return (
            verbs.filter((verb) => serviceVerbs.some((serviceVerb) => serviceVerb === verb)).join() ===
            serviceVerbs.join()
          )
        }),
      ),
    ).to.deep.equal([])
  })

  it('should have the method `wait` for only ten services', () => {
    expect(servicesWith(({ verbs = [] }) => verbs.includes('wait'))).to.deep.equal(
      'aiplatform automl checks compute firebaseappdistribution googleads ondemandscanning run translate translation'.split(
        ' ',
      ),
    )
  })

  it('should contain no service that is listed as unsupported', () => {
    expect(Object.keys(UNSUPPORTED_SERVICES)).to.deep.equal(['deploymentmanager'])
    expect(Object.keys(UNSUPPORTED_SERVICES).filter((name) => Object.hasOwn(SERVICES, name))).to.deep.equal(
      [],
    )
  })

  it('should have the source of each quota and each poll interval in a comment', () => {
    const table = read('lib/names/service-catalog.ts')
    const comments = (name: string): string =>
      new RegExp(`\\n((?:  //.*\\n)*)  '?${name}'?:`).exec(table)?.[1] ?? ''
    const hasSource = (name: string, member: string): boolean =>
      new RegExp(`// ${member}: .*https://(?:[a-z]+\\.)*google\\.com/`).test(comments(name))
    expect(
      violations(({ readQuota }, name) => (readQuota !== undefined) === hasSource(name, 'Quota')),
    ).to.deep.equal([])
    expect(
      violations(({ pollInterval }, name) => (pollInterval !== undefined) === hasSource(name, 'Interval')),
    ).to.deep.equal([])
  })

  it('should have quotas that are a whole number of requests per second', () => {
    expect(violations(({ readQuota = 60 }) => readQuota >= 60 && readQuota % 60 === 0)).to.deep.equal([])
    expect(servicesWith(({ readQuota }) => readQuota !== undefined).length).to.be.at.least(12)
  })

  it('should have paths without empty segments', () => {
    const pathPattern = /^[a-z\d]+(?:\/[a-z\d]+)*$/
    expect(
      violations(({ prefix = 'x', root = 'x', batchPath }) =>
        pathPattern.test(`${prefix}/${root}/${batchPath ?? 'x'}`),
      ),
    ).to.deep.equal([])
  })

  it('should have a host type for every service that needs a location', () => {
    expect(violations(({ needsLocation, host }) => !needsLocation || host !== undefined)).to.deep.equal([])
  })
})
