import type { Reaction } from './answer.js'
import { bodyObject } from './fields.js'
import type { Frame } from './frame.js'
import type { JsonObject } from './json.js'
import { type Project, projectFromV1, projectFromV3, projectToV1, projectToV3 } from './project.js'
import { Refused } from './rpc-error.js'
import { type Call, startOperation } from './start.js'
import type { StartMethod, World } from './world.js'

interface Version {
  readonly method: StartMethod
  readonly read: (body: JsonObject, projectNumber: string, createTime: string) => Project
  readonly tell: (project: Project) => JsonObject
  readonly responseType: string
  readonly metadataType: string
}

// The package of v1 is google.cloudresourcemanager, without the dot that v3 has.
const V1: Version = {
  method: 'v1.projects.create',
  read: projectFromV1,
  tell: projectToV1,
  responseType: 'type.googleapis.com/google.cloudresourcemanager.v1.Project',
  metadataType: 'type.googleapis.com/google.cloudresourcemanager.v1.ProjectCreationStatus',
}

const V3: Version = {
  method: 'v3.projects.create',
  read: projectFromV3,
  tell: projectToV3,
  responseType: 'type.googleapis.com/google.cloud.resourcemanager.v3.Project',
  metadataType: 'type.googleapis.com/google.cloud.resourcemanager.v3.CreateProjectMetadata',
}

/** `POST /v1/projects`. */
export function createProjectV1(world: World, call: Call): Reaction {
  return createProject(V1, world, call)
}

/** `POST /v3/projects`. */
export function createProjectV3(world: World, call: Call): Reaction {
  return createProject(V3, world, call)
}

function createProject(version: Version, world: World, call: Call): Reaction {
  const body = bodyObject(call.body)
  const project = version.read(body, world.number(12), world.timestamp())
  if (world.projects.isTaken(project.projectId)) {
    throw new Refused({ status: 'ALREADY_EXISTS', message: 'Requested entity already exists' })
  }
  const usual = (duration: number): readonly Frame[] => projectFrames(version, project, duration)
  const { stage, reaction } = startOperation(
    world,
    { method: version.method, prefix: 'cp', body, usual },
    call.format,
  )
  world.projects.add([project.projectId, project.projectNumber], project, stage)
  return reaction
}

/** Running, half-way gettable, then done; a done one no longer tells its createTime. */
function projectFrames(version: Version, project: Project, duration: number): readonly Frame[] {
  const running = { '@type': version.metadataType, createTime: project.createTime }
  return [
    { metadata: running },
    { after: duration / 2, metadata: { ...running, gettable: true } },
    {
      after: duration,
      metadata: { '@type': version.metadataType, gettable: true, ready: true },
      done: true,
      response: { '@type': version.responseType, ...version.tell(project) },
    },
  ]
}
