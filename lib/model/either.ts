import type { Either, Left, Right } from 'fp-ts/lib/Either.js'

export type { Either, Left, Right } from 'fp-ts/lib/Either.js'

// fp-ts creates equal values, but its module loads ten other modules. That took a third of the import time of this
// package.

/** Returns an fp-ts `Left` with an error. */
export function left<E>(error: E): Either<E, never> {
  return { _tag: 'Left', left: error }
}

/** Returns an fp-ts `Right` with a value. */
export function right<A>(value: A): Either<never, A> {
  return { _tag: 'Right', right: value }
}

/** Returns whether an fp-ts `Either` is a `Left`. */
export function isLeft<E>(either: Either<E, unknown>): either is Left<E> {
  return either._tag === 'Left'
}

// Indexed access types, because TypeScript shows their result. It shows a conditional type as its alias and arguments.

/** The type of the errors in a union of `Left` and `Right`. */
export type LeftOf<A> = Extract<A, Left<unknown>>['left']

/** The type of the values in a union of `Left` and `Right`. */
export type RightOf<A> = Extract<A, Right<unknown>>['right']
