import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { jsonObject } from '../http/json-text.js'
import { badField } from '../http/responses.js'
import { maskFields, readMap, readText, requireText, withEtag } from './fields.js'

/** A project; v1 and v3 format it differently. */
export interface Project {
  readonly projectId: string
  /** An int64, which is a string in JSON. */
  readonly projectNumber: string
  readonly state: 'ACTIVE' | 'DELETE_REQUESTED'
  /** In RFC 3339, like the other times. */
  readonly createTime: string
  readonly updateTime: string
  /** When the deletion was requested; undefined if it was undone. */
  readonly deleteTime: string | undefined
  readonly displayName: string | undefined
  readonly parent: ProjectParent | undefined
  readonly labels: JsonObject | undefined
}

/** The parent of a project. */
interface ProjectParent {
  readonly type: 'organization' | 'folder'
  readonly id: string
}

/** Reads the body of `POST /v1/projects`; the server sets the number and the time. */
export function projectFromV1(body: JsonObject, projectNumber: string, createTime: string): Project {
  return {
    ...newProject(body, projectNumber, createTime),
    displayName: readText(body, 'name'),
    parent: parentFromV1(body.parent),
    labels: readMap(body, 'labels'),
  }
}

/** Reads the body of `POST /v3/projects`; the server sets the number and the time. */
export function projectFromV3(body: JsonObject, projectNumber: string, createTime: string): Project {
  const project = newProject(body, projectNumber, createTime)
  const displayName = readText(body, 'displayName')
  const parent = readText(body, 'parent')
  return {
    ...project,
    displayName,
    parent: parent === undefined ? undefined : parentFromV3(parent, 'parent'),
    labels: readMap(body, 'labels'),
  }
}

/** Returns the members that the body of `PATCH /v3/projects/ID` sets. */
export function projectPatch(mask: string | undefined, body: JsonObject): Partial<Project> {
  return maskFields(mask, { displayName: readText(body, 'displayName'), labels: readMap(body, 'labels') })
}

/** Reads the body of `POST /v3/projects/ID:move`. */
export function destinationFromV3(body: JsonObject): ProjectParent {
  return parentFromV3(readText(body, 'destinationParent') ?? '', 'destinationParent')
}

/** Formats a project for v1. Source: https://cloud.google.com/resource-manager/reference/rest/v1/projects */
export function projectToV1(project: Project): JsonObject {
  const { projectNumber, projectId, state, displayName, createTime, labels, parent } = project
  return jsonObject({
    projectNumber,
    projectId,
    lifecycleState: state,
    name: displayName,
    createTime,
    labels,
    parent: parent && { type: parent.type, id: parent.id },
  })
}

/** Formats a project for v3. Source: https://cloud.google.com/resource-manager/reference/rest/v3/projects */
export function projectToV3(project: Project): JsonObject {
  const { projectNumber, parent: owner, projectId, state, displayName, labels } = project
  const { createTime, updateTime, deleteTime } = project
  const name = `projects/${projectNumber}`
  const parent = owner && `${owner.type}s/${owner.id}`
  return withEtag(
    jsonObject({ name, parent, projectId, state, displayName, createTime, updateTime, deleteTime }),
    jsonObject({ labels }),
  )
}

function newProject(
  body: JsonObject,
  projectNumber: string,
  createTime: string,
): Omit<Project, 'displayName' | 'parent' | 'labels'> {
  const range = 'must be 6 to 30 lowercase letters, digits or hyphens, a letter first and no hyphen last.'
  const projectId = requireText(body, 'projectId', /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, range)
  const updateTime = createTime
  return { projectId, projectNumber, state: 'ACTIVE', createTime, updateTime, deleteTime: undefined }
}

function parentFromV1(parent: Json | undefined): ProjectParent | undefined {
  if (parent === undefined || parent === null) return undefined
  const { type, id } = isJsonObject(parent) ? parent : {}
  if ((type === 'organization' || type === 'folder') && typeof id === 'string' && /^\d+$/.test(id)) {
    return { type, id }
  }
  throw badField('parent', 'must have the type organization or folder and a numeric id.')
}

function parentFromV3(parent: string, field: string): ProjectParent {
  const [, type, id] = /^(organization|folder)s\/(\d+)$/.exec(parent) ?? []
  if (id !== undefined && (type === 'organization' || type === 'folder')) return { type, id }
  throw badField(field, 'must be organizations/NUMBER or folders/NUMBER.')
}
