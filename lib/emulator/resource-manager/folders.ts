import { type JsonObject, jsonObject } from '../http/json-text.js'
import { badField } from '../http/responses.js'
import type { EmulatorState } from '../state.js'
import { maskedFields, requiredText, textField, withEtag } from './fields.js'
import {
  type Call,
  checkEtag,
  failedPrecondition,
  type Mutation,
  requireFound,
  updatePlan,
} from './mutation.js'

const PARENT = /^(organizations|folders)\/\d+$/

/**
 * `POST /v3/folders`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders/create
 */
export function createFolderV3(world: EmulatorState, _call: Call, body: JsonObject): Mutation {
  const folder = newFolder(world, parentIn(body, 'parent'), displayNameIn(body))
  const metadata = { displayName: text(folder.displayName), parent: text(folder.parent) }
  return {
    metadata,
    response: folder,
    commit: (stage) => world.resources.add([text(folder.name)], folder, stage),
  }
}

/**
 * `POST /v2/folders?parent=PARENT`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v2/folders/create
 */
export function createFolderV2(world: EmulatorState, { query }: Call, body: JsonObject): Mutation {
  const parent = parentIn({ parent: query.parent ?? '' }, 'parent')
  const folder = newFolder(world, parent, displayNameIn(body))
  return {
    metadata: { displayName: text(folder.displayName), operationType: 'CREATE', destinationParent: parent },
    response: folderToV2(folder),
    commit: (stage) => world.resources.add([text(folder.name)], folder, stage),
  }
}

/** `PATCH /v3/folders/ID`: the display name. */
export function patchFolder(world: EmulatorState, { name, query }: Call, body: JsonObject): Mutation {
  if (!query.updateMask) throw badField('updateMask', 'must be displayName.')
  const { displayName } = maskedFields(query.updateMask, { displayName: displayNameIn(body) })
  checkEtag(textField(body, 'etag'), folderIn(world, name, 'ACTIVE'))
  return change(world, name, jsonObject({ displayName }))
}

/** `POST /v3/folders/ID:move`. */
export function moveFolderV3(world: EmulatorState, { name }: Call, body: JsonObject): Mutation {
  const destinationParent = parentIn(body, 'destinationParent')
  const { displayName, parent: sourceParent } = folderIn(world, name, 'ACTIVE')
  const metadata = jsonObject({ displayName, sourceParent, destinationParent })
  return { ...change(world, name, { parent: destinationParent }), metadata }
}

/** `POST /v2/folders/ID:move`. */
export function moveFolderV2(world: EmulatorState, call: Call, body: JsonObject): Mutation {
  const { metadata: { displayName, ...parents } = {}, response, commit } = moveFolderV3(world, call, body)
  const metadata = { ...jsonObject({ displayName }), operationType: 'MOVE', ...parents }
  return { metadata, response: folderToV2(response), commit }
}

/** `DELETE /v3/folders/ID`; the folder can still be read, and brought back. */
export function deleteFolder(world: EmulatorState, { name }: Call): Mutation {
  folderIn(world, name, 'ACTIVE')
  return change(world, name, { state: 'DELETE_REQUESTED', deleteTime: world.timestamp() })
}

/** `POST /v3/folders/ID:undelete`. */
export function undeleteFolder(world: EmulatorState, { name }: Call): Mutation {
  folderIn(world, name, 'DELETE_REQUESTED')
  return change(world, name, { state: 'ACTIVE' })
}

/** `GET /v2/folders/ID`. */
export function getFolderV2(world: EmulatorState, { name }: Call): JsonObject {
  return folderToV2(requireFound(world.resources.read(name)))
}

function newFolder(world: EmulatorState, parent: string, displayName: string): JsonObject {
  const createTime = world.timestamp()
  const name = `folders/${world.number(12)}`
  return withEtag({ name, parent, displayName, state: 'ACTIVE', createTime, updateTime: createTime })
}

function folderToV2({ name, parent, displayName, state, createTime }: JsonObject): JsonObject {
  return jsonObject({ name, parent, displayName, lifecycleState: state, createTime })
}

function folderIn(world: EmulatorState, name: string, state: 'ACTIVE' | 'DELETE_REQUESTED'): JsonObject {
  const folder = requireFound(world.resources.readPending(name))
  if (folder.state === state) return folder
  throw failedPrecondition(`The folder ${name} must be ${state} and is ${text(folder.state)}.`)
}

function change(world: EmulatorState, name: string, over: JsonObject): Mutation {
  const updateTime = world.timestamp()
  const changed = (folder: JsonObject): JsonObject => {
    // An active folder has no deleteTime: only a deletion brings one along.
    const { etag: _, deleteTime: __, ...kept } = folder
    return withEtag({ ...kept, updateTime, ...over })
  }
  return updatePlan(world.resources, name, changed, (folder) => folder)
}

function parentIn(body: JsonObject, field: string): string {
  return requiredText(body, field, PARENT, 'must be organizations/NUMBER or folders/NUMBER.')
}

function displayNameIn(body: JsonObject): string {
  return requiredText(
    body,
    'displayName',
    /^[\p{L}\p{N}]([\p{L}\p{N}_ -]{0,28}[\p{L}\p{N}])?$/u,
    'must be 1 to 30 letters, digits, spaces, hyphens or underscores, a letter or digit first and last.',
  )
}

function text(value: JsonObject[string] | undefined): string {
  return typeof value === 'string' ? value : ''
}

/**
 * `PATCH /v3/folders/ID/capabilities/app-management`, which is the only capability.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders.capabilities/patch
 */
export function patchCapability(world: EmulatorState, { name, query }: Call, body: JsonObject): Mutation {
  const { value: given = false } = body
  if (typeof given !== 'boolean') throw badField('value', 'must be true or false.')
  const { value } = { ...getCapability(world, { name }), ...maskedFields(query.updateMask, { value: given }) }
  // As in proto3, false is left out.
  const capability: JsonObject = value === true ? { name, value } : { name }
  return { response: capability, commit: (stage) => world.resources.put(name, capability, stage) }
}

/** `GET /v3/folders/ID/capabilities/app-management`; every folder has it, at first as false. */
export function getCapability(world: EmulatorState, { name }: Pick<Call, 'name'>): JsonObject {
  const [folder = '', capability] = name.split('/capabilities/')
  requireFound(world.resources.read(folder))
  if (capability !== 'app-management') throw badField('name', 'must end in /capabilities/app-management.')
  return world.resources.read(name) ?? { name }
}
