import type { Status } from '../index.js'
import { isLeft } from '../model/either.js'
import { isJsonObject } from '../model/json.js'
import { enumOf, type OpenEnum, string, stringList, stringMap, timestamp } from './field.js'
import { type Message, message, messageName } from './message.js'
import { decodeFields, type Fields } from './message-fields.js'

/**
 * A folder of the v3 API.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders.
 */
export interface Folder {
  /** The resource name, such as `folders/1234`. */
  readonly name: string
  /** The parent: `organizations/123` or `folders/876`. */
  readonly parent: string
  /** The display name, unique within the parent: at most 30 characters. */
  readonly displayName: string
  /** A `DELETE_REQUESTED` folder can be undeleted. */
  readonly state: OpenEnum<'STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED'>
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
  /** The management project of the app-management capability, such as `projects/google-mp-123`, or empty. */
  readonly managementProject: string
  /** The configured capabilities, such as `folders/123/capabilities/app-management`. */
  readonly configuredCapabilities: readonly string[]
  /** Tags to set at creation, such as `{ '123/environment': 'production' }`. The API does not return them. */
  readonly tags: Readonly<Record<string, string>>
}

/** The fields that folders of v2 and v3 have in common. */
const FOLDER_FIELDS = {
  name: string,
  parent: string,
  displayName: string,
  createTime: timestamp,
  managementProject: string,
  configuredCapabilities: stringList,
  tags: stringMap,
}

/** Decodes {@link Folder}. */
export const Folder: Message<'v3.Folder', Folder> = message('v3.Folder', {
  ...FOLDER_FIELDS,
  state: enumOf('STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED'),
  updateTime: timestamp,
  deleteTime: timestamp,
  etag: string,
})

/** The metadata of a folder creation. The API may omit every field. */
export interface CreateFolderMetadata {
  /** The display name of the folder. */
  readonly displayName: string
  /** The parent of the new folder, such as `organizations/123`. */
  readonly parent: string
}

/** Decodes {@link CreateFolderMetadata}. */
export const CreateFolderMetadata: Message<'v3.CreateFolderMetadata', CreateFolderMetadata> = message(
  'v3.CreateFolderMetadata',
  { displayName: string, parent: string },
)

/** The metadata of a folder move. The API may omit every field. */
export interface MoveFolderMetadata {
  /** The display name of the folder. */
  readonly displayName: string
  /** The previous parent, such as `organizations/123`. */
  readonly sourceParent: string
  /** The new parent, such as `folders/876`. */
  readonly destinationParent: string
}

/** Decodes {@link MoveFolderMetadata}. */
export const MoveFolderMetadata: Message<'v3.MoveFolderMetadata', MoveFolderMetadata> = message(
  'v3.MoveFolderMetadata',
  { displayName: string, sourceParent: string, destinationParent: string },
)

/**
 * A folder of the v2 API.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v2/folders.
 */
export interface FolderV2 extends Omit<Folder, 'state' | 'updateTime' | 'deleteTime' | 'etag'> {
  /** A `DELETE_REQUESTED` folder can be undeleted. */
  readonly lifecycleState: OpenEnum<'LIFECYCLE_STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED'>
}

/** Decodes {@link FolderV2}. */
export const FolderV2: Message<'v2.Folder', FolderV2> = message('v2.Folder', {
  ...FOLDER_FIELDS,
  lifecycleState: enumOf('LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED'),
})

/**
 * The metadata of an operation of the v2 API.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v2/FolderOperation.
 */
export interface FolderOperation {
  /** The display name of the folder. */
  readonly displayName: string
  readonly operationType: OpenEnum<'OPERATION_TYPE_UNSPECIFIED' | 'CREATE' | 'MOVE'>
  /** The previous parent, such as `organizations/123`. Empty if the operation is not a move. */
  readonly sourceParent: string
  /** The new parent, such as `folders/876`. */
  readonly destinationParent: string
}

/** Decodes {@link FolderOperation}. */
export const FolderOperation: Message<'v2.FolderOperation', FolderOperation> = message('v2.FolderOperation', {
  displayName: string,
  operationType: enumOf('OPERATION_TYPE_UNSPECIFIED', 'CREATE', 'MOVE'),
  sourceParent: string,
  destinationParent: string,
})

const FOLDER_OPERATION_ERRORS = [
  'ERROR_TYPE_UNSPECIFIED',
  'ACTIVE_FOLDER_HEIGHT_VIOLATION',
  'MAX_CHILD_FOLDERS_VIOLATION',
  'FOLDER_NAME_UNIQUENESS_VIOLATION',
  'RESOURCE_DELETED_VIOLATION',
  'PARENT_DELETED_VIOLATION',
  'CYCLE_INTRODUCED_VIOLATION',
  'FOLDER_BEING_MOVED_VIOLATION',
  'FOLDER_TO_DELETE_NON_EMPTY_VIOLATION',
  'DELETED_FOLDER_HEIGHT_VIOLATION',
  'FOLDER_TO_DELETE_CONFIGURED_CAPABILITY_VIOLATION',
] as const

/**
 * The reason for a failed folder creation, move or deletion.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/FolderOperationError.
 */
export interface FolderOperationError {
  readonly errorMessageId: OpenEnum<(typeof FOLDER_OPERATION_ERRORS)[number]>
}

/** The fields of a {@link FolderOperationError}. */
export const folderOperationErrorFields: Fields<FolderOperationError> = {
  errorMessageId: enumOf(...FOLDER_OPERATION_ERRORS),
}

const decodeFolderError = decodeFields(folderOperationErrorFields)

/**
 * Returns the folder errors in the details of a status. A detail is a folder error if its `@type` ends with
 * `.FolderOperationError`, or if it has the member `errorMessageId`. The package of the message is not published.
 */
export function folderOperationErrors(status: Status): readonly FolderOperationError[] {
  return status.details.flatMap((detail) => {
    if (detail._tag !== 'UnknownDetail') return []
    const isNamed = messageName(detail.type)?.endsWith('.FolderOperationError') === true
    if (!isNamed && !(isJsonObject(detail.value) && Object.hasOwn(detail.value, 'errorMessageId'))) return []
    const error = decodeFolderError(detail.value)
    return isLeft(error) ? [] : [error.right]
  })
}
