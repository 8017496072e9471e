/**
 * Descriptors and messages of Cloud Resource Manager.
 *
 * @module rx-longrunning/resource-manager
 */

export {
  type AnyMessage,
  anyMessage,
  decodeAny,
  type KnownMessage,
  type Messages,
  type UnknownMessage,
} from './any-message.js'
export { descriptors } from './descriptors.js'
export {
  CreateTagBindingMetadata,
  CreateTagHoldMetadata,
  CreateTagKeyMetadata,
  CreateTagValueMetadata,
  DeleteFolderMetadata,
  DeleteOrganizationMetadata,
  DeleteProjectMetadata,
  DeleteTagBindingMetadata,
  DeleteTagHoldMetadata,
  DeleteTagKeyMetadata,
  DeleteTagValueMetadata,
  Empty,
  type EmptyMessage,
  MoveProjectMetadata,
  UndeleteFolderMetadata,
  UndeleteOrganizationMetadata,
  UndeleteProjectMetadata,
  UpdateFolderMetadata,
  UpdateProjectMetadata,
  UpdateTagKeyMetadata,
  UpdateTagValueMetadata,
} from './empty-metadata.js'
export { type Field, type OpenEnum, parseTimestamp } from './field.js'
export {
  CreateFolderMetadata,
  Folder,
  FolderOperation,
  type FolderOperationError,
  FolderV2,
  folderOperationErrors,
  MoveFolderMetadata,
} from './folder.js'
export type { Message, NoFields } from './message.js'
export type { Fields } from './message-fields.js'
export type { Descriptor, RawDescriptor } from './methods.js'
export {
  createFolder,
  createFolderV2,
  createProject,
  createProjectV1,
  createTagBinding,
  createTagHold,
  createTagKey,
  createTagValue,
  deleteFolder,
  deleteProject,
  deleteTagBinding,
  deleteTagHold,
  deleteTagKey,
  deleteTagValue,
  moveFolder,
  moveFolderV2,
  moveProject,
  undeleteFolder,
  undeleteProject,
  updateFolder,
  updateFolderCapability,
  updateProject,
  updateTagBindingCollection,
  updateTagKey,
  updateTagValue,
} from './methods.js'
export {
  CreateProjectMetadata,
  Project,
  ProjectCreationStatus,
  ProjectV1,
  type ResourceId,
} from './project.js'
export { TagBinding, TagHold, TagKey, type TagResource, TagValue } from './tag.js'
export { gettable } from './until-gettable.js'
