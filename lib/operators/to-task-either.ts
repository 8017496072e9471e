import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { EMPTY, firstValueFrom, map, merge, mergeMap, type Observable, of, throwIfEmpty } from 'rxjs'
import { type Either, isLeft, left, right } from '../model/either.js'
import type { Operation, Succeeded } from '../model/operation.js'
import { type AbortSignalLike, whenAborted } from '../time/abort-signal.js'

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
export function toTaskEither<E, R, M>(
  watch: Observable<Either<E, Operation<R, M>>>,
  { signal }: ToTaskEitherOptions = {},
): TaskEither<E, Succeeded<R, M>> {
  return () => {
    const finalResult = watch.pipe(
      mergeMap((emission): Observable<Either<E, Succeeded<R, M>>> => {
        if (isLeft(emission)) return of(left(emission.left))
        return emission.right.done ? of(right(emission.right)) : EMPTY
      }),
      throwIfEmpty(() => new Error('the watch completed without a final result')),
    )
    if (signal === undefined) return firstValueFrom(finalResult)
    const throwWhenAborted = whenAborted(signal).pipe(
      map(() => {
        throw signal.reason ?? new Error('aborted')
      }),
    )
    return firstValueFrom(merge(throwWhenAborted, finalResult))
  }
}
