import { defer, finalize, of } from 'rxjs'
import { type ClientOptions, clientSettings } from './client-options.js'
import { isLeft, left } from './model/either.js'
import { isJsonObject, type Json } from './model/json.js'
import type { ResumeToken } from './model/resume-token.js'
import { isLoopback } from './names/endpoint.js'
import { locate } from './names/locate.js'
import { parseTarget } from './names/parse-target.js'
import { resolveTarget } from './names/resolve-target.js'
import type { Service } from './names/service.js'
import { ClientCore, type ClientSettings } from './watch/client-core.js'
import type { Watch } from './watch/watch.js'
import { type WatchOptions, watchSettings } from './watch/watch-options.js'
import { LONGRUNNING } from './wire/longrunning.js'

/** Options of {@link watchOperation}. */
export interface WatchOperationOptions<R = Json | undefined, M = Json>
  extends ClientOptions,
    WatchOptions<R, M> {}

/**
 * Watches a long-running operation until it is done. Uses its own connections.
 *
 * ```
 * --Right(Running)--Right(Running)--Right(Succeeded)|
 * --Right(Running)--Left(OperationError)|
 * ```
 *
 * Polls at subscription, and then according to `schedule`. Each subscription opens its own connections, and closes
 * them after the final result or when it is unsubscribed. Unsubscribing aborts the request in flight, but does not
 * cancel the operation. All times are in milliseconds. Throws `InvalidOption` if an option is invalid.
 *
 * A Left is the final result. `OperationFailed` means that the operation failed. Every other error means that it is
 * unknown whether the operation succeeds or fails. Transient failures are not emitted: they are retried for up to
 * `maxRetryTime`.
 *
 * Source: https://google.aip.dev/151; `operations.get` of the Cloud Resource Manager API.
 *
 * @example
 * {@includeCode ../examples/wait-for-one.ts}
 */
export function watchOperation<R = Json | undefined, M = Json>(
  nameOrToken: string | ResumeToken,
  options: WatchOperationOptions<R, M> = {},
): Watch<R, M> {
  const settings = clientSettings(options)
  const settingsOfWatch = watchSettings(options, settings.schedule)
  const endpointSettings = settingsFor(nameOrToken, settings)
  const { protocol } = endpointSettings
  const target = resolveTarget(nameOrToken, { ...settings, protocol }, true)
  if (isLeft(target)) return of(target)
  return defer(() => {
    const client = new ClientCore(endpointSettings)
    return client.watch(target.right, settingsOfWatch).pipe(finalize(() => client.close()))
  })
}

/**
 * Returns the settings for the endpoint of a token. Without a named service, the endpoint selects the protocol, which also
 * decides whether the name is valid.
 */
function settingsFor(nameOrToken: unknown, settings: ClientSettings): ClientSettings {
  const { api, configuredService, universeDomain } = settings
  const token = isJsonObject(nameOrToken) ? parseTarget(nameOrToken, api) : left('')
  if (isLeft(token)) return settings
  const { endpoint, apiVersion, name } = token.right
  const isOwnEndpoint = endpoint === api.endpoint
  const service =
    configuredService ??
    serviceAt(`${endpoint}/${apiVersion}/${name}`, universeDomain) ??
    (isOwnEndpoint ? settings.service : undefined)
  const protocol = settings.protocol === LONGRUNNING ? (service?.protocol ?? LONGRUNNING) : settings.protocol
  const endpointSettings = { ...settings, api: { ...api, endpoint }, service, protocol }
  if (isOwnEndpoint || !isLoopback(endpoint)) return endpointSettings
  // A token may come from any source. A loopback endpoint that comes from a token therefore receives no private data.
  const { xgafv, fields } = settings.request
  const publicSettings = { request: { xgafv, fields }, isAnonymous: true, clientCertificate: undefined }
  return { ...endpointSettings, ...publicSettings, axios: undefined }
}

/** Returns the service at the URL of an operation, if it is known. */
function serviceAt(url: string, universeDomain: string): Service | undefined {
  const located = locate(url, { universeDomain })
  return isLeft(located) ? undefined : located.right.service
}
