import {
  catchError,
  defer,
  exhaustMap,
  first,
  interval,
  map,
  merge,
  type Observable,
  type ObservableInput,
  of,
  partition,
  startWith,
  tap,
} from 'rxjs'
import { now } from '../time/clock.js'
import { durationText } from './duration.js'

/** The time between two checks whether Redis is available again, in milliseconds. */
const CHECK_INTERVAL = 1_000

/**
 * Emits a message when an outage of Redis begins, and its length when Redis is available again. Each failed reconnection
 * causes an error, so further errors during the outage are not emitted. Emits the message of every other error.
 */
export function outageMessages(
  errors: Observable<Error>,
  check: () => ObservableInput<unknown>,
): Observable<string> {
  let lastErrorAt = 0
  const [outageErrors, otherErrors] = partition(errors, ({ name }) => name === 'RedisUnavailable')
  const isAvailable = (): Observable<boolean> => {
    const checkedAt = now()
    return defer(check).pipe(
      // Redis may accept the check and reject the commands of the worker, for example if its memory is full.
      map(() => lastErrorAt < checkedAt - 2 * CHECK_INTERVAL),
      catchError(() => of(false)),
    )
  }
  const outages = outageErrors.pipe(
    tap(() => (lastErrorAt = now())),
    exhaustMap(({ message }) => {
      const startedAt = now()
      return interval(CHECK_INTERVAL).pipe(
        exhaustMap(isAvailable),
        first(Boolean),
        map(() => `Redis is available again, after ${durationText(now() - startedAt)}`),
        startWith(`${message}; waiting`),
      )
    }),
  )
  return merge(outages, otherErrors.pipe(map(({ message }) => message)))
}
