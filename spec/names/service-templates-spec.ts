import { expect } from 'chai'
import {
  type EndpointType,
  hostOf,
  type ServiceEntry,
  serviceOf,
  similarServices,
  undocumentedNameHint,
} from '../../lib/names/service.js'
import { SERVICES } from '../../lib/names/service-catalog.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'

const ENTRIES: Readonly<Record<string, ServiceEntry>> = SERVICES

/**
 * Returns the documented names of a version of a service if an operation name matches none of them. `version` defaults
 * to the first version of the service.
 */
function problemOf(name: string, serviceName: string, version?: string): string | undefined {
  const entry = ENTRIES[serviceName] as ServiceEntry
  return undocumentedNameHint(serviceOf(serviceName, entry, version ?? (entry.versions[0] as string)), [name])
}

describe('names/service templates', () => {
  const acceptedNames: readonly (readonly [string, string, string?])[] = [
    ['run', 'projects/p/locations/us-central1/operations/0f1e5ceb-6291'],
    ['cloudresourcemanager', 'operations/cp.6403723248945195918'],
    ['cloudresourcemanager', 'operations/rctk.a/b'],
    ['aiplatform', 'projects/1/locations/us-central1/operations/2'],
    ['aiplatform', 'projects/1/locations/us-central1/endpoints/3/operations/2'],
    ['aiplatform', 'projects/1/locations/l/tensorboards/t/experiments/e/runs/r/timeSeries/s/operations/2'],
    ['spanner', 'projects/p/instances/i/databases/d/operations/_auto_op_cf12dfdaa788b14f'],
    ['spanner', 'projects/p/instances/i/operations/b8fc976ca6c437b2'],
    ['bigtableadmin', 'operations/projects/p/instances/i/operations/1'],
    ['cloudbuild', 'operations/build/p/aWQ='],
    ['dataproc', 'projects/p/regions/r/operations/o'],
    ['serviceusage', 'operations/acf.p2-1-2'],
    ['cloudfunctions', 'operations/aWQ', 'v1'],
    ['speech', 'operations/7612202767953098924', 'v1'],
    ['iam', 'projects/p/locations/global/workloadIdentityPools/w/operations/o'],
    ['iam', 'projects/p/locations/global/workloadIdentityPools/w/providers/q/operations/o'],
    ['iam', 'locations/global/workforcePools/w/operations/o'],
    ['googleads', 'customers/1/operations/2'],
    ['admanager', 'networks/1/operations/reports/runs/2'],
    ['storagetransfer', 'transferOperations/transferJobs-1-2'],
    ['storage', 'b/my.bucket/operations/CiQz'],
    ['storage', 'projects/_/buckets/my.bucket/operations/CiQz'],
    ['speech', '7612202767953098924', 'v1'],
    ['generativelanguage', 'batches/b'],
    ['generativelanguage', 'fileSearchStores/s/upload/operations/o', 'v1beta'],
    ['cloudasset', 'projects/1/operations/ExportAssets/RESOURCE/abc'],
  ]
  for (const [serviceName, name, version] of acceptedNames)
    it(`should document ${name} for ${serviceName}${version ? ` ${version}` : ''}`, () => {
      expect(problemOf(name, serviceName, version)).to.equal(undefined)
    })

  const rejectedNames: readonly (readonly [string, string, string?])[] = [
    ['run', 'operations/cp.1'],
    ['run', 'projects/p/locations/l/operations'],
    ['run', 'projects/p/locations/l/operations/o/x'],
    ['run', 'x/projects/p/locations/l/operations/o'],
    ['run', 'projects//locations/l/operations/o'],
    ['run', 'projects/p/locations/l/operations/'],
    ['run', 'Projects/p/locations/l/operations/o'],
    ['cloudresourcemanager', 'projects/p/locations/l/operations/o'],
    ['cloudresourcemanager', 'operations/'],
    ['aiplatform', 'projects/1/locations/us-central1//operations/2'],
    ['aiplatform', 'projects/1/locations/us-central1/endpoints/3/operations'],
    ['spanner', 'projects/p/operations/o'],
    ['cloudfunctions', 'operations/aWQ'],
    ['cloudfunctions', 'projects/p/locations/l/operations/o', 'v1'],
    ['speech', 'operations/7612202767953098924'],
    ['serviceusage', 'operations/a/b'],
    ['networkmanagement', 'projects/p/locations/us/operations/o'],
    ['storage', 'operations/o'],
  ]
  for (const [serviceName, name, version] of rejectedNames)
    it(`should not document ${JSON.stringify(name)} for ${serviceName}${version ? ` ${version}` : ''}`, () => {
      expect(problemOf(name, serviceName, version)).to.be.a('string')
    })

  it('should return the documented names if a name matches none of them', () => {
    expect(problemOf('operations/x', 'run')).to.equal(
      'Cloud Run operations are named "projects/*/locations/*/operations/*"',
    )
    expect(problemOf('operations/x', 'dataproc')).to.equal(
      'dataproc operations are named "projects/*/regions/*/operations/*" or "projects/*/locations/*/operations/*"',
    )
  })

  it('should match a dot in a template only with a dot in the name', () => {
    const templates = ['a.b/operations/*']
    const service = { name: 'a', templates, verbs: [], batchPath: undefined, protocol: LONGRUNNING }
    expect(undocumentedNameHint(service, ['a.b/operations/x'])).to.equal(undefined)
    expect(undocumentedNameHint(service, ['acb/operations/x'])).to.be.a('string')
  })

  it('should return undefined if the service has no documented names, or if any of the names matches', () => {
    expect(problemOf('operations/x', 'analyticshub')).to.equal(undefined)
    const run = serviceOf('run', ENTRIES.run as ServiceEntry, 'v2')
    expect(undocumentedNameHint(run, ['x', 'projects/p/locations/l/operations/o'])).to.equal(undefined)
  })

  it('should use the default names and methods of the service for an unknown version, with the path of this version', () => {
    const entry = ENTRIES.compute as ServiceEntry
    expect(serviceOf('compute', entry, 'v9')).to.deep.equal({
      ...serviceOf('compute', entry, 'v1'),
      batchPath: 'batch/compute/v9',
    })
  })

  it('should use defaults for the members that a catalog entry does not have', () => {
    expect(serviceOf('alloydb', { versions: ['v1'] }, 'v1')).to.deep.equal({
      name: 'alloydb',
      templates: ['projects/*/locations/*/operations/*'],
      verbs: ['list', 'cancel', 'delete'],
      batchPath: 'batch',
      protocol: LONGRUNNING,
    })
  })

  it('should use the members of a catalog entry for each version, unless `except` overrides them for this version', () => {
    const entry: ServiceEntry = {
      title: 'A',
      versions: ['v2', 'v1'],
      names: ['a/*/operations/*'],
      verbs: ['list'],
      except: { v1: { names: ['operations/*'] }, v2: { verbs: [] } },
      prefix: 'p',
      batchPath: null,
    }
    const commonMembers = { name: 'a', title: 'A', batchPath: undefined, protocol: LONGRUNNING }
    expect(serviceOf('a', entry, 'v1')).to.deep.equal({
      ...commonMembers,
      templates: ['operations/*'],
      verbs: ['list'],
    })
    expect(serviceOf('a', entry, 'v2')).to.deep.equal({
      ...commonMembers,
      templates: ['a/*/operations/*'],
      verbs: [],
    })
  })

  const hosts: readonly (readonly [EndpointType, boolean, string])[] = [
    ['global', false, 'run.cloud.example'],
    ['locational', false, 'eu-run.cloud.example'],
    ['regional', false, 'run.eu.rep.cloud.example'],
    ['global', true, 'run.mtls.cloud.example'],
    ['locational', true, 'eu-run.mtls.cloud.example'],
    ['regional', true, 'run.eu.rep.mtls.cloud.example'],
  ]
  for (const [type, mtls, host] of hosts)
    it(`should return the ${type} host${mtls ? ' for client certificates' : ''}: ${host}`, () => {
      const universeDomain = 'cloud.example'
      expect(hostOf('run', type, { location: 'eu', universeDomain, mtls })).to.equal(host)
    })

  const similarNames: readonly (readonly [string, string])[] = [
    ['cloudrun', 'run'],
    ['Cloud Run', 'run'],
    ['runn', 'run'],
    ['resourcemanager', 'cloudresourcemanager'],
    ['resource-manager', 'cloudresourcemanager'],
    ['vertexai', 'aiplatform'],
    ['vertex-ai', 'aiplatform'],
    ['us-central1-aiplatform', 'aiplatform'],
    ['filestore', 'file'],
    ['bigtable', 'bigtableadmin'],
    ['spaner', 'spanner'],
    ['functions', 'cloudfunctions'],
  ]
  for (const [text, expected] of similarNames)
    it(`should return ${expected} as the first suggestion for ${text}`, () => {
      expect(similarServices(text)[0]).to.equal(expected)
    })

  it('should return at most three services, and none if no service is similar', () => {
    expect(similarServices('qqqqqqqq')).to.deep.equal([])
    expect(similarServices('')).to.deep.equal([])
    expect(similarServices('--')).to.deep.equal([])
    expect(similarServices('cloud')).to.have.lengthOf(3)
  })
})
