import { type ClientOptions, service } from '../index.js'
import type { ProcessIo } from './surroundings.js'
import { UsageError } from './usage-error.js'

/** Whom to ask, as the command line says it. */
export interface EndpointArguments {
  readonly service?: string | undefined
  readonly location?: string | undefined
  readonly endpoint?: string | undefined
  readonly 'api-version'?: string | undefined
  readonly 'universe-domain'?: string | undefined
  readonly 'client-cert'?: string | undefined
}

/** The options of a client that say whom it asks. */
export type EndpointOptions = Pick<ClientOptions, 'service' | 'endpoint' | 'apiVersion' | 'universeDomain'>

/** The service that is meant where none is named. */
export const RESOURCE_MANAGER = 'cloudresourcemanager'

/** Whom to ask, as the library takes it; throws {@link UsageError}, and `InvalidOption` for what the library refuses. */
export function endpointOptions(given: EndpointArguments, env: ProcessIo['env']): EndpointOptions {
  const { endpoint, location, 'api-version': version } = given
  const universeDomain = given['universe-domain'] ?? (env.GOOGLE_CLOUD_UNIVERSE_DOMAIN || undefined)
  const cloud = { ...(universeDomain !== undefined && { universeDomain }) }
  if (given.service === undefined && location === undefined)
    return {
      ...cloud,
      ...(endpoint !== undefined && { endpoint }),
      ...(version !== undefined && { apiVersion: version }),
    }
  if (given.service === undefined && endpoint !== undefined)
    throw new UsageError('--location needs a --service beside --endpoint')
  const known = service(given.service ?? RESOURCE_MANAGER, {
    ...cloud,
    location,
    version,
    // The host does not matter where another one is named, and so need not be known.
    ...(endpoint !== undefined && { endpointType: 'global' }),
    mtls: universeDomain === undefined && isMutual(given, env),
  })
  const isEmulated = known.service.name === RESOURCE_MANAGER && env.CLOUDRESOURCEMANAGER_EMULATOR_HOST
  const { endpoint: host, ...rest } = known
  return endpoint === undefined && isEmulated ? rest : { ...rest, endpoint: endpoint ?? host }
}

/** Source: https://google.aip.dev/auth/4114. */
function isMutual(
  given: EndpointArguments,
  { GOOGLE_API_USE_MTLS_ENDPOINT: wish }: ProcessIo['env'],
): boolean {
  return wish === 'always' || (wish !== 'never' && given['client-cert'] !== undefined)
}
