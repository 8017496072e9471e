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
import * as door from '../../lib/resource-manager/index.js'
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
import { http, NAME, type Reply, scripted } from '../virtual.js'

const P = 'type.googleapis.com/google.cloud.resourcemanager.v3.'
function answer(body: object): Reply {
  return http(200, { name: NAME, ...body })
}
function wordsOf<R, M>(watch: Watch<R, M>) {
  return lastValueFrom(watch.pipe(toArray()))
}

describe('descriptors', () => {
  it('should be one for each method that starts an operation', () => {
    const of = (version: string) => descriptors.filter(({ methodVersion }) => methodVersion === version)
    expect([of('v1').length, of('v2').length, of('v3').length]).to.deep.equal([1, 2, 22])
    const exported = Object.values(door).filter((one) => typeof one === 'object' && 'methodVersion' in one)
    expect(exported).to.have.members([...descriptors])
    expect(new Set(descriptors.map(({ method, methodVersion }) => methodVersion + method)).size).to.equal(25)
  })

  it('should poll v1 and v2 under v1, and v3 under v3', () => {
    for (const { methodVersion, apiVersion } of descriptors)
      expect(apiVersion).to.equal(methodVersion === 'v3' ? 'v3' : 'v1')
  })

  it('should say which @type they expect', () => {
    expect(createProject).to.include({
      method: 'cloudresourcemanager.projects.create',
      metadataType: `${P}CreateProjectMetadata`,
      responseType: `${P}Project`,
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

  it('should type a watch to its end', () => {
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
      Observable<Either<OperationError<door.DeleteTagBindingMetadata>, Empty>>
    >()
    const inFolder = client
      .watch(NAME, createFolder)
      .pipe(andThen(({ name: _ }) => client.watch(NAME, createProject)))
    expectTypeOf(inFolder.pipe(outcome())).toEqualTypeOf<
      Observable<
        Either<OperationError<door.CreateFolderMetadata> | OperationError<CreateProjectMetadata>, Project>
      >
    >()
    expectTypeOf<Project['state']>().toEqualTypeOf<
      'STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED' | (string & {})
    >()
    client.close()
  })

  it('should leave JSON where no types are published', () => {
    expectTypeOf(watchOperation(NAME, updateFolderCapability)).toEqualTypeOf<Watch<Json | undefined, Json>>()
    const client = new OperationsClient({ transport: () => of() })
    expectTypeOf(client.watch(NAME, updateFolderCapability)).toEqualTypeOf<Watch<Json | undefined, Json>>()
    client.close()
    for (const raw of [updateFolderCapability, door.updateTagBindingCollection])
      expect(raw).to.have.all.keys('method', 'methodVersion', 'apiVersion')
  })

  it('should decode what a watch is sent, and ask under its version', async () => {
    const { transport, requests } = scripted(
      answer({
        done: true,
        metadata: { '@type': createProjectV1.metadataType, gettable: true },
        response: { '@type': createProjectV1.responseType, projectNumber: 7, lifecycleState: 1 },
      }),
    )
    const [word] = await wordsOf(watchOperation(NAME, { ...createProjectV1, transport }))
    expect(word).to.deep.nested.include({
      'right.metadata.gettable': true,
      'right.metadata.ready': false,
      'right.response.projectNumber': '7',
      'right.response.lifecycleState': 'ACTIVE',
    })
    expect(requests.map(({ url }) => new URL(url).pathname)).to.deep.equal([`/v1/${NAME}`])
  })

  it('should refuse a response of another type, at its path, with what was sent', async () => {
    const response = { '@type': `${P}Folder`, name: 'folders/1' }
    const { transport } = scripted(answer({ done: true, response }))
    const [word] = await wordsOf(watchOperation(NAME, { ...createProject, transport }))
    if (word === undefined || !isLeft(word)) throw new Error('it was not refused')
    expect(word.left).to.deep.include({
      _tag: 'MalformedResponse',
      path: 'response.@type',
      reason: `expected ${P}Project, got "${P}Folder"`,
      outcome: 'succeeded',
      response,
    })
  })

  it('should name the path of a field that does not fit, in a response and in metadata', async () => {
    const metadata = { '@type': `${P}CreateProjectMetadata`, ready: 'yes' }
    const { transport } = scripted(answer({ done: true, metadata, response: { state: true } }))
    const [word] = await wordsOf(watchOperation(NAME, { ...createProject, transport }))
    expect(word).to.deep.nested.include({
      'left.path': 'response.state',
      'left.outcome': 'succeeded',
      'left.metadataError': { path: 'ready', message: 'expected a boolean, got "yes"' },
    })
  })

  it('should take an operation that is done without a response for a deletion alone', async () => {
    const done = scripted(answer({ done: true }))
    const [deleted] = await wordsOf(watchOperation(NAME, { ...deleteTagBinding, transport: done.transport }))
    expect(deleted).to.deep.nested.include({ 'right._tag': 'Succeeded', 'right.response': {} })
    const [created] = await wordsOf(watchOperation(NAME, { ...createProject, transport: done.transport }))
    expect(created).to.deep.nested.include({
      'left._tag': 'MalformedResponse',
      'left.path': 'response',
      'left.reason': 'expected an object, got undefined',
      'left.outcome': 'succeeded',
    })
  })
})
