import { isRight } from 'fp-ts/lib/Either.js'
import type { Status } from '../index.js'
import { type Fields, isObject, type OpenEnum, oneOf, readFields } from './field.js'
import { nameIn } from './message.js'

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
