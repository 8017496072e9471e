import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { type Either, isLeft } from 'fp-ts/lib/Either.js'
import { lastValueFrom, type Observable, type ObservedValueOf, of, toArray } from 'rxjs'
import {
  andThen,
  follow,
  type Json,
  type Operation,
  type OperationError,
  OperationsClient,
  outcome,
  type Watch,
  watchOperation,
} from '../../lib/index.js'
import * as resourceManager from '../../lib/resource-manager/index.js'
import {
  type CreateProjectMetadata,
  createFolder,
  createFolderV2,
  createProject,
  createProjectV1,
  deleteTagBinding,
  descriptors,
  type Empty,
  type FolderOperation,
  type FolderV2,
  type Project,
  type ProjectCreationStatus,
  type ProjectV1,
  updateFolderCapability,
} from '../../lib/resource-manager/index.js'
import { httpReply, NAME, type Reply, scripted } from '../virtual.js'

const TYPE_PREFIX = 'type.googleapis.com/google.cloud.resourcemanager.v3.'
function operationReply(body: object): Reply {
  return httpReply(200, { name: NAME, ...body })
}
function emissionsOf<R, M>(watch: Watch<R, M>) {
  return lastValueFrom(watch.pipe(toArray()))
}

describe('resource-manager/methods', () => {
  it('should have one descriptor for each method that starts an operation', () => {
    const descriptorsOf = (version: string) =>
      descriptors.filter(({ methodVersion }) => methodVersion === version)
    expect([
      descriptorsOf('v1').length,
      descriptorsOf('v2').length,
      descriptorsOf('v3').length,
    ]).to.deep.equal([1, 2, 22])
    const exportedDescriptors = Object.values(resourceManager).filter(
      (value) => typeof value === 'object' && 'methodVersion' in value,
    )
    expect(exportedDescriptors).to.have.members([...descriptors])
    expect(new Set(descriptors.map(({ method, methodVersion }) => methodVersion + method)).size).to.equal(25)
  })

  it('should use API version v1 to poll operations of v1 and v2 methods, and v3 to poll operations of v3 methods', () => {
    for (const { methodVersion, apiVersion } of descriptors)
      expect(apiVersion).to.equal(methodVersion === 'v3' ? 'v3' : 'v1')
  })

  it('should have the expected @type of metadata and response', () => {
    expect(createProject).to.include({
      method: 'cloudresourcemanager.projects.create',
      metadataType: `${TYPE_PREFIX}CreateProjectMetadata`,
      responseType: `${TYPE_PREFIX}Project`,
    })
    expect(createProjectV1).to.include({
      method: 'cloudresourcemanager.projects.create',
      metadataType: 'type.googleapis.com/google.cloudresourcemanager.v1.ProjectCreationStatus',
      responseType: 'type.googleapis.com/google.cloudresourcemanager.v1.Project',
    })
    expect(createFolderV2.metadataType).to.equal(
      'type.googleapis.com/google.cloud.resourcemanager.v2.FolderOperation',
    )
    expect(deleteTagBinding.responseType).to.equal('type.googleapis.com/google.protobuf.Empty')
  })

  // Cited in docs/COMPARISON.md as: typed-watch
  it('should infer the types of a watch and its operators', () => {
    const watch = watchOperation(NAME, createProject)
    expectTypeOf(watch).toEqualTypeOf<Watch<Project, CreateProjectMetadata>>()
    expectTypeOf<ObservedValueOf<typeof watch>>().toEqualTypeOf<
      Either<OperationError<CreateProjectMetadata>, Operation<Project, CreateProjectMetadata>>
    >()
    const client = new OperationsClient({ transport: () => of() })
    expectTypeOf(client.watch(NAME, createProject)).toEqualTypeOf(watch)
    expectTypeOf(client.get(NAME, createProject)).toEqualTypeOf(watch)
    expectTypeOf(client.follow({}, createProject)).toEqualTypeOf(watch)
    expectTypeOf(watchOperation(NAME, { ...createProject, timeout: 60_000 })).toEqualTypeOf(watch)
    expectTypeOf(client.watch(NAME, { ...createProject, timeout: 60_000 })).toEqualTypeOf(watch)
    expectTypeOf(of({}).pipe(follow(client, createProject))).toEqualTypeOf(watch)
    expectTypeOf(watchOperation(NAME, createProjectV1)).toEqualTypeOf<
      Watch<ProjectV1, ProjectCreationStatus>
    >()
    expectTypeOf(watchOperation(NAME, createFolderV2)).toEqualTypeOf<Watch<FolderV2, FolderOperation>>()
    expectTypeOf(watchOperation(NAME, deleteTagBinding).pipe(outcome())).toEqualTypeOf<
      Observable<Either<OperationError<resourceManager.DeleteTagBindingMetadata>, Empty>>
    >()
    const projectWatch = client
      .watch(NAME, createFolder)
      .pipe(andThen(({ name: _ }) => client.watch(NAME, createProject)))
    expectTypeOf(projectWatch.pipe(outcome())).toEqualTypeOf<
      Observable<
        Either<
          OperationError<resourceManager.CreateFolderMetadata> | OperationError<CreateProjectMetadata>,
          Project
        >
      >
    >()
    expectTypeOf<Project['state']>().toEqualTypeOf<
      'STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED' | (string & {})
    >()
    client.close()
  })

  it('should not decode metadata and responses whose message types Google does not publish', () => {
    expectTypeOf(watchOperation(NAME, updateFolderCapability)).toEqualTypeOf<Watch<Json | undefined, Json>>()
    const client = new OperationsClient({ transport: () => of() })
    expectTypeOf(client.watch(NAME, updateFolderCapability)).toEqualTypeOf<Watch<Json | undefined, Json>>()
    client.close()
    for (const rawDescriptor of [updateFolderCapability, resourceManager.updateTagBindingCollection])
      expect(rawDescriptor).to.have.all.keys('method', 'methodVersion', 'apiVersion')
  })

  it('should decode metadata and response, and poll with the version of the method', async () => {
    const { transport, requests } = scripted(
      operationReply({
        done: true,
        metadata: { '@type': createProjectV1.metadataType, gettable: true },
        response: { '@type': createProjectV1.responseType, projectNumber: 7, lifecycleState: 1 },
      }),
    )
    const [emission] = await emissionsOf(watchOperation(NAME, { ...createProjectV1, transport }))
    expect(emission).to.deep.nested.include({
      'right.metadata.gettable': true,
      'right.metadata.ready': false,
      'right.response.projectNumber': '7',
      'right.response.lifecycleState': 'ACTIVE',
    })
    expect(requests.map(({ url }) => new URL(url).pathname)).to.deep.equal([`/v1/${NAME}`])
  })

  // Cited in docs/COMPARISON.md as: decode-error-path
  it('should emit MalformedResponse with the path and the raw response if the @type of the response is not the expected type', async () => {
    const response = { '@type': `${TYPE_PREFIX}Folder`, name: 'folders/1' }
    const { transport } = scripted(operationReply({ done: true, response }))
    const [emission] = await emissionsOf(watchOperation(NAME, { ...createProject, transport }))
    if (emission === undefined || !isLeft(emission)) throw new Error('the response was not rejected')
    expect(emission.left).to.deep.include({
      _tag: 'MalformedResponse',
      path: 'response.@type',
      reason: `expected ${TYPE_PREFIX}Project, got "${TYPE_PREFIX}Folder"; use the descriptor of the method that started the operation`,
      outcome: 'succeeded',
      response,
    })
  })

  it('should report the path of a field with a wrong type in the response and in the metadata', async () => {
    const metadata = { '@type': `${TYPE_PREFIX}CreateProjectMetadata`, ready: 'yes' }
    const { transport } = scripted(operationReply({ done: true, metadata, response: { state: true } }))
    const [emission] = await emissionsOf(watchOperation(NAME, { ...createProject, transport }))
    expect(emission).to.deep.nested.include({
      'left.path': 'response.state',
      'left.outcome': 'succeeded',
      'left.metadataError': { path: 'ready', message: 'expected a boolean, got "yes"' },
    })
  })

  it('should accept a done operation without a response only for a deletion', async () => {
    const doneScript = scripted(operationReply({ done: true }))
    const [deletionEmission] = await emissionsOf(
      watchOperation(NAME, { ...deleteTagBinding, transport: doneScript.transport }),
    )
    expect(deletionEmission).to.deep.nested.include({ 'right._tag': 'Succeeded', 'right.response': {} })
    const [creationEmission] = await emissionsOf(
      watchOperation(NAME, { ...createProject, transport: doneScript.transport }),
    )
    expect(creationEmission).to.deep.nested.include({
      'left._tag': 'MalformedResponse',
      'left.path': 'response',
      'left.reason': 'expected an object, got undefined',
      'left.outcome': 'succeeded',
    })
  })
})
