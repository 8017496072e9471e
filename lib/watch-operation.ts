import { defer, finalize } from 'rxjs'
import { type ClientOptions, clientSettings } from './client-options.js'
import { isLeft } from './model/either.js'
import type { Json } from './model/json.js'
import { isLoopback } from './names/endpoint.js'
import { isAllowedEndpoint, parseTarget, type ResumeToken } from './names/resume-token.js'
import { OperationsClient } from './operations-client.js'
import type { Watch } from './watch/watch.js'
import { type WatchOptions, watchSettings } from './watch/watch-options.js'

/** How one operation is asked for and watched. */
export interface WatchOperationOptions<R = Json | undefined, M = Json>
  extends ClientOptions,
    WatchOptions<R, M> {}

/**
 * Watches a long-running operation to its end, over connections of its own.
 *
 * ```
 * --Right(Running)--Right(Running)--Right(Succeeded)|
 * --Right(Running)--Left(OperationError)|
 * ```
 *
 * Polls at once and then as `schedule` says; all times are milliseconds. Each subscription makes its own axios agent
 * and destroys it at the last word or when it is unsubscribed, which aborts the request in flight; the operation
 * itself goes on. Options out of their range throw `InvalidOption` at once.
 *
 * The Left is the last word: `OperationFailed` when the operation failed, every other kind when its end could not be
 * learned. A transient failure is not a word: it is asked again, up to `maxRetryTime`.
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
  watchSettings(options)
  const { api, universeDomain, isAnonymous, service } = clientSettings(options)
  const token = parseTarget(nameOrToken, api)
  const follows = !isLeft(token) && isAllowedEndpoint(token.right, api.endpoint, universeDomain)
  const endpoint = follows ? token.right.endpoint : api.endpoint
  // What the caller tells a server goes to this machine only where the caller named it: a token may come from anywhere.
  const strange = endpoint !== api.endpoint && isLoopback(endpoint)
  const settled = {
    ...options,
    endpoint,
    service: endpoint === api.endpoint ? service : options.service,
    ...((isAnonymous || strange) && { auth: false as const }),
    ...(strange && {
      quotaProject: undefined,
      quotaUser: undefined,
      headers: undefined,
      clientCertificate: undefined,
    }),
  }
  return defer(() => {
    const client = new OperationsClient(settled)
    return client.watch(nameOrToken, options).pipe(finalize(() => client.close()))
  })
}
