import { isDeepStrictEqual } from 'node:util'
import { defer, distinctUntilChanged, EMPTY, mergeMap, type Observable, of } from 'rxjs'
import { InvalidOption } from '../messages/invalid-option.js'
import { isLeft } from '../model/either.js'
import type { AnyEmission, MetadataOf } from '../model/operation.js'
import { progressFraction } from '../polling/progress-fraction.js'

/** Options of {@link progress}. */
export interface ProgressOptions {
  /**
   * Whether to emit the progress as a number from 0 to 1 instead of the metadata.
   * @defaultValue false
   */
  readonly fraction?: boolean | undefined
}

/**
 * Emits the metadata of a watch each time the metadata has changed, including the metadata of a Left. Completes when
 * the watch completes.
 *
 * ```
 * --Running(a)--Running(a)--Running(b)--Succeeded(b)|
 *          progress()
 * --a-----------------------b-----------------------|
 * ```
 *
 * @example
 * {@includeCode ../../examples/show-progress.ts}
 */
export function progress(options?: {
  readonly fraction?: false | undefined
}): <A extends AnyEmission>(watch: Observable<A>) => Observable<MetadataOf<A>>

/**
 * Emits the progress of a watch from 0 to 1 each time the number has changed. Emits nothing for metadata without a
 * known number. A decoder of the metadata must keep the members that contain the number.
 *
 * ```
 * --Running(20 %)--Running(20 %)--Running(60 %)--Succeeded(90 %)|
 *          progress({ fraction: true })
 * --0.2---------------------------0.6------------1--------------|
 * ```
 *
 * If an operation with a known number succeeds, the last value is 1, because some services do not report the last steps.
 *
 * @example
 * {@includeCode ../../examples/show-fraction.ts}
 */
export function progress(options: {
  readonly fraction: true
}): (watch: Observable<AnyEmission>) => Observable<number>

export function progress({ fraction = false }: ProgressOptions = {}) {
  if (typeof fraction !== 'boolean') throw new InvalidOption('fraction', 'true or false', fraction)
  return (watch: Observable<AnyEmission>): Observable<never> =>
    defer(() => {
      let hasFraction = false
      return watch.pipe(
        mergeMap((emission): Observable<never> => {
          // Not every OperationError has metadata. If present, it has the same type as the metadata of the operation.
          const { metadata, done } = Object(isLeft(emission) ? emission.left : emission.right)
          const known = fraction ? progressFraction(metadata) : metadata
          hasFraction ||= fraction && known !== undefined
          const value = hasFraction && done === true ? 1 : known
          return value === undefined ? EMPTY : of<never>(value as never)
        }),
        distinctUntilChanged<never>(isDeepStrictEqual),
      )
    })
}
