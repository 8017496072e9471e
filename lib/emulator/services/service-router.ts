import { thrownResponse } from '../http/errors.js'
import { readFormat } from '../http/format.js'
import type { ReceivedRequest } from '../http/http-io.js'
import type { ScriptedResponse } from '../http/responses.js'
import { readBody } from '../resource-manager/fields.js'
import type { EmulatorState } from '../state.js'
import { COMPUTE } from './compute-service.js'
import { CONTAINER } from './container-service.js'
import type { ServiceDefinition } from './service-definition.js'
import { canonicalName, operationsResponse } from './service-operations.js'
import { resourcesResponse } from './service-resources.js'
import { type EmulatedService, numberOf, type ServiceState } from './service-state.js'
import { SQLADMIN } from './sqladmin-service.js'

const SERVICES: Readonly<Record<EmulatedService, ServiceDefinition>> = {
  compute: COMPUTE,
  container: CONTAINER,
  sqladmin: SQLADMIN,
}

/** Returns the response of the service to which a decoded path belongs; undefined if no service has such paths. */
export function serviceResponse(
  state: EmulatorState,
  request: ReceivedRequest,
): ScriptedResponse | undefined {
  const { path, query, body } = request
  for (const [label, serviceState] of state.services) {
    const service = SERVICES[label]
    const [matched, version = '', name = ''] = service.path.exec(path) ?? []
    if (matched === undefined) continue
    const served = { state, serviceState, label, service, version }
    const format = { ...readFormat(query), ...service.errorFormat }
    const link = (target: string): string => service.link(version, target, projectNumberIn(serviceState))
    try {
      // google-gax sends an empty string as JSON for a method without a body.
      const json = readBody(body === '' ? undefined : body)
      const requested = { ...request, ...served, name, body: json, format, link }
      const call = { ...requested, name: canonicalName(requested, name) }
      return operationsResponse(call) ?? resourcesResponse(call)
    } catch (thrown) {
      return thrownResponse(thrown, format)
    }
  }
  return undefined
}

/** Returns a function that returns the number of a project. A later request can contain the number. */
function projectNumberIn({ projects }: ServiceState): (project: string) => string {
  return (project) => {
    if (/^\d+$/.test(project)) return project
    const number = numberOf(project).slice(0, 12)
    projects.set(number, project)
    return number
  }
}

/** Returns whether a path is the path of batches, which has the version in Compute Engine. */
export function isBatchPath({ services }: EmulatorState, path: string): boolean {
  return path === '/batch' || [...services.keys()].some((label) => SERVICES[label].batchPath?.test(path))
}
