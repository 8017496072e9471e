import type { Either } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { EMPTY, firstValueFrom, map, merge, mergeMap, type Observable, of, throwIfEmpty } from 'rxjs'
import { isLeft, left, right } from '../model/either.js'
import type { Operation, Succeeded } from '../model/operation.js'
import { type AbortSignalLike, whenAborted } from '../time/abort-signal.js'

/** Options of {@link toTaskEither}. */
export interface ToTaskEitherOptions {
  /** Unsubscribes from the watch when it is aborted; the Promise is then rejected with its `reason`, as by `fetch`. */
  readonly signal?: AbortSignalLike | undefined
}

/**
 * Makes of a watch a TaskEither of its last word; each run of it subscribes anew.
 *
 * The Left is whatever the watch ended with. The Promise is rejected only where there is no last word: by a defect, or
 * when the watch was aborted.
 *
 * @example
 * {@includeCode ../../examples/as-a-task.ts}
 */
export function toTaskEither<E, R, M>(
  watch: Observable<Either<E, Operation<R, M>>>,
  { signal }: ToTaskEitherOptions = {},
): TaskEither<E, Succeeded<R, M>> {
  return () => {
    const last = watch.pipe(
      mergeMap((word): Observable<Either<E, Succeeded<R, M>>> => {
        if (isLeft(word)) return of(left(word.left))
        return word.right.done ? of(right(word.right)) : EMPTY
      }),
      throwIfEmpty(() => new Error('the watch was completed before its last word')),
    )
    if (signal === undefined) return firstValueFrom(last)
    const abort = whenAborted(signal).pipe(
      map(() => {
        throw signal.reason ?? new Error('aborted')
      }),
    )
    return firstValueFrom(merge(abort, last))
  }
}
