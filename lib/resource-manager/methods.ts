import * as empty from './empty-metadata.js'
import { CreateFolderMetadata, Folder, FolderOperation, FolderV2, MoveFolderMetadata } from './folder.js'
import type { Message, Version } from './message.js'
import { CreateProjectMetadata, Project, ProjectCreationStatus, ProjectV1 } from './project.js'
import { TagBinding, TagHold, TagKey, TagValue } from './tag.js'

/**
 * A method that starts an operation, with the messages of its metadata and response. Pass a descriptor as options:
 * `watchOperation(name, createProject)`, or with further options: `{ ...createProject, timeout: 60_000 }`.
 *
 * Source: the discovery documents of the Cloud Resource Manager API; `operation_info` in
 * google/cloud/resourcemanager/v3.
 */
export interface Descriptor<R, M> extends Method {
  /** The `@type` of the metadata. */
  readonly metadataType: string
  /** The `@type` of the response. */
  readonly responseType: string
  readonly metadata: Message<string, M>
  readonly response: Message<string, R>
}

/** A method that starts an operation whose messages are not published. Its metadata and response are not decoded. */
export interface RawDescriptor extends Method {
  readonly metadataType?: undefined
  readonly responseType?: undefined
  readonly metadata?: undefined
  readonly response?: undefined
}

interface Method {
  /** The ID in the discovery document, such as `cloudresourcemanager.projects.create`. */
  readonly method: string
  /** The API version of the method. */
  readonly methodVersion: 'v1' | 'v2' | 'v3'
  /** The API version that polls use. Operations that v2 starts are polled with v1. */
  readonly apiVersion: 'v1' | 'v3'
}

function descriptor<R, M>(
  id: MethodId,
  { metadata, response }: Pick<Descriptor<R, M>, 'metadata' | 'response'>,
): Descriptor<R, M> {
  const types = { metadataType: metadata.type, responseType: response.type }
  return { ...rawDescriptor(id), ...types, metadata, response }
}

function rawDescriptor(id: MethodId): RawDescriptor {
  const methodVersion = id.slice(0, 2) as Version
  const method = `cloudresourcemanager.${id.slice(3)}`
  return { method, methodVersion, apiVersion: methodVersion === 'v3' ? 'v3' : 'v1' }
}

type MethodId = `${Version}.${string}`

/** `POST /v3/projects`. */
export const createProject: Descriptor<Project, CreateProjectMetadata> = descriptor('v3.projects.create', {
  metadata: CreateProjectMetadata,
  response: Project,
})

/** `PATCH /v3/projects/ID`. */
export const updateProject: Descriptor<Project, empty.UpdateProjectMetadata> = descriptor(
  'v3.projects.patch',
  { metadata: empty.UpdateProjectMetadata, response: Project },
)

/** `POST /v3/projects/ID:move`. */
export const moveProject: Descriptor<Project, empty.MoveProjectMetadata> = descriptor('v3.projects.move', {
  metadata: empty.MoveProjectMetadata,
  response: Project,
})

/** `DELETE /v3/projects/ID`. */
export const deleteProject: Descriptor<Project, empty.DeleteProjectMetadata> = descriptor(
  'v3.projects.delete',
  { metadata: empty.DeleteProjectMetadata, response: Project },
)

/** `POST /v3/projects/ID:undelete`. */
export const undeleteProject: Descriptor<Project, empty.UndeleteProjectMetadata> = descriptor(
  'v3.projects.undelete',
  { metadata: empty.UndeleteProjectMetadata, response: Project },
)

/** `POST /v3/folders`. */
export const createFolder: Descriptor<Folder, CreateFolderMetadata> = descriptor('v3.folders.create', {
  metadata: CreateFolderMetadata,
  response: Folder,
})

/** `PATCH /v3/folders/ID`. */
export const updateFolder: Descriptor<Folder, empty.UpdateFolderMetadata> = descriptor('v3.folders.patch', {
  metadata: empty.UpdateFolderMetadata,
  response: Folder,
})

/** `POST /v3/folders/ID:move`. */
export const moveFolder: Descriptor<Folder, MoveFolderMetadata> = descriptor('v3.folders.move', {
  metadata: MoveFolderMetadata,
  response: Folder,
})

/** `DELETE /v3/folders/ID`. */
export const deleteFolder: Descriptor<Folder, empty.DeleteFolderMetadata> = descriptor('v3.folders.delete', {
  metadata: empty.DeleteFolderMetadata,
  response: Folder,
})

