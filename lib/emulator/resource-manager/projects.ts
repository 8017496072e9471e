import type { JsonObject } from '../http/json-text.js'
import { RejectedRequest } from '../http/responses.js'
import type { Frame } from '../script/frame.js'
import type { EmulatorState } from '../state.js'
import { textField } from './fields.js'
import {
  type Call,
  checkEtag,
  failedPrecondition,
  type Mutation,
  requireFound,
  updatePlan,
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

/** `POST /v1/projects`. */
export function createProjectV1(world: EmulatorState, _call: Call, body: JsonObject): Mutation {
  return createPlan(world, projectFromV1(body, world.number(12), world.timestamp()), projectToV1)
}

/** `POST /v3/projects`. */
export function createProjectV3(world: EmulatorState, _call: Call, body: JsonObject): Mutation {
  return createPlan(world, projectFromV3(body, world.number(12), world.timestamp()), projectToV3)
}

function createPlan(
  world: EmulatorState,
  project: Project,
  tell: (project: Project) => JsonObject,
): Mutation {
  if (world.projects.isTaken(project.projectId)) {
    throw new RejectedRequest({ status: 'ALREADY_EXISTS', message: 'Requested entity already exists' })
  }
  return {
    metadata: { createTime: project.createTime },
    response: tell(project),
    commit: (stage) => world.projects.add([project.projectId, project.projectNumber], project, stage),
  }
}

/** Running, half-way gettable, then done; a done one no longer tells its createTime. */
export function creationScript(
  duration: number,
  metadata: JsonObject,
  response: JsonObject,
): readonly Frame[] {
  const { createTime: _, ...told } = metadata
  return [
    { metadata },
    { after: duration / 2, metadata: { ...metadata, gettable: true } },
    { after: duration, metadata: { ...told, gettable: true, ready: true }, done: true, response },
  ]
}

/** `PATCH /v3/projects/ID`: the display name and the labels. */
export function patchProject(world: EmulatorState, { name, query }: Call, body: JsonObject): Mutation {
  const project = projectIn(world, name, 'ACTIVE')
  checkEtag(textField(body, 'etag'), projectToV3(project))
  return change(world, name, projectPatch(query.updateMask, body))
}

/** `POST /v3/projects/ID:move`. */
export function moveProject(world: EmulatorState, { name }: Call, body: JsonObject): Mutation {
  const parent = destinationFromV3(body)
  projectIn(world, name, 'ACTIVE')
  return change(world, name, { parent })
}

/** `DELETE /v3/projects/ID`; the project can still be read, and brought back. */
export function deleteProject(world: EmulatorState, { name }: Call): Mutation {
  projectIn(world, name, 'ACTIVE')
  return change(world, name, { state: 'DELETE_REQUESTED', deleteTime: world.timestamp() })
}

/** `POST /v3/projects/ID:undelete`. */
export function undeleteProject(world: EmulatorState, { name }: Call): Mutation {
  projectIn(world, name, 'DELETE_REQUESTED')
  return change(world, name, { state: 'ACTIVE', deleteTime: undefined })
}

function projectIn(world: EmulatorState, key: string, state: Project['state']): Project {
  const project = requireFound(world.projects.readPending(key))
  if (project.state === state) return project
  throw failedPrecondition(`The project ${key} must be ${state} and is ${project.state}.`)
}

function change(world: EmulatorState, key: string, over: Partial<Project>): Mutation {
  const updateTime = world.timestamp()
  return updatePlan(world.projects, key, (project) => ({ ...project, ...over, updateTime }), projectToV3)
}

/** `GET /v1/projects/ID`, which takes no number. */
export function getProjectV1(world: EmulatorState, { name }: Call): JsonObject {
  const project = requireFound(world.projects.read(name))
  return projectToV1(requireFound(project.projectId === name ? project : undefined))
}

/** `GET /v3/projects/ID`, which takes the number too. */
export function getProjectV3(world: EmulatorState, { name }: Call): JsonObject {
  return projectToV3(requireFound(world.projects.read(name)))
}
