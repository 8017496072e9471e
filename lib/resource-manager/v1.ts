import { type Descriptor, descriptor } from './descriptor.js'
import { ProjectCreationStatus, ProjectV1 } from './project.js'

/** `POST /v1/projects`. */
export const createProjectV1: Descriptor<ProjectV1, ProjectCreationStatus> = descriptor(
  'v1',
  'projects.create',
  { metadata: ProjectCreationStatus, response: ProjectV1 },
)
