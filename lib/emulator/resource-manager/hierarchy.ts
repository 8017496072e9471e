import type { Json, JsonObject } from '../../model/json.js'
import { RejectedRequest } from '../http/errors.js'
import type { Numbered } from '../http/pagination.js'
import type { EmulatorState } from '../state.js'
import { createOrganization } from './organizations.js'
import { requireFound } from './preconditions.js'

type Items = readonly Numbered<JsonObject>[]
/** The method of the collection that reads a resource. */
type View = 'read' | 'readWithPending'

const HOST = '//cloudresourcemanager.googleapis.com/'
/** Matches a name or full name: the service, the project, and the path below the project. */
const PROJECT_NAME = /^((?:\/\/cloudresourcemanager\.googleapis\.com\/)?)(projects\/[^/]+)(.*)$/s
const FOLDER_ERROR = 'type.googleapis.com/google.cloud.resourcemanager.v3.FolderOperationError'
/** The maximum number of levels of active folders. */
const MAX_HEIGHT = 10
/** The maximum number of folders directly under a parent. */
const MAX_CHILDREN = 300

/** Returns a name or full name with the project number in place of the project ID. Other names are unchanged. */
export function canonicalName({ resources }: EmulatorState, name: string): string {
  const [, service = '', project = '', rest = ''] = PROJECT_NAME.exec(name) ?? []
  const found = resources.readWithPending(project)
  return found ? `${service}${found.name}${rest}` : name
}

/**
 * Returns the names of a resource and of all its ancestors, from the bottom to the top. `view` decides
 * whether pending changes count.
 */
export function lineageOf(state: EmulatorState, name: string, view: View = 'read'): readonly string[] {
  const names: string[] = []
  let next = canonicalName(state, name)
  // Failed operations can close a cycle.
  while (next !== '' && !names.includes(next)) {
    names.push(next)
    next = String(state.resources[view](next)?.parent ?? '')
  }
  return names
}

/** Returns the full names of a resource and its ancestors. The resource `//HOST/projects/p/...` is under the project. */
export function fullLineageOf(state: EmulatorState, fullName: string): readonly string[] {
  const [, name] = /\/((?:projects|folders|organizations)\/[^/]+)/.exec(fullName) ?? []
  const ancestors = name === undefined ? [] : lineageOf(state, name).map((ancestor) => HOST + ancestor)
  return [...new Set([canonicalName(state, fullName), ...ancestors])]
}

/** Returns the visible resources of a collection, such as `folders`, under a parent or under any parent. */
export function childrenOf(state: EmulatorState, collection: string, parent?: string): Items {
  return state.resources.all(parent).filter(({ item }) => {
    const [first, , ...more] = String(item.name).split('/')
    // The name of a tag binding contains the name of its tag value.
    return first === collection && (more.length === 0 || item.tagValue !== undefined)
  })
}

/** Returns the visible resources of a collection below a resource, such as the tag holds of a tag value. */
export function nestedIn(state: EmulatorState, name: string, collection: string): Items {
  const prefix = `${requireCanonicalName(state, name)}/${collection}/`
  return state.resources.all().filter(({ item }) => String(item.name).startsWith(prefix))
}

/** Converts a name such as `folders/1` to a v1 resource ID. */
export function resourceId(name: string): { readonly type: string; readonly id: string } {
  const [collection = '', id = ''] = name.split('/')
  return { type: collection.slice(0, -1), id }
}

/**
 * Returns the tag key or value with a namespaced name; throws a 403 if there is none. The name may begin with the ID or
 * the number of a project.
 */
export function requireNamespaced(state: EmulatorState, collection: string, name: string): JsonObject {
  const { resources } = state
  const [namespace = '', ...rest] = name.split('/')
  const projectId = resources.read(`projects/${namespace}`)?.projectId
  return requireFound(resources.read([collection, projectId ?? namespace, ...rest].join('/')))
}

