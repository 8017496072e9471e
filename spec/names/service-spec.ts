import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { parseEndpoint } from '../../lib/names/endpoint.js'
import { parseApiVersion } from '../../lib/names/parse-target.js'
import { type ServiceEntry, type ServiceOptions, service } from '../../lib/names/service.js'
import { SERVICES } from '../../lib/names/service-catalog.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'

/** Returns the message of the InvalidOption that `service` throws, or undefined if it does not throw. */
function messageOf(name: unknown, options?: unknown): string | undefined {
  try {
    service(name as string, options as ServiceOptions)
    return undefined
  } catch (thrown) {
    expect(thrown).to.be.an.instanceOf(InvalidOption)
    return (thrown as InvalidOption).message
  }
}

describe('names/service', () => {
  it('should return the options of a client for the service', () => {
    expect(service('run')).to.deep.equal({
      endpoint: 'https://run.googleapis.com',
      apiVersion: 'v2',
      service: {
        name: 'run',
        title: 'Cloud Run',
        templates: ['projects/*/locations/*/operations/*'],
        verbs: ['list', 'delete', 'wait'],
        batchPath: 'batch',
        protocol: LONGRUNNING,
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
    it(`should return the host ${host} for ${name} with the options ${JSON.stringify(options)}`, () => {
      expect(service(name, options).endpoint).to.equal(`https://${host}`)
    })

  it('should return the universe domain', () => {
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
    ['generativelanguage', 'v1beta'],
  ]
  for (const [name, version] of versions)
    it(`should return ${version} as the default version of ${name}`, () => {
      expect(service(name).apiVersion).to.equal(version)
    })

  it('should return the templates of the given version', () => {
    const { apiVersion, service: cloudFunctions } = service('cloudfunctions', { version: 'v1' })
    expect({ apiVersion, templates: cloudFunctions.templates }).to.deep.equal({
      apiVersion: 'v1',
      templates: ['operations/*'],
    })
  })

  it('should return the path between the host and the name as apiVersion, and the batch path', () => {
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

  it('should return the routing header for a location if the service needs this header', () => {
    expect(service('cloudbuild', { location: 'europe-west9' })).to.deep.include({
      endpoint: 'https://cloudbuild.googleapis.com',
      headers: { 'x-goog-request-params': 'location=europe-west9' },
    })
    expect(service('cloudbuild')).to.not.have.property('headers')
    expect(service('run', { location: 'europe-west9' })).to.not.have.property('headers')
  })

  it('should return the quota and the poll interval of the service', () => {
    expect(service('documentai').service).to.include({ readQuota: 1_800, pollInterval: 10_000 })
    expect(service('run').service).to.not.have.any.keys('readQuota', 'pollInterval')
  })

  it('should return valid options for every service and version of the catalog', () => {
    const catalog: Readonly<Record<string, ServiceEntry>> = SERVICES
    for (const [name, { versions }] of Object.entries(catalog))
      for (const version of versions) {
        const options = service(name, { version, location: 'us-central1' })
        expect(parseEndpoint(options.endpoint)).to.deep.equal(right(options.endpoint))
        expect(parseApiVersion(options.apiVersion)).to.deep.equal(right(options.apiVersion))
        expect(options.service.name).to.equal(name)
      }
  })

  const rejectedArguments: readonly (readonly [string, unknown, unknown, string])[] = [
    ['a number', 1, {}, 'service must be a name such as "run", got 1'],
    ['undefined', undefined, {}, 'service must be a name such as "run", got undefined'],
    ['a short name with a missing letter', 'rn', {}, `unknown service "rn"; did you mean "run"?`],
    ['a product name', 'cloudrun', {}, `unknown service "cloudrun"; did you mean "run"?`],
    [
      'an unknown name that is not similar to a known name',
      'qqqqqqqq',
      {},
      `unknown service "qqqqqqqq"; a service is the first label of a host, such as "run"`,
    ],
    [
      'the name of a property that every object has',
      'constructor',
      {},
      `unknown service "constructor"; a service is the first label of a host, such as "run"`,
    ],
    [
      'a version that is a path',
      'spanner',
      { version: 'v1/x' },
      'version must be letters and digits, such as "v1", got "v1/x"',
    ],
    [
      'a version that is not a string',
      'run',
      { version: 9 },
      'version must be letters and digits, such as "v2", got 9',
    ],
    [
      'an absent location for a service that needs one',
      'aiplatform',
      {},
      'location must be set for aiplatform, which has a host for each location, got undefined',
    ],
    [
      'a regional endpoint without a location',
      'run',
      { endpointType: 'regional' },
      'location must be a location for a regional endpoint, got undefined',
    ],
    [
      'a locational endpoint for the global location',
      'aiplatform',
      { endpointType: 'locational', location: 'global' },
      'location must be a location for a locational endpoint, got "global"',
    ],
    [
      'an unknown endpoint type',
      'run',
      { endpointType: 'local' },
      'endpointType must be "global", "locational" or "regional", got "local"',
    ],
    ['an mtls option that is not a boolean', 'run', { mtls: 'yes' }, 'mtls must be true or false, got "yes"'],
    [
      'mTLS outside the default universe',
      'run',
      { mtls: true, universeDomain: 'cloud.example' },
      'mtls must be false outside googleapis.com, got true',
    ],
  ]
  for (const [what, name, options, message] of rejectedArguments)
    it(`should reject ${what}: ${message}`, () => {
      expect(messageOf(name, options)).to.equal(message)
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
    it(`should reject the location ${JSON.stringify(location)}`, () => {
      expect(messageOf('aiplatform', { location })).to.match(
        /^location must be a region, zone or multi-region such as "europe-west1", got /,
      )
    })

  for (const universeDomain of ['', 'com', 'Evil.example', 'a.b/c', 'a.b@c', 7])
    it(`should reject the universe domain ${JSON.stringify(universeDomain)}`, () => {
      expect(messageOf('run', { universeDomain })).to.match(/^universeDomain must be a domain such as /)
    })

  const unsupportedServices: readonly (readonly [string, string])[] = [
    ['deploymentmanager.googleapis.com', 'Deployment Manager operations have a status'],
    ['deploymentmanager', 'Deployment Manager operations have a status'],
  ]
  for (const [name, description] of unsupportedServices)
    it(`should reject ${name}, because the library cannot decode its operations`, () => {
      expect(messageOf(name)).to.include(`service must be a supported service (${description}`)
    })
})
