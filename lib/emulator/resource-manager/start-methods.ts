import * as configs from './capability-configs.js'
import * as folders from './folders.js'
import { planDelete } from './mutation.js'
import * as projects from './projects.js'
import type { MethodDefinition } from './start-operation.js'
import * as bindings from './tag-bindings.js'
import * as tags from './tags.js'

const PROJECT_CREATION = { idPrefix: 'cp', script: projects.creationScript }

/**
 * The methods that start an operation, by the HTTP verb and the path.
 *
 * Public sources document only the ID prefixes `cp`, `fc`, `fm` and `rctb`; the prefix `op` is an assumption. The types for
 * the patch of a capability or tag binding collection are not documented either. Here, these operations have no metadata,
 * and their response is the resource. The response of a deleted capability config is an assumption.
 *
 * Source: google/cloud/resourcemanager/v2 and v3 (operation_info), and the discovery documents of v1, v2 and v3
 */
export const START_METHODS: Readonly<Record<string, MethodDefinition>> = {
  'POST /v1/projects': { plan: projects.createProjectV1, ...PROJECT_CREATION },
  'POST /v2/folders': { plan: folders.createFolderV2, idPrefix: 'fc' },
  'POST /v2/{folders/*}:move': { plan: folders.moveFolderV2, idPrefix: 'fm' },
  'POST /v3/projects': { plan: projects.createProjectV3, ...PROJECT_CREATION },
  'PATCH /v3/{projects/*}': { plan: projects.patchProject },
  'POST /v3/{projects/*}:move': { plan: projects.moveProject },
  'DELETE /v3/{projects/*}': { plan: projects.deleteProject },
  'POST /v3/{projects/*}:undelete': { plan: projects.undeleteProject },
  'POST /v3/folders': { plan: folders.createFolderV3, idPrefix: 'fc' },
  'PATCH /v3/{folders/*}': { plan: folders.patchFolder },
  'POST /v3/{folders/*}:move': { plan: folders.moveFolderV3, idPrefix: 'fm' },
  'DELETE /v3/{folders/*}': { plan: folders.deleteFolderV3, immediate: true },
  'POST /v3/{folders/*}:undelete': { plan: folders.undeleteFolderV3 },
  'PATCH /v3/{folders/*/capabilities/*}': { plan: folders.patchCapability, hasMetadata: false },
  'PATCH /v3/{locations/*/tagBindingCollections/*}': {
    plan: bindings.patchTagBindingCollection,
    hasMetadata: false,
  },
  'POST /v3/{folders|organizations|projects/*}/capabilityConfigs': { plan: configs.createCapabilityConfig },
  'PATCH /v3/{folders|organizations|projects/*/capabilityConfigs/*}': { plan: configs.patchCapabilityConfig },
  'DELETE /v3/{folders|organizations|projects/*/capabilityConfigs/*}': {
    plan: planDelete,
  },
  'POST /v3/tagKeys': { plan: tags.createTagKey, validates: true },
  'PATCH /v3/{tagKeys/*}': { plan: tags.patchTag, validates: true },
  'DELETE /v3/{tagKeys/*}': { plan: tags.deleteTagKey, validates: true },
  'POST /v3/tagValues': { plan: tags.createTagValue, validates: true },
  'PATCH /v3/{tagValues/*}': { plan: tags.patchTag, validates: true },
  'DELETE /v3/{tagValues/*}': { plan: tags.deleteTagValue, validates: true },
  'POST /v3/tagBindings': {
    plan: bindings.createTagBinding,
    idPrefix: (body) => `rctb.${bindings.locationOf(body)}`,
    immediate: true,
    validates: true,
  },
  'DELETE /v3/{tagBindings/**}': { plan: bindings.deleteTagBinding, immediate: true },
  'POST /v3/{tagValues/*}/tagHolds': { plan: bindings.createTagHold, validates: true },
  'DELETE /v3/{tagValues/*/tagHolds/*}': { plan: planDelete, validates: true },
}
