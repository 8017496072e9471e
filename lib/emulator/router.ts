import { errorAnswer, jsonAnswer, pageAnswer, type Reaction } from './answer.js'
import { createFolder } from './create-folder.js'
import { createProjectV1, createProjectV3 } from './create-project.js'
import { createTagKey } from './create-tag-key.js'
import { formatOf, formatResource, type Query } from './format.js'
import type { Json, JsonObject } from './json.js'
import { operationReaction } from './operation-reaction.js'
import { projectToV1, projectToV3 } from './project.js'
import { Refused } from './rpc-error.js'
import type { Call } from './start.js'
import type { World } from './world.js'

interface Route {
  readonly verb: 'GET' | 'POST'
  /** Over the decoded path; its one group, if any, is the name. */
  readonly path: RegExp
  readonly react: (world: World, call: Call) => Reaction
}

// v1 and v3 read the same operations and there is no v2 of them; the names of other services have a parent.
const ROUTES: readonly Route[] = [
  { verb: 'GET', path: /^\/v[13]\/(operations(?:\/.+)?)$/su, react: getOperation },
  { verb: 'GET', path: /^\/v\d+\w*\/((?!operations\/).+\/operations\/.+)$/su, react: getOperation },
  { verb: 'POST', path: /^\/v1\/projects$/u, react: createProjectV1 },
  { verb: 'POST', path: /^\/v3\/projects$/u, react: createProjectV3 },
  { verb: 'POST', path: /^\/v3\/folders$/u, react: createFolder },
  { verb: 'POST', path: /^\/v3\/tagKeys$/u, react: createTagKey },
  { verb: 'GET', path: /^\/v1\/projects\/([^/]+)$/u, react: getProjectV1 },
  { verb: 'GET', path: /^\/v3\/projects\/([^/]+)$/u, react: getProjectV3 },
  {
    verb: 'GET',
    path: /^\/v3\/(folders\/[^/]+)$/u,
    react: (world, call) => found(world.folders.read(call.name), call),
  },
  {
    verb: 'GET',
    path: /^\/v3\/(tagKeys\/[^/]+)$/u,
    react: (world, call) => found(world.tagKeys.read(call.name), call),
  },
]

/** What the router reads of a request. */
export interface Routed {
  readonly method: string
  /** As it came, percent-encoded. */
  readonly path: string
  readonly query: Query
  readonly body?: Json
}

/** Decides what a request gets. */
export function route(world: World, { method, path, query, body }: Routed): Reaction {
  const decoded = decodePath(path)
  const format = formatOf(query)
  for (const { verb, path: pattern, react } of ROUTES) {
    const match = verb === method && decoded !== undefined ? pattern.exec(decoded) : null
    if (match === null) continue
    try {
      return react(world, { name: match[1] ?? '', query, body, format })
    } catch (thrown) {
      if (thrown instanceof Refused) return errorAnswer(thrown.error, format)
      return errorAnswer({ status: 'INTERNAL', message: `The emulator failed: ${String(thrown)}` }, format)
    }
  }
  return pageAnswer(path)
}

/** Decodes each segment, but not `%2F`, which would add one; undefined for a path that no API has. */
function decodePath(path: string): string | undefined {
  const segments = path.split('/').slice(1)
  if (!path.startsWith('/') || segments.includes('')) return undefined
  try {
    return segments.map((segment) => `/${decodeURIComponent(segment.replace(/%2F/gi, '%252F'))}`).join('')
  } catch {
    return undefined
  }
}

function getOperation(world: World, { name, format }: Call): Reaction {
  const poll = world.operations.poll(name)
  if (poll === undefined) {
    throw new Refused({ status: 'NOT_FOUND', message: 'Requested entity was not found.' })
  }
  return operationReaction(name, poll.frame, format)
}

function getProjectV1(world: World, call: Call): Reaction {
  const project = world.projects.read(call.name)
  return found(project && project.projectId === call.name ? projectToV1(project) : undefined, call)
}

function getProjectV3(world: World, call: Call): Reaction {
  const project = world.projects.read(call.name)
  return found(project && projectToV3(project), call)
}

/**
 * The resource, or a 403 where there is none: Resource Manager tells nobody what does not exist.
 *
 * Source: https://github.com/googleapis/google-cloud-java/issues/440
 */
function found(resource: JsonObject | undefined, { format }: Call): Reaction {
  if (resource !== undefined) return jsonAnswer(200, formatResource(resource, format), format)
  throw new Refused({ status: 'PERMISSION_DENIED', message: 'The caller does not have permission' })
}
