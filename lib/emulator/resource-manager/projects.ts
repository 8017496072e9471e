import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { badField } from '../http/errors.js'
import { jsonObject } from '../http/json-text.js'
import type { Frame } from '../script/frame.js'
import type { EmulatorState } from '../state.js'
import {
  type Fields,
  maskFields,
  orderMembers,
  readMap,
  readText,
  requireId,
  requireParent,
} from './fields.js'
import { lineageOf, requireActiveParent, resourceId } from './hierarchy.js'
import { type Call, type Mutation, planNothing, planPut, planUpdate } from './mutation.js'
import { failedPrecondition, requireEtag, requireFound, requireFree } from './preconditions.js'

/** Validates `POST /v1/projects` and returns its mutation. */
export function createProjectV1({ state, body }: Call): Mutation {
  const displayName = readText(body, 'name')
  const plan = planCreate(state, body, { displayName, parent: readParentV1(body.parent) })
  return { ...plan, response: projectToV1(plan.response) }
}

/** Validates `POST /v3/projects` and returns its mutation. */
export function createProjectV3({ state, body }: Call): Mutation {
  const parent = readText(body, 'parent') === undefined ? undefined : requireParent(body, 'parent')
  return planCreate(state, body, { displayName: readText(body, 'displayName'), parent })
}

/**
 * Returns the script of a project creation: gettable after half of `duration`, and done after `duration`. The metadata of
 * the last frame has no `createTime`.
 */
export function creationScript(
  duration: number,
  metadata: JsonObject,
  response: JsonObject,
): readonly Frame[] {
  const { createTime: _, ...rest } = metadata
  return [
    { metadata },
    { after: duration / 2, metadata: { ...metadata, gettable: true } },
    { after: duration, metadata: { ...rest, gettable: true, ready: true }, done: true, response },
  ]
}

/** Validates `PATCH /v3/projects/ID` and returns its mutation, which sets the display name and the labels. */
export function patchProject({ state, name, query, body }: Call): Mutation {
  requireEtag(readText(body, 'etag'), requireProject(state, name, 'ACTIVE'))
  const fields = { displayName: readText(body, 'displayName'), labels: readMap(body, 'labels') }
  return planUpdate(state, name, maskFields(query.updateMask, fields), formatProject)
}

/**
 * Validates `PUT /v1/projects/ID` and returns its mutation, which sets the name, the labels and the parent. A body without a
 * parent keeps the parent.
 */
export function updateProjectV1({ state, name, body }: Call): Mutation {
  const { parent: currentParent } = requireProject(state, name, 'ACTIVE')
  const parent = readParentV1(body.parent) ?? currentParent
  requireActiveParent(state, parent)
  const changes = { displayName: readText(body, 'name'), labels: readMap(body, 'labels'), parent }
  return planUpdate(state, name, changes, formatProject)
}

/** Validates `POST /v3/projects/ID:move` and returns its mutation. */
export function moveProject({ state, name, body }: Call): Mutation {
  const parent = requireParent(body, 'destinationParent')
  requireProject(state, name, 'ACTIVE')
  requireActiveParent(state, parent)
  return planUpdate(state, name, { parent }, formatProject)
}

/**
 * Validates `DELETE /v3/projects/ID` or v1 and returns its mutation. A deleted project can still be read and restored. The
 * second deletion has no effect.
 */
export function deleteProject({ state, name }: Call): Mutation {
  const project = requireFound(state.resources.readWithPending(name))
  if (project.state === 'DELETE_REQUESTED') return planNothing(project)
  const changes = { state: 'DELETE_REQUESTED', deleteTime: state.timestamp() }
  return planUpdate(state, name, changes, formatProject)
}

/** Validates `POST /v3/projects/ID:undelete` or v1 and returns its mutation. */
export function undeleteProject({ state, name }: Call): Mutation {
  requireActiveParent(state, requireProject(state, name, 'DELETE_REQUESTED').parent)
  return planUpdate(state, name, { state: 'ACTIVE', deleteTime: undefined }, formatProject)
}

/** Handles `POST /v1/projects/ID:getAncestry`. */
export function getAncestry({ state, name }: Call): JsonObject {
  const { projectId } = requireFound(state.resources.read(name))
  const names = [`projects/${projectId}`, ...lineageOf(state, name).slice(1)]
  return { ancestor: names.map((ancestor) => ({ resourceId: resourceId(ancestor) })) }
}

/** Formats a project for v1. Source: https://cloud.google.com/resource-manager/reference/rest/v1/projects */
export function projectToV1(project: JsonObject): JsonObject {
  const { name, projectId, state, displayName, createTime, labels, parent } = project
  return jsonObject({
    projectNumber: resourceId(String(name)).id,
    projectId,
    lifecycleState: state,
    name: displayName,
    createTime,
    labels,
    parent: typeof parent === 'string' ? resourceId(parent) : undefined,
  })
}

function planCreate(state: EmulatorState, body: JsonObject, { displayName, parent }: Fields): Mutation {
  const projectId = requireId(body, 'projectId')
  const labels = readMap(body, 'labels')
  const nameWithId = `projects/${projectId}`
  requireActiveParent(state, parent)
  requireFree(state, nameWithId)
  const createTime = state.timestamp()
  const name = `projects/${state.uniqueNumber(12)}`
  const fields = { name, parent, projectId, state: 'ACTIVE', displayName, labels }
  const project = formatProject({ ...fields, createTime, updateTime: createTime })
  return { ...planPut(state, [name, nameWithId], project), metadata: { createTime } }
}

function requireProject(state: EmulatorState, name: string, requiredState: string): JsonObject {
  const project = requireFound(state.resources.readWithPending(name))
  if (project.state === requiredState) return project
  throw failedPrecondition(`${name} must be ${requiredState}, but is ${project.state}.`)
}

/** Formats a project for v3. Source: https://cloud.google.com/resource-manager/reference/rest/v3/projects */
function formatProject(project: Fields): JsonObject {
  const beforeEtag = 'name parent projectId state displayName createTime updateTime deleteTime'
  return orderMembers(project, beforeEtag, 'labels')
}

function readParentV1(parent: Json | undefined): string | undefined {
  if (parent === undefined || parent === null) return undefined
  const { type, id } = isJsonObject(parent) ? parent : {}
  if ((type === 'organization' || type === 'folder') && /^\d+$/.test(String(id))) return `${type}s/${id}`
  throw badField('parent', 'must have the type organization or folder and a numeric id.')
}
