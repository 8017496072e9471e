import { isJsonObject, type Json, type JsonObject } from '../../model/json.js'
import { jsonObject } from '../http/json-text.js'
import { badField } from '../http/responses.js'
import { maskFields, readMap, readText, requireText, withEtag } from './fields.js'

/** A stored project. {@link projectToV1} and {@link projectToV3} format it for the API. */
export interface Project {
  readonly projectId: string
  /** An int64, which is a string in JSON. */
  readonly projectNumber: string
  readonly state: 'ACTIVE' | 'DELETE_REQUESTED'
  /** All times are in RFC 3339. */
  readonly createTime: string
  readonly updateTime: string
  /** The time of the deletion request; undefined for an active project. */
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

/** Creates a project from the body of `POST /v1/projects`. */
export function projectFromV1(body: JsonObject, projectNumber: string, createTime: string): Project {
  return {
    ...newProject(body, projectNumber, createTime),
    displayName: readText(body, 'name'),
    parent: parentFromV1(body.parent),
    labels: readMap(body, 'labels'),
  }
}

/** Creates a project from the body of `POST /v3/projects`. */
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

/** Returns the members that `PATCH /v3/projects/ID` sets. */
export function projectPatch(mask: string | undefined, body: JsonObject): Partial<Project> {
  return maskFields(mask, { displayName: readText(body, 'displayName'), labels: readMap(body, 'labels') })
}

/** Returns the new parent in the body of `POST /v3/projects/ID:move`. */
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
  const { projectNumber, parent: projectParent, projectId, state, displayName, labels } = project
  const { createTime, updateTime, deleteTime } = project
  const name = `projects/${projectNumber}`
  const parent = projectParent && `${projectParent.type}s/${projectParent.id}`
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
  const description =
    'must be 6 to 30 lowercase letters, digits or hyphens, begin with a letter and not end with a hyphen.'
  const projectId = requireText(body, 'projectId', /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, description)
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
