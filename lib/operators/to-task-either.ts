import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { filter, firstValueFrom, type Observable, throwIfEmpty } from 'rxjs'
import type { LeftOf } from '../model/either.js'
import type { AnyEmission, SucceededOf } from '../model/operation.js'
import { isFinal } from '../polling/emission.js'
import { type AbortSignalLike, throwWhenAborted } from '../time/abort-signal.js'

/** Options of {@link toTaskEither}. */
export interface ToTaskEitherOptions {
  /**
   * When the signal is aborted, unsubscribes from the watch and rejects the Promise with the `reason` of the signal, as
   * `fetch` does.
   */
  readonly signal?: AbortSignalLike | undefined
}

/**
 * Converts a watch to a TaskEither of its final result. Each run of the task subscribes to the watch.
 *
 * ```
 * --Running--Running--Succeeded|
 *          toTaskEither(watch)()
 * Promise of Right(Succeeded), or of the Left of the watch
 * ```
 *
 * The Promise rejects only if there is no final result: after a defect (an unexpected exception), or if the watch is
 * aborted.
 *
 * @example
 * {@includeCode ../../examples/as-a-task.ts}
 */
export function toTaskEither<A extends AnyEmission>(
  watch: Observable<A>,
  { signal }: ToTaskEitherOptions = {},
): TaskEither<LeftOf<A>, SucceededOf<A>> {
  return () => {
    const finalResult = throwWhenAborted(watch, signal).pipe(
      filter(isFinal),
      throwIfEmpty(() => new Error('the watch completed without a final result')),
    )
    // The compiler cannot prove the type of the result, because it depends on A.
    return firstValueFrom(finalResult as Observable<never>)
  }
}
