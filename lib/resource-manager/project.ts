import { bool, int64, nested, type OpenEnum, oneOf, text, textMap, texts, timestamp } from './field.js'
import { type Message, message } from './message.js'

/**
 * A project, as v3 tells it.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/projects.
 */
export interface Project {
  /** The resource name, `projects/` and the project's number, such as `projects/415104041262`. */
  readonly name: string
  /** What it lies in, such as `organizations/123` or `folders/876`; empty where it lies in nothing. */
  readonly parent: string
  /** The id that was chosen at its creation: 6 to 30 lowercase letters, digits and hyphens. It never changes. */
  readonly projectId: string
  /** `DELETE_REQUESTED` projects can still be undeleted. */
  readonly state: OpenEnum<'STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED'>
  /** The name for people: 4 to 30 characters, or empty. */
  readonly displayName: string
  /** When it was created, in RFC 3339. */
  readonly createTime?: string
  /** When it was last changed, in RFC 3339. */
  readonly updateTime?: string
  /** When its deletion was asked for, in RFC 3339. */
  readonly deleteTime?: string
  /** A checksum of its value, to send along with a change so that nobody else's is lost. */
  readonly etag: string
  /** At most 64, by key; a value may be empty. */
  readonly labels: Readonly<Record<string, string>>
  /** Tags for its creation, such as `123/environment` to `production`; the API does not send them back. */
  readonly tags: Readonly<Record<string, string>>
  /** Of a management project: the capabilities of its folder, such as `folders/123/capabilities/app-management`. */
  readonly configuredCapabilities: readonly string[]
}

/** Reads a {@link Project}. */
export const Project: Message<'v3.Project', Project> = message('v3', 'Project', {
  name: text,
  parent: text,
  projectId: text,
  state: oneOf('STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED'),
  displayName: text,
  createTime: timestamp,
  updateTime: timestamp,
  deleteTime: timestamp,
  etag: text,
  labels: textMap,
  tags: textMap,
  configuredCapabilities: texts,
})

/**
 * How far the creation of a project is.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/CreateProjectMetadata.
 */
export interface CreateProjectMetadata {
  /** When its creation began, in RFC 3339; often absent, and so once it is done. */
  readonly createTime?: string
  /** Whether the project can be read. Nothing else is sure to work before the operation is done. */
  readonly gettable: boolean
  /** Whether its creation is complete. */
  readonly ready: boolean
}

/** Reads {@link CreateProjectMetadata}. */
export const CreateProjectMetadata: Message<'v3.CreateProjectMetadata', CreateProjectMetadata> = message(
  'v3',
  'CreateProjectMetadata',
  { createTime: timestamp, gettable: bool, ready: bool },
)

/**
 * A project, as v1 tells it.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v1/projects.
 */
export interface ProjectV1 {
  /** An int64, as its digits, such as `415104041262`. */
  readonly projectNumber: string
  /** The id that was chosen at its creation: 6 to 30 lowercase letters, digits and hyphens. It never changes. */
  readonly projectId: string
  /** `DELETE_REQUESTED` projects can still be undeleted, `DELETE_IN_PROGRESS` ones cannot. */
  readonly lifecycleState: OpenEnum<
    'LIFECYCLE_STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED' | 'DELETE_IN_PROGRESS'
  >
  /** The name for people, which v3 calls `displayName`: 4 to 30 characters, or empty. */
  readonly name: string
  /** When it was created, in RFC 3339. */
  readonly createTime?: string
  /** At most 256, by key; a value may be empty. */
  readonly labels: Readonly<Record<string, string>>
  /** What it lies in; absent where it lies in nothing. */
  readonly parent?: ResourceId
  /** Tags for its creation, such as `123/environment` to `production`; the API does not send them back. */
  readonly tags: Readonly<Record<string, string>>
  /** Of a management project: the capabilities of its folder, such as `folders/123/capabilities/app-management`. */
  readonly configuredCapabilities: readonly string[]
}

/** What a project of v1 lies in. */
export interface ResourceId {
  /** `organization`, `folder` or `project`. */
  readonly type: string
  /** The id within its type, such as `123`. */
  readonly id: string
}

/** Reads a {@link ProjectV1}. */
export const ProjectV1: Message<'v1.Project', ProjectV1> = message('v1', 'Project', {
  projectNumber: int64,
  projectId: text,
  lifecycleState: oneOf('LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED', 'DELETE_IN_PROGRESS'),
  name: text,
  createTime: timestamp,
  labels: textMap,
  parent: nested<ResourceId>({ type: text, id: text }),
  tags: textMap,
  configuredCapabilities: texts,
})

/** How far the creation of a project is, as v1 tells it: what v3 tells in {@link CreateProjectMetadata}. */
export interface ProjectCreationStatus {
  /** When its creation began, in RFC 3339; often absent, and so once it is done. */
  readonly createTime?: string
  /** Whether the project can be read. Nothing else is sure to work before the operation is done. */
  readonly gettable: boolean
  /** Whether its creation is complete. */
  readonly ready: boolean
}

/** Reads a {@link ProjectCreationStatus}. */
export const ProjectCreationStatus: Message<'v1.ProjectCreationStatus', ProjectCreationStatus> = message(
  'v1',
  'ProjectCreationStatus',
  { createTime: timestamp, gettable: bool, ready: bool },
)