/** `POST /v3/folders/ID:undelete`. */
export const undeleteFolder: Descriptor<Folder, empty.UndeleteFolderMetadata> = descriptor(
  'v3.folders.undelete',
  { metadata: empty.UndeleteFolderMetadata, response: Folder },
)

/** `PATCH /v3/folders/ID/capabilities/NAME`. Its messages are not published. */
export const updateFolderCapability: RawDescriptor = rawDescriptor('v3.folders.capabilities.patch')

/** `POST /v3/tagKeys`. */
export const createTagKey: Descriptor<TagKey, empty.CreateTagKeyMetadata> = descriptor('v3.tagKeys.create', {
  metadata: empty.CreateTagKeyMetadata,
  response: TagKey,
})

/** `PATCH /v3/tagKeys/ID`. */
export const updateTagKey: Descriptor<TagKey, empty.UpdateTagKeyMetadata> = descriptor('v3.tagKeys.patch', {
  metadata: empty.UpdateTagKeyMetadata,
  response: TagKey,
})

/** `DELETE /v3/tagKeys/ID`. */
export const deleteTagKey: Descriptor<TagKey, empty.DeleteTagKeyMetadata> = descriptor('v3.tagKeys.delete', {
  metadata: empty.DeleteTagKeyMetadata,
  response: TagKey,
})

/** `POST /v3/tagValues`. */
export const createTagValue: Descriptor<TagValue, empty.CreateTagValueMetadata> = descriptor(
  'v3.tagValues.create',
  { metadata: empty.CreateTagValueMetadata, response: TagValue },
)

/** `PATCH /v3/tagValues/ID`. */
export const updateTagValue: Descriptor<TagValue, empty.UpdateTagValueMetadata> = descriptor(
  'v3.tagValues.patch',
  { metadata: empty.UpdateTagValueMetadata, response: TagValue },
)

/** `DELETE /v3/tagValues/ID`. */
export const deleteTagValue: Descriptor<TagValue, empty.DeleteTagValueMetadata> = descriptor(
  'v3.tagValues.delete',
  { metadata: empty.DeleteTagValueMetadata, response: TagValue },
)

/** `POST /v3/tagBindings`. */
export const createTagBinding: Descriptor<TagBinding, empty.CreateTagBindingMetadata> = descriptor(
  'v3.tagBindings.create',
  { metadata: empty.CreateTagBindingMetadata, response: TagBinding },
)

/** `DELETE /v3/tagBindings/NAME`. */
export const deleteTagBinding: Descriptor<empty.Empty, empty.DeleteTagBindingMetadata> = descriptor(
  'v3.tagBindings.delete',
  { metadata: empty.DeleteTagBindingMetadata, response: empty.Empty },
)

/** `PATCH /v3/locations/LOCATION/tagBindingCollections/NAME`. Its messages are not published. */
export const updateTagBindingCollection: RawDescriptor = rawDescriptor(
  'v3.locations.tagBindingCollections.patch',
)

/** `POST /v3/tagValues/ID/tagHolds`. */
export const createTagHold: Descriptor<TagHold, empty.CreateTagHoldMetadata> = descriptor(
  'v3.tagValues.tagHolds.create',
  { metadata: empty.CreateTagHoldMetadata, response: TagHold },
)

/** `DELETE /v3/tagValues/ID/tagHolds/ID`. */
export const deleteTagHold: Descriptor<empty.Empty, empty.DeleteTagHoldMetadata> = descriptor(
  'v3.tagValues.tagHolds.delete',
  { metadata: empty.DeleteTagHoldMetadata, response: empty.Empty },
)

/** `POST /v1/projects`. */
export const createProjectV1: Descriptor<ProjectV1, ProjectCreationStatus> = descriptor(
  'v1.projects.create',
  { metadata: ProjectCreationStatus, response: ProjectV1 },
)

/** `POST /v2/folders`. */
export const createFolderV2: Descriptor<FolderV2, FolderOperation> = descriptor('v2.folders.create', {
  metadata: FolderOperation,
  response: FolderV2,
})

/** `POST /v2/folders/ID:move`. */
export const moveFolderV2: Descriptor<FolderV2, FolderOperation> = descriptor('v2.folders.move', {
  metadata: FolderOperation,
  response: FolderV2,
})
