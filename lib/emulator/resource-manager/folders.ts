import type { JsonObject } from '../../model/json.js'
import { jsonObject } from '../http/json-text.js'
import { badField } from '../http/responses.js'
import type { EmulatorState } from '../state.js'
import { maskFields, readText, requireText, withEtag } from './fields.js'
import {
  type Call,
  failedPrecondition,
  type Mutation,
  planUpdate,
  requireEtag,
  requireFound,
  type StartCall,
} from './mutation.js'

/**
 * Validates `POST /v3/folders` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders/create
 */
export function createFolderV3(state: EmulatorState, { body }: StartCall): Mutation {
  const parent = requireParent(body, 'parent')
  const displayName = requireDisplayName(body)
  return { metadata: { displayName, parent }, ...planCreate(state, parent, displayName) }
}

/**
 * Validates `POST /v2/folders?parent=PARENT` and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v2/folders/create
 */
export function createFolderV2(state: EmulatorState, { query, body }: StartCall): Mutation {
  const parent = requireParent(query, 'parent')
  const displayName = requireDisplayName(body)
  const { response, commit } = planCreate(state, parent, displayName)
  const metadata = { displayName, operationType: 'CREATE', destinationParent: parent }
  return { metadata, response: folderToV2(response), commit }
}

/** Validates `PATCH /v3/folders/ID` and returns its mutation, which sets the display name. */
export function patchFolder(state: EmulatorState, { name, query, body }: StartCall): Mutation {
  if (!query.updateMask) throw badField('updateMask', 'must be displayName.')
  const { displayName } = maskFields(query.updateMask, { displayName: requireDisplayName(body) })
  requireEtag(readText(body, 'etag'), requireFolder(state, name, 'ACTIVE'))
  return planFolderUpdate(state, name, jsonObject({ displayName }))
}

/** Validates `POST /v3/folders/ID:move` and returns its mutation. */
export function moveFolderV3(state: EmulatorState, { name, body }: StartCall): Mutation {
  const destinationParent = requireParent(body, 'destinationParent')
  const { displayName, parent: sourceParent } = requireFolder(state, name, 'ACTIVE')
  const metadata = jsonObject({ displayName, sourceParent, destinationParent })
  return { ...planFolderUpdate(state, name, { parent: destinationParent }), metadata }
}

/** Validates `POST /v2/folders/ID:move` and returns its mutation. */
export function moveFolderV2(state: EmulatorState, call: StartCall): Mutation {
  const { metadata: { displayName, ...parents } = {}, response, commit } = moveFolderV3(state, call)
  const metadata = { ...jsonObject({ displayName }), operationType: 'MOVE', ...parents }
  return { metadata, response: folderToV2(response), commit }
}

/** Validates `DELETE /v3/folders/ID` and returns its mutation. A deleted folder can still be read and restored. */
export function deleteFolder(state: EmulatorState, { name }: Call): Mutation {
  requireFolder(state, name, 'ACTIVE')
  return planFolderUpdate(state, name, { state: 'DELETE_REQUESTED', deleteTime: state.timestamp() })
}

/** Validates `POST /v3/folders/ID:undelete` and returns its mutation. */
export function undeleteFolder(state: EmulatorState, { name }: Call): Mutation {
  requireFolder(state, name, 'DELETE_REQUESTED')
  return planFolderUpdate(state, name, { state: 'ACTIVE' })
}

/** Handles `GET /v2/folders/ID`. */
export function getFolderV2(state: EmulatorState, { name }: Call): JsonObject {
  return folderToV2(requireFound(state.resources.read(name)))
}

/**
 * Validates `PATCH /v3/folders/ID/capabilities/app-management`, the only capability, and returns its mutation.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders.capabilities/patch
 */
export function patchCapability(state: EmulatorState, call: StartCall): Mutation {
  const { name, query, body } = call
  const { value: given = false } = body
  if (typeof given !== 'boolean') throw badField('value', 'must be true or false.')
  const { value } = { ...getCapability(state, call), ...maskFields(query.updateMask, { value: given }) }
  // As in proto3, false is omitted.
  const capability: JsonObject = value === true ? { name, value } : { name }
  return { response: capability, commit: (stage) => state.resources.put(name, capability, stage) }
}

/** Handles `GET /v3/folders/ID/capabilities/app-management`. Every folder has this capability; its default is false. */
export function getCapability(state: EmulatorState, { name }: Call): JsonObject {
  const [folder = '', capability] = name.split('/capabilities/')
  requireFound(state.resources.read(folder))
  if (capability !== 'app-management') throw badField('name', 'must end with /capabilities/app-management.')
  return state.resources.read(name) ?? { name }
}

function planCreate(state: EmulatorState, parent: string, displayName: string): Mutation {
  const createTime = state.timestamp()
  const name = `folders/${state.number(12)}`
  const folder = withEtag({ name, parent, displayName, state: 'ACTIVE', createTime, updateTime: createTime })
  return { response: folder, commit: (stage) => state.resources.add([name], folder, stage) }
}

function planFolderUpdate(state: EmulatorState, name: string, changes: JsonObject): Mutation {
  const updateTime = state.timestamp()
  const change = (folder: JsonObject): JsonObject => {
    // An active folder has no deleteTime. In a deletion, `changes` contains the deleteTime.
    const { etag: _, deleteTime: __, ...rest } = folder
    return withEtag({ ...rest, updateTime, ...changes })
  }
  return planUpdate(state.resources, name, change, (folder) => folder)
}

function folderToV2({ name, parent, displayName, state, createTime }: JsonObject): JsonObject {
  return jsonObject({ name, parent, displayName, lifecycleState: state, createTime })
}

function requireFolder(
  { resources }: EmulatorState,
  name: string,
  expected: 'ACTIVE' | 'DELETE_REQUESTED',
): JsonObject {
  const folder = requireFound(resources.readPending(name))
  if (folder.state === expected) return folder
  throw failedPrecondition(`The folder ${name} must be ${expected}, but is ${folder.state}.`)
}

function requireParent(source: JsonObject, field: string): string {
  const pattern = /^(organizations|folders)\/\d+$/
  return requireText(source, field, pattern, 'must be organizations/NUMBER or folders/NUMBER.')
}

function requireDisplayName(body: JsonObject): string {
  return requireText(
    body,
    'displayName',
    /^[\p{L}\p{N}]([\p{L}\p{N}_ -]{0,28}[\p{L}\p{N}])?$/u,
    'must be 1 to 30 letters, digits, spaces, hyphens or underscores, and begin and end with a letter or digit.',
  )
}
