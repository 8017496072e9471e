import { isRight } from 'fp-ts/lib/Either.js'
import type { Status } from '../index.js'
import {
  type Fields,
  isObject,
  type OpenEnum,
  oneOf,
  readFields,
  text,
  textMap,
  texts,
  timestamp,
} from './field.js'
import { type Message, message, nameIn } from './message.js'

/**
 * A folder, as v3 tells it.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders.
 */
export interface Folder {
  /** The resource name, such as `folders/1234`. */
  readonly name: string
  /** What it lies in: `organizations/123` or `folders/876`. */
  readonly parent: string
  /** The name for people, unlike that of any other folder of its parent: at most 30 characters. */
  readonly displayName: string
  /** `DELETE_REQUESTED` folders can still be undeleted. */
  readonly state: OpenEnum<'STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED'>
  /** When it was created, in RFC 3339. */
  readonly createTime?: string
  /** When it was last changed, in RFC 3339. */
  readonly updateTime?: string
  /** When its deletion was asked for, in RFC 3339. */
  readonly deleteTime?: string
  /** A checksum of its value, to send along with a change so that nobody else's is lost. */
  readonly etag: string
  /** The management project of its app-management capability, such as `projects/google-mp-123`; empty without one. */
  readonly managementProject: string
  /** Its capabilities, such as `folders/123/capabilities/app-management`. */
  readonly configuredCapabilities: readonly string[]
  /** Tags for its creation, such as `123/environment` to `production`; the API does not send them back. */
  readonly tags: Readonly<Record<string, string>>
}

/** Reads a {@link Folder}. */
export const Folder: Message<'v3.Folder', Folder> = message('v3', 'Folder', {
  name: text,
  parent: text,
  displayName: text,
  state: oneOf('STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED'),
  createTime: timestamp,
  updateTime: timestamp,
  deleteTime: timestamp,
  etag: text,
  managementProject: text,
  configuredCapabilities: texts,
  tags: textMap,
})

/** Which folder is being created; the API may send none of it. */
export interface CreateFolderMetadata {
  /** The name for people of the folder. */
  readonly displayName: string
  /** What the folder is created in, such as `organizations/123`. */
  readonly parent: string
}

/** Reads {@link CreateFolderMetadata}. */
export const CreateFolderMetadata: Message<'v3.CreateFolderMetadata', CreateFolderMetadata> = message(
  'v3',
  'CreateFolderMetadata',
  { displayName: text, parent: text },
)

/** Which folder is being moved, and where; the API may send none of it. */
export interface MoveFolderMetadata {
  /** The name for people of the folder. */
  readonly displayName: string
  /** What the folder lay in, such as `organizations/123`. */
  readonly sourceParent: string
  /** What the folder is moved to, such as `folders/876`. */
  readonly destinationParent: string
}

/** Reads {@link MoveFolderMetadata}. */
export const MoveFolderMetadata: Message<'v3.MoveFolderMetadata', MoveFolderMetadata> = message(
  'v3',
  'MoveFolderMetadata',
  { displayName: text, sourceParent: text, destinationParent: text },
)

/**
 * A folder, as v2 tells it.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v2/folders.
 */
export interface FolderV2 {
  /** The resource name, such as `folders/1234`. */
  readonly name: string
  /** What it lies in: `organizations/123` or `folders/876`. */
  readonly parent: string
  /** The name for people, unlike that of any other folder of its parent: at most 30 characters. */
  readonly displayName: string
  /** `DELETE_REQUESTED` folders can still be undeleted. */
  readonly lifecycleState: OpenEnum<'LIFECYCLE_STATE_UNSPECIFIED' | 'ACTIVE' | 'DELETE_REQUESTED'>
  /** When it was created, in RFC 3339. */
  readonly createTime?: string
  /** The management project of its app-management capability, such as `projects/google-mp-123`; empty without one. */
  readonly managementProject: string
  /** Its capabilities, such as `folders/123/capabilities/app-management`. */
  readonly configuredCapabilities: readonly string[]
  /** Tags for its creation, such as `123/environment` to `production`; the API does not send them back. */
  readonly tags: Readonly<Record<string, string>>
}

/** Reads a {@link FolderV2}. */
export const FolderV2: Message<'v2.Folder', FolderV2> = message('v2', 'Folder', {
  name: text,
  parent: text,
  displayName: text,
  lifecycleState: oneOf('LIFECYCLE_STATE_UNSPECIFIED', 'ACTIVE', 'DELETE_REQUESTED'),
  createTime: timestamp,
  managementProject: text,
  configuredCapabilities: texts,
  tags: textMap,
})

/** What v2 is doing to a folder. Source: https://cloud.google.com/resource-manager/reference/rest/v2/FolderOperation. */
export interface FolderOperation {
  /** The name for people of the folder. */
  readonly displayName: string
  readonly operationType: OpenEnum<'OPERATION_TYPE_UNSPECIFIED' | 'CREATE' | 'MOVE'>
  /** What the folder lay in, such as `organizations/123`; empty unless it is moved. */
  readonly sourceParent: string
  /** What the folder is created in or moved to, such as `folders/876`. */
  readonly destinationParent: string
}

/** Reads a {@link FolderOperation}. */
export const FolderOperation: Message<'v2.FolderOperation', FolderOperation> = message(
  'v2',
  'FolderOperation',
  {
    displayName: text,
    operationType: oneOf('OPERATION_TYPE_UNSPECIFIED', 'CREATE', 'MOVE'),
    sourceParent: text,
    destinationParent: text,
  },
)

/**
 * Why a folder could not be created, moved or deleted.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/FolderOperationError.
 */
export interface FolderOperationError {
  readonly errorMessageId: OpenEnum<
    | 'ERROR_TYPE_UNSPECIFIED'
    | 'ACTIVE_FOLDER_HEIGHT_VIOLATION'
    | 'MAX_CHILD_FOLDERS_VIOLATION'
    | 'FOLDER_NAME_UNIQUENESS_VIOLATION'
    | 'RESOURCE_DELETED_VIOLATION'
    | 'PARENT_DELETED_VIOLATION'
    | 'CYCLE_INTRODUCED_VIOLATION'
    | 'FOLDER_BEING_MOVED_VIOLATION'
    | 'FOLDER_TO_DELETE_NON_EMPTY_VIOLATION'
    | 'DELETED_FOLDER_HEIGHT_VIOLATION'
    | 'FOLDER_TO_DELETE_CONFIGURED_CAPABILITY_VIOLATION'
  >
}

/** The fields of a {@link FolderOperationError}. */
export const folderOperationErrorFields: Fields<FolderOperationError> = {
  errorMessageId: oneOf(
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
  ),
}

const read = readFields(folderOperationErrorFields)

/**
 * The folder errors among the details of a status. Their package is not published, so they are known by the end of
 * their `@type`, or by having an `errorMessageId`.
 */
export function folderOperationErrors(status: Status): readonly FolderOperationError[] {
  return status.details.flatMap((detail) => {
    if (detail._tag !== 'UnknownDetail') return []
    const named = nameIn(detail.type)?.endsWith('.FolderOperationError') === true
    if (!named && !(isObject(detail.value) && Object.hasOwn(detail.value, 'errorMessageId'))) return []
    const error = read(detail.value)
    return isRight(error) ? [error.right] : []
  })
}
