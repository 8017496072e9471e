import { isJsonObject, type Json, type JsonObject, jsonObject } from '../http/json-text.js'
import { badField } from '../http/responses.js'
import { mapField, maskedFields, requiredText, textField, withEtag } from './fields.js'

/** A project, told by v1 and v3 each in its own shape. */
export interface Project {
  readonly projectId: string
  /** An int64, in JSON a string. */
  readonly projectNumber: string
  readonly state: 'ACTIVE' | 'DELETE_REQUESTED'
  /** RFC 3339, as are the others. */
  readonly createTime: string
  readonly updateTime: string
  /** When its deletion was asked for, unless it was undone. */
  readonly deleteTime: string | undefined
  readonly displayName: string | undefined
  readonly parent: ProjectParent | undefined
  readonly labels: JsonObject | undefined
}

/** What a project lies in. */
export interface ProjectParent {
  readonly type: 'organization' | 'folder'
  readonly id: string
}

/** Reads the body of `POST /v1/projects`; the server sets the number and the time. */
export function projectFromV1(body: JsonObject, projectNumber: string, createTime: string): Project {
  return {
    projectId: projectIdOf(body),
    projectNumber,
    ...newlyMade(createTime),
    displayName: textField(body, 'name'),
    parent: parentFromV1(body.parent),
    labels: mapField(body, 'labels'),
  }
}

/** Reads the body of `POST /v3/projects`; the server sets the number and the time. */
export function projectFromV3(body: JsonObject, projectNumber: string, createTime: string): Project {
  return {
    projectId: projectIdOf(body),
    projectNumber,
    ...newlyMade(createTime),
    displayName: textField(body, 'displayName'),
    parent: parentFromV3(textField(body, 'parent')),
    labels: mapField(body, 'labels'),
  }
}

function newlyMade(createTime: string): Pick<Project, 'state' | 'createTime' | 'updateTime' | 'deleteTime'> {
  return { state: 'ACTIVE', createTime, updateTime: createTime, deleteTime: undefined }
}

/** Reads the body of `PATCH /v3/projects/ID`: what it sets. */
export function projectPatch(mask: string | undefined, body: JsonObject): Partial<Project> {
  return maskedFields(mask, {
    displayName: textField(body, 'displayName'),
    labels: mapField(body, 'labels'),
  })
}

/** Reads the body of `POST /v3/projects/ID:move`. */
export function destinationFromV3(body: JsonObject): ProjectParent {
  return parentOf(textField(body, 'destinationParent') ?? '', 'destinationParent')
}

/** The project as v1 tells it. Source: https://cloud.google.com/resource-manager/reference/rest/v1/projects */
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

/** The project as v3 tells it. Source: https://cloud.google.com/resource-manager/reference/rest/v3/projects */
export function projectToV3(project: Project): JsonObject {
  const { projectNumber, projectId, state, displayName, labels, parent } = project
  const { createTime, updateTime, deleteTime } = project
  const told = jsonObject({
    name: `projects/${projectNumber}`,
    parent: parent && `${parent.type}s/${parent.id}`,
    projectId,
    state,
    displayName,
    createTime,
    updateTime,
    deleteTime,
  })
  return withEtag(told, jsonObject({ labels }))
}

function projectIdOf(body: JsonObject): string {
  const range = 'must be 6 to 30 lowercase letters, digits or hyphens, a letter first and no hyphen last.'
  return requiredText(body, 'projectId', /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/, range)
}

function parentFromV1(parent: Json | undefined): ProjectParent | undefined {
  if (parent === undefined || parent === null) return undefined
  const { type, id } = isJsonObject(parent) ? parent : {}
  if ((type === 'organization' || type === 'folder') && typeof id === 'string' && /^\d+$/.test(id)) {
    return { type, id }
  }
  throw badField('parent', 'must have the type organization or folder and a numeric id.')
}

function parentFromV3(parent: string | undefined): ProjectParent | undefined {
  return parent === undefined ? undefined : parentOf(parent, 'parent')
}

function parentOf(parent: string, field: string): ProjectParent {
  const [collection, id = '', ...more] = parent.split('/')
  if (more.length === 0 && /^\d+$/.test(id)) {
    if (collection === 'organizations') return { type: 'organization', id }
    if (collection === 'folders') return { type: 'folder', id }
  }
  throw badField(field, 'must be organizations/NUMBER or folders/NUMBER.')
}
