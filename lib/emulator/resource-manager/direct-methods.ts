import type { JsonObject } from '../../model/json.js'
import * as folders from './folders.js'
import { requireCanonicalName } from './hierarchy.js'
import * as policies from './iam-policies.js'
import { listHandler, searchHandler } from './lists.js'
import { type DirectHandler, withoutOperation } from './mutation.js'
import { organizationToV1 } from './organizations.js'
import { requireFound } from './preconditions.js'
import * as projects from './projects.js'
import * as bindings from './tag-bindings.js'
import * as tags from './tags.js'

const PROJECTS = {
  field: 'projects',
  implicitOperator: 'OR',
  aliases: { name: 'displayname', id: 'projectid', projectnumber: 'number', lifecyclestate: 'state' },
} as const
const FOLDERS = { field: 'folders', parameter: 'query', aliases: { lifecyclestate: 'state' } } as const
const ORGANIZATIONS = {
  field: 'organizations',
  aliases: { domain: 'displayname', 'owner.directorycustomerid': 'directorycustomerid' },
} as const

const CAPABILITY_CONFIGS = { field: 'capabilityConfigs', parameter: 'filter' } as const

/**
 * The direct methods, by the HTTP verb and the path. A direct method returns its result immediately, without an
 * operation.
 */
export const DIRECT_METHODS: Readonly<Record<string, DirectHandler>> = {
  'GET /v1/projects': searchHandler({ ...PROJECTS, parameter: 'filter', format: projects.projectToV1 }),
  'GET /v1/{projects/*}': getHandler(projects.projectToV1),
  'PUT /v1/{projects/*}': withoutOperation(projects.updateProjectV1, projects.projectToV1),
  'DELETE /v1/{projects/*}': withoutOperation(projects.deleteProject, () => ({})),
  'POST /v1/{projects/*}:undelete': withoutOperation(projects.undeleteProject, () => ({})),
  'POST /v1/{projects/*}:getAncestry': projects.getAncestry,
  'POST /v1/organizations:search': searchHandler({
    ...ORGANIZATIONS,
    parameter: 'filter',
    format: organizationToV1,
  }),
  'GET /v1/{organizations/*}': getHandler(organizationToV1),
  'GET /v2/folders': listHandler('folders', undefined, folders.folderToV2),
  'POST /v2/folders:search': searchHandler({ ...FOLDERS, format: folders.folderToV2 }),
  'GET /v2/{folders/*}': getHandler(folders.folderToV2),
  'PATCH /v2/{folders/*}': withoutOperation(folders.patchFolder, folders.folderToV2),
  'DELETE /v2/{folders/*}': withoutOperation(folders.deleteFolderV2, folders.folderToV2),
  'POST /v2/{folders/*}:undelete': withoutOperation(folders.undeleteFolderV2, folders.folderToV2),
  'GET /v3/projects': listHandler('projects'),
  'GET /v3/projects:search': searchHandler({ ...PROJECTS, parameter: 'query' }),
  'GET /v3/folders': listHandler('folders'),
  'GET /v3/folders:search': searchHandler(FOLDERS),
  'GET /v3/{folders/*/capabilities/*}': folders.getCapability,
  'GET /v3/organizations:search': searchHandler({ ...ORGANIZATIONS, parameter: 'query' }),
  'GET /v3/{locations/*/tagBindingCollections/*}': bindings.getTagBindingCollection,
  'GET /v3/tagKeys': listHandler('tagKeys', tags.requireTagParent),
  'GET /v3/tagKeys/namespaced': tags.getNamespaced('tagKeys'),
  'GET /v3/tagValues': listHandler('tagValues', tags.requireTagKey),
  'GET /v3/tagValues/namespaced': tags.getNamespaced('tagValues'),
  'GET /v3/{folders|organizations|projects|tagKeys|tagValues/*}': getHandler(),
  'GET /v3/{tagValues/*}/tagHolds': searchHandler({ field: 'tagHolds', parameter: 'filter' }),
  'GET /v3/tagBindings': listHandler('tagBindings', bindings.requireFullName),
  'GET /v3/effectiveTags': bindings.listEffectiveTags,
  'GET /v3/{folders|organizations|projects/*}/capabilityConfigs': searchHandler(CAPABILITY_CONFIGS),
  'GET /v3/{folders|organizations|projects/*/capabilityConfigs/*}': getHandler(),
  ...policyMethods('v1/{organizations|projects/*}'),
  ...policyMethods('v2/{folders/*}'),
  ...policyMethods('v3/{folders|organizations|projects|tagKeys|tagValues/*}'),
}

/** Returns the handler that gets a resource. */
function getHandler(format: (resource: JsonObject) => JsonObject = (resource) => resource): DirectHandler {
  return ({ state, name }) => format(requireFound(state.resources.read(requireCanonicalName(state, name))))
}

function policyMethods(path: string): Readonly<Record<string, DirectHandler>> {
  return {
    [`POST /${path}:getIamPolicy`]: policies.getIamPolicy,
    [`POST /${path}:setIamPolicy`]: policies.setIamPolicy,
    [`POST /${path}:testIamPermissions`]: policies.testIamPermissions,
  }
}
