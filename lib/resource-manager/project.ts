import { bool, enumOf, int64, type OpenEnum, string, stringList, stringMap, timestamp } from './field.js'
import { type Message, message } from './message.js'
import { nested } from './message-fields.js'

/**
 * A project of the v3 API.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/projects.
 */
export interface Project {
  /** The resource name with the project number, such as `projects/415104041262`. */
  readonly name: string
  /** The parent, such as `organizations/123` or `folders/876`, or empty. */
  readonly parent: string
  /** The immutable ID: 6 to 30 lowercase letters, digits and hyphens. */
  readonly projectId: string
  /** A `DELETE_REQUESTED` project can be undeleted. */
  readonly state: OpenEnum<'STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED'>
  /** The display name: 4 to 30 characters, or empty. */
  readonly displayName: string
  /** The creation time, in RFC 3339. */
  readonly createTime?: string
  /** The time of the last update, in RFC 3339. */
  readonly updateTime?: string
  /** The time of the deletion request, in RFC 3339. */
  readonly deleteTime?: string
  /**
   * A checksum of the resource. An update that contains the etag fails if the resource has changed since the etag was
   * read.
   */
  readonly etag: string
  /** Labels by key, at most 64. A value may be empty. */
  readonly labels: Readonly<Record<string, string>>
  /** Tags to set at creation, such as `{ '123/environment': 'production' }`. The API does not return them. */
  readonly tags: Readonly<Record<string, string>>
  /**
   * For a management project, the configured capabilities of its folder, such as
   * `folders/123/capabilities/app-management`.
   */
  readonly configuredCapabilities: readonly string[]
}

/** Decodes {@link Project}. */
export const Project: Message<'v3.Project', Project> = message('v3.Project', {
  name: string,
  parent: string,
  projectId: string,
  state: enumOf('STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED'),
  displayName: string,
  createTime: timestamp,
  updateTime: timestamp,
  deleteTime: timestamp,
  etag: string,
  labels: stringMap,
  tags: stringMap,
  configuredCapabilities: stringList,
})

/**
 * The metadata of a project creation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/CreateProjectMetadata.
 */
export interface CreateProjectMetadata {
  /** The start of the creation, in RFC 3339. Often absent, and always absent when the operation is done. */
  readonly createTime?: string
  /** Whether the project can be read with `projects.get`. Other calls may fail until the operation is done. */
  readonly gettable: boolean
  /** Whether the creation is complete. */
  readonly ready: boolean
}

/** Decodes {@link CreateProjectMetadata}. */
export const CreateProjectMetadata: Message<'v3.CreateProjectMetadata', CreateProjectMetadata> = message(
  'v3.CreateProjectMetadata',
  { createTime: timestamp, gettable: bool, ready: bool },
)

/**
 * A project of the v1 API.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v1/projects.
 */
export interface ProjectV1
  extends Pick<Project, 'projectId' | 'createTime' | 'labels' | 'tags' | 'configuredCapabilities'> {
  /** The project number, an int64 as decimal digits, such as `415104041262`. */
  readonly projectNumber: string
  /** A `DELETE_REQUESTED` project can be undeleted; a `DELETE_IN_PROGRESS` project cannot be undeleted. */
  readonly lifecycleState: OpenEnum<
    'LIFECYCLE_STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED' | 'DELETE_IN_PROGRESS'
  >
  /** The display name (`displayName` in v3): 4 to 30 characters, or empty. */
  readonly name: string
  /** The parent, if there is one. */
  readonly parent?: ResourceId
}

/** The parent of a v1 project. */
export interface ResourceId {
  /** `organization`, `folder` or `project`. */
  readonly type: string
  /** The ID within the type, such as `123`. */
  readonly id: string
}

/** Decodes {@link ProjectV1}. */
export const ProjectV1: Message<'v1.Project', ProjectV1> = message('v1.Project', {
  projectNumber: int64,
  projectId: string,
  lifecycleState: enumOf('LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS'),
  name: string,
  createTime: timestamp,
  labels: stringMap,
  parent: nested<ResourceId>({ type: string, id: string }),
  tags: stringMap,
  configuredCapabilities: stringList,
})

/** The metadata of a v1 project creation. It has the same fields as {@link CreateProjectMetadata} of v3. */
export type ProjectCreationStatus = CreateProjectMetadata

/** Decodes {@link ProjectCreationStatus}. */
export const ProjectCreationStatus: Message<'v1.ProjectCreationStatus', ProjectCreationStatus> = message(
  'v1.ProjectCreationStatus',
  { createTime: timestamp, gettable: bool, ready: bool },
)
