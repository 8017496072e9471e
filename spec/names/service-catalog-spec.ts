import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { parseName } from '../../lib/names/operation-name.js'
import { parseApiVersion } from '../../lib/names/resume-token.js'
import { type ServiceFacts, serviceOf, templateProblem } from '../../lib/names/service.js'
import { OTHER_OPERATIONS, SERVICES } from '../../lib/names/service-catalog.js'

const TABLE: readonly (readonly [string, ServiceFacts])[] = Object.entries(SERVICES)

/** The names of a column that do not hold what they should. */
function breaches(holds: (facts: ServiceFacts, name: string) => boolean): readonly string[] {
  return TABLE.filter(([name, facts]) => !holds(facts, name)).map(([name]) => name)
}

/** Every template of every version of a service, with a service that has it. */
function templatesOf(name: string, facts: ServiceFacts): readonly (readonly [string, string])[] {
  return facts.versions.flatMap((version) =>
    serviceOf(name, facts, version).templates.map((template) => [version, template] as const),
  )
}

/** A name that a template describes. */
function sampleOf(template: string): string {
  return template.replaceAll('**', 'a/b').replaceAll('*', 'x')
}

function isUnique(items: readonly string[]): boolean {
  return new Set(items).size === items.length
}

describe('model/service-table', () => {
  it(`should hold ${TABLE.length} services, the well-known among them`, () => {
    expect(TABLE.length).to.be.at.least(150)
    expect(Object.keys(SERVICES)).to.include.members(
      'aiplatform alloydb bigtableadmin cloudbuild cloudresourcemanager dataproc firestore run spanner'.split(
        ' ',
      ),
    )
  })

  it('should be sorted, each service by the first label of its host', () => {
    const names = TABLE.map(([name]) => name)
    expect(names).to.deep.equal([...names].sort())
    expect(breaches((_, name) => /^[a-z]+$/.test(name))).to.deep.equal([])
  })

  it('should state one version at least, each of them once', () => {
    expect(breaches(({ versions }) => versions.length > 0 && isUnique(versions))).to.deep.equal([])
    expect(breaches(({ versions }) => versions.every((version) => /^v\d/.test(version)))).to.deep.equal([])
    expect(
      breaches(({ versions, root = 'v1' }) =>
        [root, ...versions].every((version) => parseApiVersion(version)._tag === 'Right'),
      ),
    ).to.deep.equal([])
  })

  it('should not prefer a version that is not stable to one that is', () => {
    const isStable = (version = ''): boolean => /^v\d+$/.test(version)
    expect(breaches(({ versions }) => isStable(versions[0]) || !versions.some(isStable))).to.deep.equal([])
  })

  it('should prefer the newest stable version, but for those that say why not', () => {
    const newest = ({ versions }: ServiceFacts): boolean =>
      versions
        .filter((version) => /^v\d+$/.test(version))
        .every((version) => Number(version.slice(1)) <= Number(versions[0]?.slice(1)))
    expect(breaches(newest)).to.deep.equal(['cloudbuild', 'iam'])
  })

  it('should make exceptions for versions that it states, and never for the first', () => {
    expect(
      breaches(({ versions, except = {} }) =>
        Object.keys(except).every((version) => versions.slice(1).includes(version)),
      ),
    ).to.deep.equal([])
  })

  it('should write templates of whole segments, of which one holds operations, and each once', () => {
    const segment = /^(?:\*{1,2}|[a-z][A-Za-z]*)$/
    expect(
      breaches((facts, name) =>
        templatesOf(name, facts).every(([, template]) =>
          template.split('/').every((one) => segment.test(one)),
        ),
      ),
    ).to.deep.equal([])
    expect(
      breaches((facts, name) => isUnique(templatesOf(name, facts).map((template) => template.join(' ')))),
    ).to.deep.equal([])
  })

  it('should describe names that can be asked for, and that their service takes', () => {
    for (const [name, facts] of TABLE)
      for (const [version, template] of templatesOf(name, facts)) {
        const sample = sampleOf(template)
        expect(parseName(sample), `${name} ${template}`).to.deep.equal(right(sample))
        expect(templateProblem(sample, serviceOf(name, facts, version)), `${name} ${sample}`).to.equal(
          undefined,
        )
      }
  })

  it('should know four verbs, always in the same order', () => {
    const verbs = ['list', 'cancel', 'delete', 'wait']
    expect(
      breaches((facts, name) =>
        facts.versions.every((version) => {
          const served = serviceOf(name, facts, version).verbs
          return verbs.filter((verb) => served.some((one) => one === verb)).join() === served.join()
        }),
      ),
    ).to.deep.equal([])
  })

  it('should let exactly these wait', () => {
    expect(breaches(({ verbs = [] }) => !verbs.includes('wait'))).to.deep.equal(
      'aiplatform automl firebaseappdistribution googleads ondemandscanning run translate'.split(' '),
    )
  })

  it('should hold none whose operations are of another kind', () => {
    expect(Object.keys(OTHER_OPERATIONS)).to.deep.equal([
      'compute',
      'container',
      'deploymentmanager',
      'sqladmin',
    ])
    expect(Object.keys(OTHER_OPERATIONS).filter((name) => Object.hasOwn(SERVICES, name))).to.deep.equal([])
  })

  it('should have paths that are made of whole segments', () => {
    const path = /^[a-z\d]+(?:\/[a-z\d]+)*$/
    expect(
      breaches(({ prefix = 'x', root = 'x', batchPath }) =>
        path.test(`${prefix}/${root}/${batchPath ?? 'x'}`),
      ),
    ).to.deep.equal([])
  })

  it('should have a kind of host wherever a location is needed', () => {
    expect(breaches(({ needsLocation, host }) => !needsLocation || host !== undefined)).to.deep.equal([])
  })
})
