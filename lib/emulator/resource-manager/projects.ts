import type { JsonObject } from '../../model/json.js'
import type { Frame } from '../script/frame.js'
import type { EmulatorState } from '../state.js'
import { readText } from './fields.js'
import {
  type Call,
  failedPrecondition,
  type Mutation,
  planUpdate,
  requireEtag,
  requireFound,
  requireFree,
  type StartCall,
} from './mutation.js'
import {
  destinationFromV3,
  type Project,
  projectFromV1,
  projectFromV3,
  projectPatch,
  projectToV1,
  projectToV3,
} from './project-resource.js'

/** Validates `POST /v1/projects` and returns its mutation. */
export function createProjectV1(state: EmulatorState, { body }: StartCall): Mutation {
  return planCreate(state, projectFromV1(body, state.number(12), state.timestamp()), projectToV1)
}

/** Validates `POST /v3/projects` and returns its mutation. */
export function createProjectV3(state: EmulatorState, { body }: StartCall): Mutation {
  return planCreate(state, projectFromV3(body, state.number(12), state.timestamp()), projectToV3)
}

/** Returns the script of a project creation: running, gettable after half of `duration`, then done without `createTime`. */
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
export function patchProject(state: EmulatorState, { name, query, body }: StartCall): Mutation {
  const project = requireProject(state, name, 'ACTIVE')
  requireEtag(readText(body, 'etag'), projectToV3(project))
  return planChange(state, name, projectPatch(query.updateMask, body))
}

/** Validates `POST /v3/projects/ID:move` and returns its mutation. */
export function moveProject(state: EmulatorState, { name, body }: StartCall): Mutation {
  const parent = destinationFromV3(body)
  requireProject(state, name, 'ACTIVE')
  return planChange(state, name, { parent })
}

/** Validates `DELETE /v3/projects/ID` and returns its mutation. A deleted project can still be read and restored. */
export function deleteProject(state: EmulatorState, { name }: Call): Mutation {
  requireProject(state, name, 'ACTIVE')
  return planChange(state, name, { state: 'DELETE_REQUESTED', deleteTime: state.timestamp() })
}

/** Validates `POST /v3/projects/ID:undelete` and returns its mutation. */
export function undeleteProject(state: EmulatorState, { name }: Call): Mutation {
  requireProject(state, name, 'DELETE_REQUESTED')
  return planChange(state, name, { state: 'ACTIVE', deleteTime: undefined })
}

/** Handles `GET /v1/projects/ID`, which does not accept a project number. */
export function getProjectV1(state: EmulatorState, { name }: Call): JsonObject {
  const project = state.projects.read(name)
  return projectToV1(requireFound(project?.projectId === name ? project : undefined))
}

/** Handles `GET /v3/projects/ID`, which also accepts a project number. */
export function getProjectV3(state: EmulatorState, { name }: Call): JsonObject {
  return projectToV3(requireFound(state.projects.read(name)))
}

function planCreate(
  { projects }: EmulatorState,
  project: Project,
  format: (project: Project) => JsonObject,
): Mutation {
  requireFree(projects, project.projectId)
  return {
    metadata: { createTime: project.createTime },
    response: format(project),
    commit: (stage) => projects.add([project.projectId, project.projectNumber], project, stage),
  }
}

function planChange(state: EmulatorState, key: string, changes: Partial<Project>): Mutation {
  const updateTime = state.timestamp()
  return planUpdate(state.projects, key, (project) => ({ ...project, ...changes, updateTime }), projectToV3)
}

function requireProject({ projects }: EmulatorState, key: string, expected: Project['state']): Project {
  const project = requireFound(projects.readPending(key))
  if (project.state === expected) return project
  throw failedPrecondition(`The project ${key} must be ${expected}, but is ${project.state}.`)
}
