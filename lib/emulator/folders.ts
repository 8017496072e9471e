import { requiredText, textField, withEtag } from './fields.js'
import { type JsonObject, jsonObject } from './json.js'
import { type Call, changePlan, checkEtag, failedPrecondition, found, type Plan } from './plan.js'
import { badField } from './rpc-error.js'
import { maskedFields } from './update-mask.js'
import type { World } from './world.js'

const PARENT = /^(organizations|folders)\/\d+$/

/**
 * `POST /v3/folders`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v3/folders/create
 */
export function createFolderV3(world: World, _call: Call, body: JsonObject): Plan {
  const folder = newFolder(world, parentIn(body, 'parent'), displayNameIn(body))
  const metadata = { displayName: text(folder.displayName), parent: text(folder.parent) }
  return {
    metadata,
    response: folder,
    keep: (stage) => world.resources.add([text(folder.name)], folder, stage),
  }
}

/**
 * `POST /v2/folders?parent=PARENT`.
 *
 * Source: https://cloud.google.com/resource-manager/reference/rest/v2/folders/create
 */
export function createFolderV2(world: World, { query }: Call, body: JsonObject): Plan {
  const parent = parentIn({ parent: query.parent ?? '' }, 'parent')
  const folder = newFolder(world, parent, displayNameIn(body))
  return {
    metadata: { displayName: text(folder.displayName), operationType: 'CREATE', destinationParent: parent },
    response: folderToV2(folder),
    keep: (stage) => world.resources.add([text(folder.name)], folder, stage),
  }
}

/** `PATCH /v3/folders/ID`: the display name. */
export function patchFolder(world: World, { name, query }: Call, body: JsonObject): Plan {
  if (!query.updateMask) throw badField('updateMask', 'must be displayName.')
  const { displayName } = maskedFields(query.updateMask, { displayName: displayNameIn(body) })
  checkEtag(textField(body, 'etag'), folderIn(world, name, 'ACTIVE'))
  return change(world, name, jsonObject({ displayName }))
}

/** `POST /v3/folders/ID:move`. */
export function moveFolderV3(world: World, { name }: Call, body: JsonObject): Plan {
  const destinationParent = parentIn(body, 'destinationParent')
  const { displayName, parent: sourceParent } = folderIn(world, name, 'ACTIVE')
  const metadata = jsonObject({ displayName, sourceParent, destinationParent })
  return { ...change(world, name, { parent: destinationParent }), metadata }
}

/** `POST /v2/folders/ID:move`. */
export function moveFolderV2(world: World, call: Call, body: JsonObject): Plan {
  const { metadata: { displayName, ...parents } = {}, response, keep } = moveFolderV3(world, call, body)
  const metadata = { ...jsonObject({ displayName }), operationType: 'MOVE', ...parents }
  return { metadata, response: folderToV2(response), keep }
}

/** `DELETE /v3/folders/ID`; the folder can still be read, and brought back. */
export function deleteFolder(world: World, { name }: Call): Plan {
  folderIn(world, name, 'ACTIVE')
  return change(world, name, { state: 'DELETE_REQUESTED', deleteTime: world.timestamp() })
}

/** `POST /v3/folders/ID:undelete`. */
export function undeleteFolder(world: World, { name }: Call): Plan {
  folderIn(world, name, 'DELETE_REQUESTED')
  return change(world, name, { state: 'ACTIVE' })
}

/** `GET /v2/folders/ID`. */
export function getFolderV2(world: World, { name }: Call): JsonObject {
  return folderToV2(found(world.resources.read(name)))
}

function newFolder(world: World, parent: string, displayName: string): JsonObject {
  const createTime = world.timestamp()
  const name = `folders/${world.number(12)}`
  return withEtag({ name, parent, displayName, state: 'ACTIVE', createTime, updateTime: createTime })
}

function folderToV2({ name, parent, displayName, state, createTime }: JsonObject): JsonObject {
  return jsonObject({ name, parent, displayName, lifecycleState: state, createTime })
}

function folderIn(world: World, name: string, state: 'ACTIVE' | 'DELETE_REQUESTED'): JsonObject {
  const folder = found(world.resources.coming(name))
  if (folder.state === state) return folder
  throw failedPrecondition(`The folder ${name} must be ${state} and is ${text(folder.state)}.`)
}

function change(world: World, name: string, over: JsonObject): Plan {
  const updateTime = world.timestamp()
  const changed = (folder: JsonObject): JsonObject => {
    // An active folder has no deleteTime: only a deletion brings one along.
    const { etag: _, deleteTime: __, ...kept } = folder
    return withEtag({ ...kept, updateTime, ...over })
  }
  return changePlan(world.resources, name, changed, (folder) => folder)
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
