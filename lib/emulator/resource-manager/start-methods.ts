import {
  createFolderV2,
  createFolderV3,
  deleteFolder,
  moveFolderV2,
  moveFolderV3,
  patchCapability,
  patchFolder,
  undeleteFolder,
} from './folders.js'
import type { StartMethod } from './method-names.js'
import { deletePlan } from './mutation.js'
import {
  createProjectV1,
  createProjectV3,
  creationScript,
  deleteProject,
  moveProject,
  patchProject,
  undeleteProject,
} from './projects.js'
import type { Start } from './start-operation.js'
import { createTagBinding, createTagHold, locationOf, patchTagBindingCollection } from './tag-bindings.js'
import { createTagKey, createTagValue, deleteTagKey, deleteTagValue, patchTag } from './tags.js'

// The package of v1 is google.cloudresourcemanager, without the dot that the others have.
const V1 = 'type.googleapis.com/google.cloudresourcemanager.v1'
const V2 = 'type.googleapis.com/google.cloud.resourcemanager.v2'
const V3 = 'type.googleapis.com/google.cloud.resourcemanager.v3'
const EMPTY = 'type.googleapis.com/google.protobuf.Empty'

/**
 * Each method that starts an operation.
 *
 * How the ids begin is known of `cp`, `fc`, `fm` and `rctb` alone: `op` is invented. Nothing public names the metadata
 * of the patches of capabilities and tag binding collections, which have none here, nor the types of their responses,
 * which here are those of their resources.
 *
 * Source: google/cloud/resourcemanager/v2 and v3 (operation_info), and the discovery documents of v1, v2 and v3
 */
