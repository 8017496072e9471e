import { mergeMap, type Observable } from 'rxjs'
import type { Json } from '../model/json.js'
import type { Watch } from '../watch/watch.js'
import { type WatchOptions, watchSettings } from '../watch/watch-options.js'

/** What can follow an operation that was just started: an OperationsClient. */
export interface FollowClient {
  /** Watches what a starting call answered. */
  follow<R, M>(started: unknown, options?: WatchOptions<R, M>): Watch<R, M>
}

/**
 * Turns started operations into their watches, merged; each started operation is what any client of Google's returned.
 *
 * ```
 * --started1----started2--------------------------------|
 *          track(client)
 * --Running1----Running2--Succeeded1--Running2--Succeeded2|
 * ```
 *
 * What the starting call answered is the first snapshot, with `attempt` 0; one that is done needs no request. The Left
 * is that of each watch, and `InvalidName` where what was started is no operation, or runs and has no name. Bad
 * options throw `InvalidOption` at once.
 *
 * @example
 * {@includeCode ../../examples/track-many.ts}
 */
export function follow<R = Json | undefined, M = Json>(
  client: FollowClient,
  options: WatchOptions<R, M> = {},
): (started: Observable<unknown>) => Watch<R, M> {
  watchSettings(options)
  return (started) => started.pipe(mergeMap((one) => client.follow<R, M>(one, options)))
}
