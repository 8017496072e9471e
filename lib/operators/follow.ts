import { mergeMap, type Observable } from 'rxjs'
import type { Json } from '../model/json.js'
import type { Watch } from '../watch/watch.js'
import { type WatchOptions, watchSettings } from '../watch/watch-options.js'
import type { Followable } from '../wire/started-operation.js'

/** A client that can follow started operations, such as {@link OperationsClient}. */
export interface FollowClient {
  /** Watches an operation from the response of the call that started it. */
  follow<R, M>(started: unknown, options?: WatchOptions<R, M>): Watch<R, M>
}

/**
 * Watches all started operations that the source emits, and merges the emissions of the watches. The source emits the
 * responses of the calls that started the operations, from any Google client library.
 *
 * ```
 * --started1----started2--------------------------------|
 *          follow(client)
 * --Running1----Running2--Succeeded1--Running2--Succeeded2|
 * ```
 *
 * The response is the first snapshot of its operation, with `attempt` 0. No request is sent if the operation is
 * already done. A watch may end with any Left of `client.follow`; the other watches continue. The Left is
 * `InvalidName` if the response is not an operation, or is a running operation without a name. Throws `InvalidOption`
 * if an option is invalid.
 *
 * @example
 * {@includeCode ../../examples/track-many.ts}
 */
export function follow<R = Json | undefined, M = Json>(
  client: FollowClient,
  options: WatchOptions<R, M> = {},
): <S>(started: Observable<S & Followable<S>>) => Watch<R, M> {
  watchSettings(options)
  return mergeMap((response: unknown) => client.follow<R, M>(response, options))
}