export const METHODS: Readonly<Record<StartMethod, Start>> = {
  'v1.projects.create': {
    verb: 'POST',
    path: '/v1/projects',
    prefix: 'cp',
    metadata: `${V1}.ProjectCreationStatus`,
    response: `${V1}.Project`,
    plan: createProjectV1,
    script: creationScript,
  },
  'v2.folders.create': {
    verb: 'POST',
    path: '/v2/folders',
    prefix: 'fc',
    metadata: `${V2}.FolderOperation`,
    response: `${V2}.Folder`,
    plan: createFolderV2,
  },
  'v2.folders.move': {
    verb: 'POST',
    path: '/v2/{folders/*}:move',
    prefix: 'fm',
    metadata: `${V2}.FolderOperation`,
    response: `${V2}.Folder`,
    plan: moveFolderV2,
  },
  'v3.projects.create': {
    verb: 'POST',
    path: '/v3/projects',
    prefix: 'cp',
    metadata: `${V3}.CreateProjectMetadata`,
    response: `${V3}.Project`,
    plan: createProjectV3,
    script: creationScript,
  },
  'v3.projects.patch': {
    verb: 'PATCH',
    path: '/v3/projects/{*}',
    prefix: 'op',
    metadata: `${V3}.UpdateProjectMetadata`,
    response: `${V3}.Project`,
    plan: patchProject,
  },
  'v3.projects.move': {
    verb: 'POST',
    path: '/v3/projects/{*}:move',
    prefix: 'op',
    metadata: `${V3}.MoveProjectMetadata`,
    response: `${V3}.Project`,
    plan: moveProject,
  },
  'v3.projects.delete': {
    verb: 'DELETE',
    path: '/v3/projects/{*}',
    prefix: 'op',
    metadata: `${V3}.DeleteProjectMetadata`,
    response: `${V3}.Project`,
    plan: deleteProject,
  },
  'v3.projects.undelete': {
    verb: 'POST',
    path: '/v3/projects/{*}:undelete',
    prefix: 'op',
    metadata: `${V3}.UndeleteProjectMetadata`,
    response: `${V3}.Project`,
    plan: undeleteProject,
  },
  'v3.folders.create': {
    verb: 'POST',
    path: '/v3/folders',
    prefix: 'fc',
    metadata: `${V3}.CreateFolderMetadata`,
    response: `${V3}.Folder`,
    plan: createFolderV3,
  },
  'v3.folders.patch': {
    verb: 'PATCH',
    path: '/v3/{folders/*}',
    prefix: 'op',
    metadata: `${V3}.UpdateFolderMetadata`,
    response: `${V3}.Folder`,
    plan: patchFolder,
  },
  'v3.folders.move': {
    verb: 'POST',
    path: '/v3/{folders/*}:move',
    prefix: 'fm',
    metadata: `${V3}.MoveFolderMetadata`,
    response: `${V3}.Folder`,
    plan: moveFolderV3,
  },
  'v3.folders.delete': {
    verb: 'DELETE',
    path: '/v3/{folders/*}',
    prefix: 'op',
    metadata: `${V3}.DeleteFolderMetadata`,
    response: `${V3}.Folder`,
    plan: deleteFolder,
    atOnce: true,
  },
  'v3.folders.undelete': {
    verb: 'POST',
    path: '/v3/{folders/*}:undelete',
    prefix: 'op',
    metadata: `${V3}.UndeleteFolderMetadata`,
    response: `${V3}.Folder`,
    plan: undeleteFolder,
  },
  'v3.folders.capabilities.patch': {
    verb: 'PATCH',
    path: '/v3/{folders/*/capabilities/*}',
    prefix: 'op',
    response: `${V3}.Capability`,
    plan: patchCapability,
  },
  'v3.locations.tagBindingCollections.patch': {
    verb: 'PATCH',
    path: '/v3/{locations/*/tagBindingCollections/*}',
    prefix: 'op',
    response: `${V3}.TagBindingCollection`,
    plan: patchTagBindingCollection,
  },
  'v3.tagKeys.create': {
    verb: 'POST',
    path: '/v3/tagKeys',
    prefix: 'op',
    metadata: `${V3}.CreateTagKeyMetadata`,
    response: `${V3}.TagKey`,
    plan: createTagKey,
    validates: true,
  },
  'v3.tagKeys.patch': {
    verb: 'PATCH',
    path: '/v3/{tagKeys/*}',
    prefix: 'op',
    metadata: `${V3}.UpdateTagKeyMetadata`,
    response: `${V3}.TagKey`,
    plan: patchTag,
    validates: true,
  },
  'v3.tagKeys.delete': {
    verb: 'DELETE',
    path: '/v3/{tagKeys/*}',
    prefix: 'op',
    metadata: `${V3}.DeleteTagKeyMetadata`,
    response: `${V3}.TagKey`,
    plan: deleteTagKey,
    validates: true,
  },
  'v3.tagValues.create': {
    verb: 'POST',
    path: '/v3/tagValues',
    prefix: 'op',
    metadata: `${V3}.CreateTagValueMetadata`,
    response: `${V3}.TagValue`,
    plan: createTagValue,
    validates: true,
  },
  'v3.tagValues.patch': {
    verb: 'PATCH',
    path: '/v3/{tagValues/*}',
    prefix: 'op',
    metadata: `${V3}.UpdateTagValueMetadata`,
    response: `${V3}.TagValue`,
    plan: patchTag,
    validates: true,
  },
  'v3.tagValues.delete': {
    verb: 'DELETE',
    path: '/v3/{tagValues/*}',
    prefix: 'op',
    metadata: `${V3}.DeleteTagValueMetadata`,
    response: `${V3}.TagValue`,
    plan: deleteTagValue,
    validates: true,
  },
  'v3.tagBindings.create': {
    verb: 'POST',
    path: '/v3/tagBindings',
    prefix: (body) => `rctb.${locationOf(body)}`,
    metadata: `${V3}.CreateTagBindingMetadata`,
    response: `${V3}.TagBinding`,
    plan: createTagBinding,
    atOnce: true,
    validates: true,
  },
  'v3.tagBindings.delete': {
    verb: 'DELETE',
    path: '/v3/{tagBindings/**}',
    prefix: 'op',
    metadata: `${V3}.DeleteTagBindingMetadata`,
    response: EMPTY,
    plan: deletePlan,
    atOnce: true,
  },
  'v3.tagValues.tagHolds.create': {
    verb: 'POST',
    path: '/v3/{tagValues/*}/tagHolds',
    prefix: 'op',
    metadata: `${V3}.CreateTagHoldMetadata`,
    response: `${V3}.TagHold`,
    plan: createTagHold,
    validates: true,
  },
  'v3.tagValues.tagHolds.delete': {
    verb: 'DELETE',
    path: '/v3/{tagValues/*/tagHolds/*}',
    prefix: 'op',
    metadata: `${V3}.DeleteTagHoldMetadata`,
    response: EMPTY,
    plan: deletePlan,
    validates: true,
  },
}
