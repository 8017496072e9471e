import type { Either, Left } from 'fp-ts/lib/Either.js'

// fp-ts's own module makes the same values, and loads ten others to do so: a third of what importing this package took.

/** An `Either` of fp-ts that holds an error. */
export function left<E>(error: E): Either<E, never> {
  return { _tag: 'Left', left: error }
}

/** An `Either` of fp-ts that holds a value. */
export function right<A>(value: A): Either<never, A> {
  return { _tag: 'Right', right: value }
}

/** Whether an `Either` of fp-ts holds an error. */
export function isLeft<E>(either: Either<E, unknown>): either is Left<E> {
  return either._tag === 'Left'
}
