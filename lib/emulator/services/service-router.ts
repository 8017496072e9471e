import type { Json } from '../../model/json.js'
import type { Format, Query } from '../http/format.js'
import { type ScriptedResponse, thrownResponse } from '../http/responses.js'
import { readBody } from '../resource-manager/fields.js'
import type { EmulatorState } from '../state.js'
import { COMPUTE } from './compute-service.js'
import { CONTAINER } from './container-service.js'
import type { ServiceCall, ServiceDefinition } from './service-definition.js'
import { operationsResponse } from './service-operations.js'
import { resourcesResponse } from './service-resources.js'
import { type EmulatedService, numberOf } from './service-state.js'
import { SQLADMIN } from './sqladmin-service.js'

const SERVICES: Readonly<Record<EmulatedService, ServiceDefinition>> = {
  compute: COMPUTE,
  container: CONTAINER,
  sqladmin: SQLADMIN,
}

/** A request with a decoded path. */
interface ServiceRequest {
  readonly method: string
  readonly path: string
  readonly query: Query
  readonly body?: Json | undefined
  readonly format: Format
}

/** Returns the response of the service to which a path belongs; undefined if the emulator has no such service. */
export function serviceResponse(state: EmulatorState, request: ServiceRequest): ScriptedResponse | undefined {
  for (const label of state.services.names) {
    const [matched, version = '', name = ''] = SERVICES[label].path.exec(request.path) ?? []
    if (matched !== undefined) return respond(state, { ...request, label, version, name })
  }
  return undefined
}

function respond(
  state: EmulatorState,
  request: ServiceRequest & Pick<ServiceCall, 'label' | 'version' | 'name'>,
): ScriptedResponse {
  const { projects } = state.services
  const { label, version, name, method, query, body } = request
  const service = SERVICES[label]
  const legacy = service.legacyErrors && { legacyErrors: true, omitsStatus: true }
  const format = { ...request.format, ...legacy }
  const numberOfProject = (project: string): string => {
    if (/^\d+$/.test(project)) return project
    const number = numberOf(project).slice(0, 12)
    projects.set(number, project)
    return number
  }
  try {
    const call: ServiceCall = {
      label,
      service,
      version,
      method,
      query,
      format,
      name: service.canonicalName(name, (project) => projects.get(project) ?? project),
      // google-gax sends an empty string as JSON for a method without a body.
      body: readBody(body === '' ? undefined : body),
      link: (target) => service.link(version, target, numberOfProject),
    }
    return operationsResponse(state, call) ?? resourcesResponse(state, call)
  } catch (thrown) {
    return thrownResponse(thrown, format)
  }
}

/** Returns whether a path is the path of batches, which has the version in Compute Engine. */
export function isBatchPath({ services }: EmulatorState, path: string): boolean {
  return path === '/batch' || services.names.some((label) => SERVICES[label].batchPath?.test(path))
}
