import type { JsonObject } from '../../model/json.js'
import { badField } from '../http/errors.js'
import { jsonObject } from '../http/json-text.js'
import type { EmulatorState } from '../state.js'
import { type Fields, maskFields, orderMembers, readText, requireParent, requireText } from './fields.js'
import { folderViolation, requireFolderConstraints } from './hierarchy.js'
import { type Call, type Mutation, planNothing, planPut, planUpdate } from './mutation.js'
import { failedPrecondition, requireEtag, requireFound } from './preconditions.js'

/**
 * Validates `POST /v3/folders` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders/create
 */
export function createFolderV3({ state, body }: Call): Mutation {
  const parent = requireParent(body, 'parent')
  const displayName = requireDisplayName(body)
  return { metadata: { displayName, parent }, ...planCreate(state, parent, displayName) }
}

/**
 * Validates `POST /v2/folders?parent=PARENT` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v2/folders/create
 */
export function createFolderV2({ state, query, body }: Call): Mutation {
  const parent = requireParent(query, 'parent')
  const displayName = requireDisplayName(body)
  const { response, commit } = planCreate(state, parent, displayName)
  const metadata = { displayName, operationType: 'CREATE', destinationParent: parent }
  return { metadata, response: folderToV2(response), commit }
}

/** Validates `PATCH /v3/folders/ID` or v2 and returns its mutation, which sets the display name. */
export function patchFolder({ state, name, query, body }: Call): Mutation {
  if (!query.updateMask) throw badField('updateMask', 'must be displayName.')
  const changes = maskFields(query.updateMask, { displayName: requireDisplayName(body) })
  const folder = requireActive(state, name)
  requireEtag(readText(body, 'etag'), folder)
  requireFolderConstraints(state, String(folder.parent), { ...folder, ...changes })
  return planUpdate(state, name, changes, formatFolder)
}

/** Validates `POST /v3/folders/ID:move` and returns its mutation. */
export function moveFolderV3({ state, name, body }: Call): Mutation {
  const destinationParent = requireParent(body, 'destinationParent')
  const folder = requireActive(state, name)
  const { displayName, parent: sourceParent } = folder
  requireFolderConstraints(state, destinationParent, folder)
  if (state.resources.read(name)?.parent !== sourceParent) throw folderViolation('FOLDER_BEING_MOVED', name)
  const metadata = jsonObject({ displayName, sourceParent, destinationParent })
  return { ...planUpdate(state, name, { parent: destinationParent }, formatFolder), metadata }
}

/** Validates `POST /v2/folders/ID:move` and returns its mutation. */
export function moveFolderV2(call: Call): Mutation {
  const { metadata: { displayName, ...parents } = {}, response, commit } = moveFolderV3(call)
  const metadata = { ...jsonObject({ displayName }), operationType: 'MOVE', ...parents }
  return { metadata, response: folderToV2(response), commit }
}

/** Validates `DELETE /v3/folders/ID` and returns its mutation. The second deletion has no effect. */
export function deleteFolderV3(call: Call): Mutation {
  const folder = requireFound(call.state.resources.readWithPending(call.name))
  return folder.state === 'DELETE_REQUESTED' ? planNothing(folder) : deleteFolderV2(call)
}

/**
 * Validates `DELETE /v2/folders/ID` and returns its mutation. A deleted folder can still be read and restored. Unlike v3, v2
 * rejects the second deletion.
 */
export function deleteFolderV2({ state, name }: Call): Mutation {
  requireActive(state, name)
  if (state.resources.childrenWithPending(name).some((child) => child.state === 'ACTIVE'))
    throw folderViolation('FOLDER_TO_DELETE_NON_EMPTY', name)
  const changes = { state: 'DELETE_REQUESTED', deleteTime: state.timestamp() }
  return planUpdate(state, name, changes, formatFolder)
}

/** Validates `POST /v3/folders/ID:undelete` and returns its mutation, which has no effect on an active folder. */
export function undeleteFolderV3(call: Call): Mutation {
  const folder = requireFound(call.state.resources.readWithPending(call.name))
  return folder.state === 'ACTIVE' ? planNothing(folder) : undeleteFolderV2(call)
}

/** Validates `POST /v2/folders/ID:undelete` and returns its mutation. Unlike v3, v2 rejects an active folder. */
export function undeleteFolderV2({ state, name }: Call): Mutation {
  const folder = requireFound(state.resources.readWithPending(name))
  if (folder.state === 'ACTIVE') throw failedPrecondition(`${name} must be DELETE_REQUESTED, but is ACTIVE.`)
  requireFolderConstraints(state, String(folder.parent), folder)
  return planUpdate(state, name, { state: 'ACTIVE', deleteTime: undefined }, formatFolder)
}

/**
 * Validates `PATCH /v3/folders/ID/capabilities/app-management`, the only capability, and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders.capabilities/patch
 */
export function patchCapability(call: Call): Mutation {
  const { name, query, body } = call
  const { value: newValue = false } = body
  if (typeof newValue !== 'boolean') throw badField('value', 'must be true or false.')
  const { value } = { ...getCapability(call), ...maskFields(query.updateMask, { value: newValue }) }
  // As in proto3, false is omitted.
  return planPut(call.state, [name], value === true ? { name, value } : { name })
}

/** Handles `GET /v3/folders/ID/capabilities/app-management`. Every folder has this capability; its default is false. */
export function getCapability({ state, name }: Call): JsonObject {
  const [folder = '', capability] = name.split('/capabilities/')
  requireFound(state.resources.read(folder))
  if (capability !== 'app-management') throw badField('name', 'must end with /capabilities/app-management.')
  return state.resources.read(name) ?? { name }
}

/** Formats a folder for v2. */
export function folderToV2({ name, parent, displayName, state, createTime }: JsonObject): JsonObject {
  return jsonObject({ name, parent, displayName, lifecycleState: state, createTime })
}

function planCreate(state: EmulatorState, parent: string, displayName: string): Mutation {
  requireFolderConstraints(state, parent, { displayName })
  const createTime = state.timestamp()
  const name = `folders/${state.uniqueNumber(12)}`
  const fields = { name, parent, displayName, state: 'ACTIVE', createTime, updateTime: createTime }
  return planPut(state, [name], formatFolder(fields))
}

function formatFolder(folder: Fields): JsonObject {
  const beforeEtag = 'name parent displayName state createTime updateTime deleteTime'
  return orderMembers(folder, beforeEtag)
}

function requireActive({ resources }: EmulatorState, name: string): JsonObject {
  const folder = requireFound(resources.readWithPending(name))
  if (folder.state === 'DELETE_REQUESTED') throw folderViolation('RESOURCE_DELETED', name)
  return folder
}

function requireDisplayName(body: JsonObject): string {
  return requireText(
    body,
    'displayName',
    /^[\p{L}\p{N}]([\p{L}\p{N}_ -]{0,28}[\p{L}\p{N}])?$/u,
    'must be 1 to 30 letters, digits, spaces, hyphens or underscores, and begin and end with a letter or digit.',
  )
}
