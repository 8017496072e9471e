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
import { planDelete } from './mutation.js'
import {
  createProjectV1,
  createProjectV3,
  creationScript,
  deleteProject,
  moveProject,
  patchProject,
  undeleteProject,
} from './projects.js'
import type { MethodDefinition } from './start-operation.js'
import { createTagBinding, createTagHold, locationOf, patchTagBindingCollection } from './tag-bindings.js'
import { createTagKey, createTagValue, deleteTagKey, deleteTagValue, patchTag } from './tags.js'

// The package name of v1 has no dot after `cloud`, unlike v2 and v3.
const V1 = 'type.googleapis.com/google.cloudresourcemanager.v1'
const V2 = 'type.googleapis.com/google.cloud.resourcemanager.v2'
const V3 = 'type.googleapis.com/google.cloud.resourcemanager.v3'
const EMPTY = 'type.googleapis.com/google.protobuf.Empty'

/**
 * The methods that start an operation.
 *
 * Public sources document only the ID prefixes `cp`, `fc`, `fm` and `rctb`; the prefix `op` is an assumption. The types for
 * the patch of a capability or tag binding collection are not documented either. Here, these operations have no metadata,
 * and their response is the resource.
 *
 * Source: google/cloud/resourcemanager/v2 and v3 (operation_info), and the discovery documents of v1, v2 and v3
 */
export const METHODS: Readonly<Record<StartMethod, MethodDefinition>> = {
  'v1.projects.create': {
    http: 'POST /v1/projects',
    idPrefix: 'cp',
    metadata: `${V1}.ProjectCreationStatus`,
    response: `${V1}.Project`,
    plan: createProjectV1,
    script: creationScript,
  },
  'v2.folders.create': {
    http: 'POST /v2/folders',
    idPrefix: 'fc',
    metadata: `${V2}.FolderOperation`,
    response: `${V2}.Folder`,
    plan: createFolderV2,
  },
  'v2.folders.move': {
    http: 'POST /v2/{folders/*}:move',
    idPrefix: 'fm',
    metadata: `${V2}.FolderOperation`,
    response: `${V2}.Folder`,
    plan: moveFolderV2,
  },
  'v3.projects.create': {
    http: 'POST /v3/projects',
    idPrefix: 'cp',
    metadata: `${V3}.CreateProjectMetadata`,
    response: `${V3}.Project`,
    plan: createProjectV3,
    script: creationScript,
  },
  'v3.projects.patch': {
    http: 'PATCH /v3/projects/{*}',
    metadata: `${V3}.UpdateProjectMetadata`,
    response: `${V3}.Project`,
    plan: patchProject,
  },
  'v3.projects.move': {
    http: 'POST /v3/projects/{*}:move',
    metadata: `${V3}.MoveProjectMetadata`,
    response: `${V3}.Project`,
    plan: moveProject,
  },
  'v3.projects.delete': {
    http: 'DELETE /v3/projects/{*}',
    metadata: `${V3}.DeleteProjectMetadata`,
    response: `${V3}.Project`,
    plan: deleteProject,
  },
  'v3.projects.undelete': {
    http: 'POST /v3/projects/{*}:undelete',
    metadata: `${V3}.UndeleteProjectMetadata`,
    response: `${V3}.Project`,
    plan: undeleteProject,
  },
  'v3.folders.create': {
    http: 'POST /v3/folders',
    idPrefix: 'fc',
    metadata: `${V3}.CreateFolderMetadata`,
    response: `${V3}.Folder`,
    plan: createFolderV3,
  },
  'v3.folders.patch': {
    http: 'PATCH /v3/{folders/*}',
    metadata: `${V3}.UpdateFolderMetadata`,
    response: `${V3}.Folder`,
    plan: patchFolder,
  },
  'v3.folders.move': {
    http: 'POST /v3/{folders/*}:move',
    idPrefix: 'fm',
    metadata: `${V3}.MoveFolderMetadata`,
    response: `${V3}.Folder`,
    plan: moveFolderV3,
  },
  'v3.folders.delete': {
    http: 'DELETE /v3/{folders/*}',
    metadata: `${V3}.DeleteFolderMetadata`,
    response: `${V3}.Folder`,
    plan: deleteFolder,
    immediate: true,
  },
  'v3.folders.undelete': {
    http: 'POST /v3/{folders/*}:undelete',
    metadata: `${V3}.UndeleteFolderMetadata`,
    response: `${V3}.Folder`,
    plan: undeleteFolder,
  },
  'v3.folders.capabilities.patch': {
    http: 'PATCH /v3/{folders/*/capabilities/*}',
    response: `${V3}.Capability`,
    plan: patchCapability,
  },
  'v3.locations.tagBindingCollections.patch': {
    http: 'PATCH /v3/{locations/*/tagBindingCollections/*}',
    response: `${V3}.TagBindingCollection`,
    plan: patchTagBindingCollection,
  },
  'v3.tagKeys.create': {
    http: 'POST /v3/tagKeys',
    metadata: `${V3}.CreateTagKeyMetadata`,
    response: `${V3}.TagKey`,
    plan: createTagKey,
    validates: true,
  },
  'v3.tagKeys.patch': {
    http: 'PATCH /v3/{tagKeys/*}',
    metadata: `${V3}.UpdateTagKeyMetadata`,
    response: `${V3}.TagKey`,
    plan: patchTag,
    validates: true,
  },
  'v3.tagKeys.delete': {
    http: 'DELETE /v3/{tagKeys/*}',
    metadata: `${V3}.DeleteTagKeyMetadata`,
    response: `${V3}.TagKey`,
    plan: deleteTagKey,
    validates: true,
  },
  'v3.tagValues.create': {
    http: 'POST /v3/tagValues',
    metadata: `${V3}.CreateTagValueMetadata`,
    response: `${V3}.TagValue`,
    plan: createTagValue,
    validates: true,
  },
  'v3.tagValues.patch': {
    http: 'PATCH /v3/{tagValues/*}',
    metadata: `${V3}.UpdateTagValueMetadata`,
    response: `${V3}.TagValue`,
    plan: patchTag,
    validates: true,
  },
  'v3.tagValues.delete': {
    http: 'DELETE /v3/{tagValues/*}',
    metadata: `${V3}.DeleteTagValueMetadata`,
    response: `${V3}.TagValue`,
    plan: deleteTagValue,
    validates: true,
  },
  'v3.tagBindings.create': {
    http: 'POST /v3/tagBindings',
    idPrefix: (body) => `rctb.${locationOf(body)}`,
    metadata: `${V3}.CreateTagBindingMetadata`,
    response: `${V3}.TagBinding`,
    plan: createTagBinding,
    immediate: true,
    validates: true,
  },
  'v3.tagBindings.delete': {
    http: 'DELETE /v3/{tagBindings/**}',
    metadata: `${V3}.DeleteTagBindingMetadata`,
    response: EMPTY,
    plan: planDelete,
    immediate: true,
  },
  'v3.tagValues.tagHolds.create': {
    http: 'POST /v3/{tagValues/*}/tagHolds',
    metadata: `${V3}.CreateTagHoldMetadata`,
    response: `${V3}.TagHold`,
    plan: createTagHold,
    validates: true,
  },
  'v3.tagValues.tagHolds.delete': {
    http: 'DELETE /v3/{tagValues/*/tagHolds/*}',
    metadata: `${V3}.DeleteTagHoldMetadata`,
    response: EMPTY,
    plan: planDelete,
    validates: true,
  },
}
