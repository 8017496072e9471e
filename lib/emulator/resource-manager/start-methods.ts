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
    ...types(V1, 'ProjectCreationStatus', 'Project'),
    plan: createProjectV1,
    script: creationScript,
  },
  'v2.folders.create': {
    http: 'POST /v2/folders',
    idPrefix: 'fc',
    ...types(V2, 'FolderOperation', 'Folder'),
    plan: createFolderV2,
  },
  'v2.folders.move': {
    http: 'POST /v2/{folders/*}:move',
    idPrefix: 'fm',
    ...types(V2, 'FolderOperation', 'Folder'),
    plan: moveFolderV2,
  },
  'v3.projects.create': {
    http: 'POST /v3/projects',
    idPrefix: 'cp',
    ...types(V3, 'CreateProjectMetadata', 'Project'),
    plan: createProjectV3,
    script: creationScript,
  },
  'v3.projects.patch': {
    http: 'PATCH /v3/projects/{*}',
    ...types(V3, 'UpdateProjectMetadata', 'Project'),
    plan: patchProject,
  },
  'v3.projects.move': {
    http: 'POST /v3/projects/{*}:move',
    ...types(V3, 'MoveProjectMetadata', 'Project'),
    plan: moveProject,
  },
  'v3.projects.delete': {
    http: 'DELETE /v3/projects/{*}',
    ...types(V3, 'DeleteProjectMetadata', 'Project'),
    plan: deleteProject,
  },
  'v3.projects.undelete': {
    http: 'POST /v3/projects/{*}:undelete',
    ...types(V3, 'UndeleteProjectMetadata', 'Project'),
    plan: undeleteProject,
  },
  'v3.folders.create': {
    http: 'POST /v3/folders',
    idPrefix: 'fc',
    ...types(V3, 'CreateFolderMetadata', 'Folder'),
    plan: createFolderV3,
  },
  'v3.folders.patch': {
    http: 'PATCH /v3/{folders/*}',
    ...types(V3, 'UpdateFolderMetadata', 'Folder'),
    plan: patchFolder,
  },
  'v3.folders.move': {
    http: 'POST /v3/{folders/*}:move',
    idPrefix: 'fm',
    ...types(V3, 'MoveFolderMetadata', 'Folder'),
    plan: moveFolderV3,
  },
  'v3.folders.delete': {
    http: 'DELETE /v3/{folders/*}',
    ...types(V3, 'DeleteFolderMetadata', 'Folder'),
    plan: deleteFolder,
    immediate: true,
  },
  'v3.folders.undelete': {
    http: 'POST /v3/{folders/*}:undelete',
    ...types(V3, 'UndeleteFolderMetadata', 'Folder'),
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
    ...types(V3, 'CreateTagKeyMetadata', 'TagKey'),
    plan: createTagKey,
    validates: true,
  },
  'v3.tagKeys.patch': {
    http: 'PATCH /v3/{tagKeys/*}',
    ...types(V3, 'UpdateTagKeyMetadata', 'TagKey'),
    plan: patchTag,
    validates: true,
  },
  'v3.tagKeys.delete': {
    http: 'DELETE /v3/{tagKeys/*}',
    ...types(V3, 'DeleteTagKeyMetadata', 'TagKey'),
    plan: deleteTagKey,
    validates: true,
  },
  'v3.tagValues.create': {
    http: 'POST /v3/tagValues',
    ...types(V3, 'CreateTagValueMetadata', 'TagValue'),
    plan: createTagValue,
    validates: true,
  },
  'v3.tagValues.patch': {
    http: 'PATCH /v3/{tagValues/*}',
    ...types(V3, 'UpdateTagValueMetadata', 'TagValue'),
    plan: patchTag,
    validates: true,
  },
  'v3.tagValues.delete': {
    http: 'DELETE /v3/{tagValues/*}',
    ...types(V3, 'DeleteTagValueMetadata', 'TagValue'),
    plan: deleteTagValue,
    validates: true,
  },
  'v3.tagBindings.create': {
    http: 'POST /v3/tagBindings',
    idPrefix: (body) => `rctb.${locationOf(body)}`,
    ...types(V3, 'CreateTagBindingMetadata', 'TagBinding'),
    plan: createTagBinding,
    immediate: true,
    validates: true,
  },
  'v3.tagBindings.delete': {
    http: 'DELETE /v3/{tagBindings/**}',
    ...types(V3, 'DeleteTagBindingMetadata'),
    plan: planDelete,
    immediate: true,
  },
  'v3.tagValues.tagHolds.create': {
    http: 'POST /v3/{tagValues/*}/tagHolds',
    ...types(V3, 'CreateTagHoldMetadata', 'TagHold'),
    plan: createTagHold,
    validates: true,
  },
  'v3.tagValues.tagHolds.delete': {
    http: 'DELETE /v3/{tagValues/*/tagHolds/*}',
    ...types(V3, 'DeleteTagHoldMetadata'),
    plan: planDelete,
    validates: true,
  },
}

function types(version: string, metadata: string, response?: string) {
  return { metadata: `${version}.${metadata}`, response: response ? `${version}.${response}` : EMPTY }
}
