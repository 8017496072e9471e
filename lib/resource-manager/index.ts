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
} from './any.js'
export type { Descriptor, RawDescriptor } from './descriptor.js'
export { descriptors } from './descriptors.js'
export { Empty } from './empty.js'
export type { Field, Fields, OpenEnum } from './field.js'
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
  MoveProjectMetadata,
  UndeleteFolderMetadata,
  UndeleteOrganizationMetadata,
  UndeleteProjectMetadata,
  UpdateFolderMetadata,
  UpdateProjectMetadata,
  UpdateTagKeyMetadata,
  UpdateTagValueMetadata,
} from './fieldless.js'
export { CreateFolderMetadata, Folder, FolderOperation, FolderV2, MoveFolderMetadata } from './folder.js'
export { type FolderOperationError, folderOperationErrors } from './folder-operation-error.js'
export { gettable } from './gettable.js'
export type { Message, NoFields } from './message.js'
export {
  CreateProjectMetadata,
  Project,
  ProjectCreationStatus,
  ProjectV1,
  type ResourceId,
} from './project.js'
export { TagBinding, TagHold, TagKey, TagValue } from './tag.js'
export { parseTimestamp } from './timestamp.js'
export { createProjectV1 } from './v1.js'
export { createFolderV2, moveFolderV2 } from './v2.js'
export {
  createFolder,
  createProject,
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
  moveProject,
  undeleteFolder,
  undeleteProject,
  updateFolder,
  updateFolderCapability,
  updateProject,
  updateTagBindingCollection,
  updateTagKey,
  updateTagValue,
} from './v3.js'
