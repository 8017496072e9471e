import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { parseEndpoint } from '../../lib/names/endpoint.js'
import { parseApiVersion } from '../../lib/names/resume-token.js'
import { type ServiceFacts, type ServiceOptions, service } from '../../lib/names/service.js'
import { SERVICES } from '../../lib/names/service-catalog.js'

/** What `service` says when it refuses; undefined where it does not. */
function refusalOf(name: unknown, options?: unknown): string | undefined {
  try {
    service(name as string, options as ServiceOptions)
    return undefined
  } catch (thrown) {
    expect(thrown).to.be.an.instanceOf(InvalidOption)
    return (thrown as InvalidOption).message
  }
}

describe('service', () => {
  it('should say all that a client must know', () => {
    expect(service('run')).to.deep.equal({
      endpoint: 'https://run.googleapis.com',
      apiVersion: 'v2',
      service: {
        name: 'run',
        title: 'Cloud Run',
        templates: ['projects/*/locations/*/operations/*'],
        verbs: ['list', 'delete', 'wait'],
        batchPath: 'batch',
      },
      universeDomain: 'googleapis.com',
    })
  })

  const hosts: readonly (readonly [string, ServiceOptions, string])[] = [
    ['run', {}, 'run.googleapis.com'],
    ['run', { location: 'europe-west1' }, 'run.googleapis.com'],
    ['run', { location: 'europe-west1', endpointType: 'locational' }, 'europe-west1-run.googleapis.com'],
    ['run', { location: 'europe-west1', endpointType: 'regional' }, 'run.europe-west1.rep.googleapis.com'],
    ['run', { universeDomain: 'cloud.example' }, 'run.cloud.example'],
    ['run', { mtls: true }, 'run.mtls.googleapis.com'],
    ['run', { mtls: true, location: 'eu', endpointType: 'locational' }, 'eu-run.mtls.googleapis.com'],
    ['run', { mtls: true, location: 'eu', endpointType: 'regional' }, 'run.eu.rep.mtls.googleapis.com'],
    ['run.googleapis.com', {}, 'run.googleapis.com'],
    ['run.cloud.example', { universeDomain: 'cloud.example' }, 'run.cloud.example'],
    ['run.googleapis.com', { universeDomain: 'cloud.example' }, 'run.cloud.example'],
    ['aiplatform', { location: 'us-central1' }, 'us-central1-aiplatform.googleapis.com'],
    ['aiplatform', { location: 'us-central1', mtls: true }, 'us-central1-aiplatform.mtls.googleapis.com'],
    ['aiplatform', { location: 'global' }, 'aiplatform.googleapis.com'],
    ['aiplatform', { endpointType: 'global' }, 'aiplatform.googleapis.com'],
    ['aiplatform', { location: 'us' }, 'aiplatform.us.rep.googleapis.com'],
    ['aiplatform', { location: 'eu', endpointType: 'locational' }, 'eu-aiplatform.googleapis.com'],
    ['ces', { location: 'eu' }, 'ces.eu.rep.googleapis.com'],
    ['ces', { location: 'us-east1' }, 'ces.googleapis.com'],
    ['cloudresourcemanager', {}, 'cloudresourcemanager.googleapis.com'],
    ['cloudresourcemanager', { location: 'us-east1-b' }, 'us-east1-b-cloudresourcemanager.googleapis.com'],
    ['documentai', { location: 'eu' }, 'eu-documentai.googleapis.com'],
    ['dialogflow', { location: 'global' }, 'dialogflow.googleapis.com'],
    ['gkemulticloud', { location: 'us-west1' }, 'us-west1-gkemulticloud.googleapis.com'],
  ]
  for (const [name, options, host] of hosts)
    it(`should find ${name} with ${JSON.stringify(options)} at ${host}`, () => {
      expect(service(name, options).endpoint).to.equal(`https://${host}`)
    })

  it('should pass on the universe', () => {
    expect(service('run', { universeDomain: 'cloud.example' }).universeDomain).to.equal('cloud.example')
    expect(service('run', { universeDomain: undefined }).universeDomain).to.equal('googleapis.com')
  })

  const versions: readonly (readonly [string, string])[] = [
    ['run', 'v2'],
    ['translate', 'v3'],
    ['cloudresourcemanager', 'v3'],
    ['spanner', 'v1'],
    ['bigtableadmin', 'v2'],
    ['logging', 'v2'],
    ['cloudfunctions', 'v2'],
    ['apikeys', 'v2'],
    ['jobs', 'v4'],
    ['generativelanguage', 'v1'],
  ]
  for (const [name, version] of versions)
    it(`should ask ${name} by ${version}`, () => {
      expect(service(name).apiVersion).to.equal(version)
    })

  it('should take the facts of the version that was chosen', () => {
    const { apiVersion, service: facts } = service('cloudfunctions', { version: 'v1' })
    expect({ apiVersion, templates: facts.templates }).to.deep.equal({
      apiVersion: 'v1',
      templates: ['operations/*'],
    })
  })

  it('should put what stands before the name where it belongs', () => {
    const paths = ['pubsublite', 'storage', 'speech'].map((name) => {
      const options = service(name, { location: 'us-central1', version: 'v1' })
      return [options.apiVersion, options.service.batchPath]
    })
    expect(paths).to.deep.equal([
      ['v1/admin', 'batch'],
      ['storage/v1', 'batch/storage/v1'],
      ['v1', 'batch'],
    ])
  })

  it('should answer for every service of the table, in every version', () => {
    const table: Readonly<Record<string, ServiceFacts>> = SERVICES
    for (const [name, { versions }] of Object.entries(table))
      for (const version of versions) {
        const answer = service(name, { version, location: 'us-central1' })
        expect(parseEndpoint(answer.endpoint)).to.deep.equal(right(answer.endpoint))
        expect(parseApiVersion(answer.apiVersion)).to.deep.equal(right(answer.apiVersion))
        expect(answer.apiVersion.split('/')).to.include(version)
        expect(answer.service.name).to.equal(name)
      }
  })

  const refused: readonly (readonly [string, unknown, unknown, string])[] = [
    ['a number', 1, {}, 'service must be a name such as "run", got 1'],
    ['nothing', undefined, {}, 'service must be a name such as "run", got undefined'],
    [
      'a title',
      'cloudrun',
      {},
      `service must be the first label of a service's host, such as "run"; was "run" meant?, got "cloudrun"`,
    ],
    [
      'what is near to nothing',
      'qqqqqqqq',
      {},
      `service must be the first label of a service's host, such as "run", got "qqqqqqqq"`,
    ],
    [
      'what every object has',
      'constructor',
      {},
      `service must be the first label of a service's host, such as "run", got "constructor"`,
    ],
    [
      'a version that has no operations',
      'cloudresourcemanager',
      { version: 'v2' },
      'version must be "v3" or "v1", got "v2"',
    ],
    [
      'no location where one is needed',
      'aiplatform',
      {},
      'location must be given for aiplatform, whose hosts have one each, got undefined',
    ],
    [
      'a regional host without a location',
      'run',
      { endpointType: 'regional' },
      'location must be that of the regional endpoint, got undefined',
    ],
    [
      'a locational host of all the world',
      'aiplatform',
      { endpointType: 'locational', location: 'global' },
      'location must be that of the locational endpoint, got "global"',
    ],
    [
      'another kind of host',
      'run',
      { endpointType: 'local' },
      'endpointType must be "global", "locational" or "regional", got "local"',
    ],
    ['mTLS that is not said', 'run', { mtls: 'yes' }, 'mtls must be true or false, got "yes"'],
    [
      'mTLS elsewhere',
      'run',
      { mtls: true, universeDomain: 'cloud.example' },
      'mtls must be false outside googleapis.com, got true',
    ],
  ]
  for (const [what, name, options, message] of refused)
    it(`should refuse ${what}`, () => {
      expect(refusalOf(name, options)).to.equal(message)
    })

  for (const location of [
    '',
    'US',
    'us_east1',
    'us.evil',
    'us/',
    '-us',
    'us-',
    'us--east1',
    '1us',
    'a'.repeat(41),
    7,
  ])
    it(`should refuse the location ${JSON.stringify(location)}`, () => {
      expect(refusalOf('aiplatform', { location })).to.match(
        /^location must be a region, zone or multi-region such as "europe-west1", got /,
      )
    })

  for (const universeDomain of ['', 'com', 'Evil.example', 'a.b/c', 'a.b@c', 7])
    it(`should refuse the universe ${JSON.stringify(universeDomain)}`, () => {
      expect(refusalOf('run', { universeDomain })).to.match(/^universeDomain must be a domain such as /)
    })

  const others: readonly (readonly [string, string])[] = [
    ['compute', 'Compute Engine has its own: compute#operation'],
    ['compute.googleapis.com', 'Compute Engine has its own: compute#operation'],
    ['container', 'GKE has its own: '],
    ['sqladmin', 'Cloud SQL has its own: sql#operation'],
    ['deploymentmanager', 'Deployment Manager has its own: '],
  ]
  for (const [name, words] of others)
    it(`should refuse ${name}, whose operations are of another kind`, () => {
      expect(refusalOf(name)).to.include(`service must be one with google.longrunning operations (${words}`)
    })
})