/**
 * Returns the canonical name of an existing resource. Throws a 403 if the resource does not exist. The first request that names an organization
 * creates the organization, because the API has no method for this purpose.
 */
export function requireCanonicalName(state: EmulatorState, name: string): string {
  const { resources } = state
  const canonical = canonicalName(state, name)
  if (/^organizations\/\d+$/.test(name) && !resources.isTaken(name))
    resources.put([name], createOrganization(name), () => 'visible')
  requireFound(resources.read(canonical))
  return canonical
}

/** Throws a 403 if a parent does not exist, and a 400 if it is deleted. A project may have no parent. */
export function requireActiveParent(state: EmulatorState, parent: Json | undefined): void {
  if (typeof parent !== 'string') return
  requireCanonicalName(state, parent)
  if (state.resources.readWithPending(parent)?.state !== 'DELETE_REQUESTED') return
  throw folderViolation('PARENT_DELETED', parent)
}

/**
 * Throws a 400 if a folder violates a constraint under a parent. A new folder has no name.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders/create and folders/move
 */
export function requireFolderConstraints(state: EmulatorState, parent: string, folder: JsonObject): void {
  const { name = '', displayName } = folder
  const ancestors = lineageOf(state, parent, 'readWithPending')
  if (ancestors.includes(String(name))) throw folderViolation('CYCLE_INTRODUCED', String(name))
  requireActiveParent(state, parent)
  const siblings = state.resources.childrenWithPending(parent).filter((other) => {
    return String(other.name).startsWith('folders/') && other.name !== name
  })
  if (siblings.some((other) => other.state === 'ACTIVE' && other.displayName === displayName))
    throw folderViolation('FOLDER_NAME_UNIQUENESS', String(displayName))
  if (siblings.length >= MAX_CHILDREN) throw folderViolation('MAX_CHILD_FOLDERS', parent)
  // The last ancestor is the organization, which is not a level of folders.
  if (exceedsHeight(state, String(name), MAX_HEIGHT - ancestors.length + 1))
    throw folderViolation('ACTIVE_FOLDER_HEIGHT', parent)
}

/** Returns whether a folder and the active folders below it have more than `levels` levels. */
function exceedsHeight(state: EmulatorState, folder: string, levels: number): boolean {
  if (levels <= 0) return true
  return state.resources.childrenWithPending(folder).some((child) => {
    const isFolder = child.state === 'ACTIVE' && String(child.name).startsWith('folders/')
    return isFolder && exceedsHeight(state, String(child.name), levels - 1)
  })
}

/** The constraints for folders, with the text of the error. */
const VIOLATIONS = {
  ACTIVE_FOLDER_HEIGHT: `The hierarchy of active folders would have more than ${MAX_HEIGHT} levels.`,
  MAX_CHILD_FOLDERS: `The parent already has ${MAX_CHILDREN} folders.`,
  FOLDER_NAME_UNIQUENESS: 'Another folder under the parent has the same display name.',
  RESOURCE_DELETED: 'The folder is deleted.',
  PARENT_DELETED: 'The parent is deleted.',
  CYCLE_INTRODUCED: 'The folder would be moved into itself or into a folder below it.',
  FOLDER_BEING_MOVED: 'The folder is already being moved.',
  FOLDER_TO_DELETE_NON_EMPTY: 'The folder contains active folders or projects.',
}

/**
 * Creates a 400 for a violated constraint. Its details contain a PreconditionFailure and a FolderOperationError.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/Shared.Types/FolderOperationError
 */
export function folderViolation(constraint: keyof typeof VIOLATIONS, subject: string): RejectedRequest {
  const type = `${constraint}_VIOLATION`
  const description = VIOLATIONS[constraint]
  const violations = [{ type, subject, description }]
  return new RejectedRequest('FAILED_PRECONDITION', `${type}: ${description} Subject: ${subject}`, [
    { '@type': 'type.googleapis.com/google.rpc.PreconditionFailure', violations },
    { '@type': FOLDER_ERROR, errorMessageId: type },
  ])
}
