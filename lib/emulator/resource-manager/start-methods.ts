import * as configs from './capability-configs.js'
import * as folders from './folders.js'
import type { StartMethod } from './method-names.js'
import { planDelete } from './mutation.js'
import * as projects from './projects.js'
import type { MethodDefinition } from './start-operation.js'
import * as bindings from './tag-bindings.js'
import * as tags from './tags.js'

const PROJECT_CREATION = { idPrefix: 'cp', script: projects.creationScript }

/**
 * The methods that start an operation.
 *
 * Public sources document only the ID prefixes `cp`, `fc`, `fm` and `rctb`; the prefix `op` is an assumption. The types for
 * the patch of a capability or tag binding collection are not documented either. Here, these operations have no metadata,
 * and their response is the resource. The response of a deleted capability config is an assumption.
 *
 * Source: google/cloud/resourcemanager/v2 and v3 (operation_info), and the discovery documents of v1, v2 and v3
 */
export const START_METHODS: Readonly<Record<StartMethod, MethodDefinition>> = {
  'v1.projects.create': { http: 'POST /v1/projects', plan: projects.createProjectV1, ...PROJECT_CREATION },
  'v2.folders.create': { http: 'POST /v2/folders', idPrefix: 'fc', plan: folders.createFolderV2 },
  'v2.folders.move': { http: 'POST /v2/{folders/*}:move', idPrefix: 'fm', plan: folders.moveFolderV2 },
  'v3.projects.create': { http: 'POST /v3/projects', plan: projects.createProjectV3, ...PROJECT_CREATION },
  'v3.projects.patch': { http: 'PATCH /v3/{projects/*}', plan: projects.patchProject },
  'v3.projects.move': { http: 'POST /v3/{projects/*}:move', plan: projects.moveProject },
  'v3.projects.delete': { http: 'DELETE /v3/{projects/*}', plan: projects.deleteProject },
  'v3.projects.undelete': { http: 'POST /v3/{projects/*}:undelete', plan: projects.undeleteProject },
  'v3.folders.create': { http: 'POST /v3/folders', idPrefix: 'fc', plan: folders.createFolderV3 },
  'v3.folders.patch': { http: 'PATCH /v3/{folders/*}', plan: folders.patchFolder },
  'v3.folders.move': { http: 'POST /v3/{folders/*}:move', idPrefix: 'fm', plan: folders.moveFolderV3 },
  'v3.folders.delete': { http: 'DELETE /v3/{folders/*}', plan: folders.deleteFolderV3, immediate: true },
  'v3.folders.undelete': { http: 'POST /v3/{folders/*}:undelete', plan: folders.undeleteFolderV3 },
  'v3.folders.capabilities.patch': {
    http: 'PATCH /v3/{folders/*/capabilities/*}',
    hasMetadata: false,
    plan: folders.patchCapability,
  },
  'v3.locations.tagBindingCollections.patch': {
    http: 'PATCH /v3/{locations/*/tagBindingCollections/*}',
    hasMetadata: false,
    plan: bindings.patchTagBindingCollection,
  },
  ...capabilityConfigMethods('folders'),
  ...capabilityConfigMethods('organizations'),
  ...capabilityConfigMethods('projects'),
  'v3.tagKeys.create': { http: 'POST /v3/tagKeys', plan: tags.createTagKey, validates: true },
  'v3.tagKeys.patch': { http: 'PATCH /v3/{tagKeys/*}', plan: tags.patchTag, validates: true },
  'v3.tagKeys.delete': { http: 'DELETE /v3/{tagKeys/*}', plan: tags.deleteTagKey, validates: true },
  'v3.tagValues.create': { http: 'POST /v3/tagValues', plan: tags.createTagValue, validates: true },
  'v3.tagValues.patch': { http: 'PATCH /v3/{tagValues/*}', plan: tags.patchTag, validates: true },
  'v3.tagValues.delete': { http: 'DELETE /v3/{tagValues/*}', plan: tags.deleteTagValue, validates: true },
  'v3.tagBindings.create': {
    http: 'POST /v3/tagBindings',
    idPrefix: (body) => `rctb.${bindings.locationOf(body)}`,
    plan: bindings.createTagBinding,
    immediate: true,
    validates: true,
  },
  'v3.tagBindings.delete': {
    http: 'DELETE /v3/{tagBindings/**}',
    plan: bindings.deleteTagBinding,
    immediate: true,
  },
  'v3.tagValues.tagHolds.create': {
    http: 'POST /v3/{tagValues/*}/tagHolds',
    plan: bindings.createTagHold,
    validates: true,
  },
  'v3.tagValues.tagHolds.delete': {
    http: 'DELETE /v3/{tagValues/*/tagHolds/*}',
    plan: planDelete,
    validates: true,
  },
}

function capabilityConfigMethods<Parent extends 'folders' | 'organizations' | 'projects'>(parent: Parent) {
  const path = `/v3/{${parent}/*/capabilityConfigs/*}`
  const create = { http: `POST /v3/{${parent}/*}/capabilityConfigs`, plan: configs.createCapabilityConfig }
  return {
    [`v3.${parent}.capabilityConfigs.create`]: create,
    [`v3.${parent}.capabilityConfigs.patch`]: { http: `PATCH ${path}`, plan: configs.patchCapabilityConfig },
    [`v3.${parent}.capabilityConfigs.delete`]: {
      http: `DELETE ${path}`,
      plan: configs.deleteCapabilityConfig,
    },
  } as Record<`v3.${Parent}.capabilityConfigs.${'create' | 'patch' | 'delete'}`, MethodDefinition>
}
