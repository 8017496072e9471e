import { textField } from './fields.js'
import type { Frame } from './frame.js'
import type { JsonObject } from './json.js'
import { type Call, changePlan, checkEtag, failedPrecondition, found, type Plan } from './plan.js'
import {
  destinationFromV3,
  type Project,
  projectFromV1,
  projectFromV3,
  projectPatch,
  projectToV1,
  projectToV3,
} from './project.js'
import { Refused } from './rpc-error.js'
import type { World } from './world.js'

/** `POST /v1/projects`. */
export function createProjectV1(world: World, _call: Call, body: JsonObject): Plan {
  return createPlan(world, projectFromV1(body, world.number(12), world.timestamp()), projectToV1)
}

/** `POST /v3/projects`. */
export function createProjectV3(world: World, _call: Call, body: JsonObject): Plan {
  return createPlan(world, projectFromV3(body, world.number(12), world.timestamp()), projectToV3)
}

function createPlan(world: World, project: Project, tell: (project: Project) => JsonObject): Plan {
  if (world.projects.isTaken(project.projectId)) {
    throw new Refused({ status: 'ALREADY_EXISTS', message: 'Requested entity already exists' })
  }
  return {
    metadata: { createTime: project.createTime },
    response: tell(project),
    keep: (stage) => world.projects.add([project.projectId, project.projectNumber], project, stage),
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
export function patchProject(world: World, { name, query }: Call, body: JsonObject): Plan {
  const project = projectIn(world, name, 'ACTIVE')
  checkEtag(textField(body, 'etag'), projectToV3(project))
  return change(world, name, projectPatch(query.updateMask, body))
}

/** `POST /v3/projects/ID:move`. */
export function moveProject(world: World, { name }: Call, body: JsonObject): Plan {
  const parent = destinationFromV3(body)
  projectIn(world, name, 'ACTIVE')
  return change(world, name, { parent })
}

/** `DELETE /v3/projects/ID`; the project can still be read, and brought back. */
export function deleteProject(world: World, { name }: Call): Plan {
  projectIn(world, name, 'ACTIVE')
  return change(world, name, { state: 'DELETE_REQUESTED', deleteTime: world.timestamp() })
}

/** `POST /v3/projects/ID:undelete`. */
export function undeleteProject(world: World, { name }: Call): Plan {
  projectIn(world, name, 'DELETE_REQUESTED')
  return change(world, name, { state: 'ACTIVE', deleteTime: undefined })
}

function projectIn(world: World, key: string, state: Project['state']): Project {
  const project = found(world.projects.coming(key))
  if (project.state === state) return project
  throw failedPrecondition(`The project ${key} must be ${state} and is ${project.state}.`)
}

function change(world: World, key: string, over: Partial<Project>): Plan {
  const updateTime = world.timestamp()
  return changePlan(world.projects, key, (project) => ({ ...project, ...over, updateTime }), projectToV3)
}

/** `GET /v1/projects/ID`, which takes no number. */
export function getProjectV1(world: World, { name }: Call): JsonObject {
  const project = found(world.projects.read(name))
  return projectToV1(found(project.projectId === name ? project : undefined))
}

/** `GET /v3/projects/ID`, which takes the number too. */
export function getProjectV3(world: World, { name }: Call): JsonObject {
  return projectToV3(found(world.projects.read(name)))
}
