import type { Observable, Subscription } from 'rxjs'

/**
 * Returns an AsyncIterable of the values of a source. Each loop subscribes when it requests its first value.
 *
 * ```
 * --a--b--c--d|
 *          for await, with a slow loop body
 * --a--------d|
 * ```
 *
 * If a loop is slower than the source, it receives only the latest value, so that no memory is needed for the others.
 * The last value is never replaced. An error is thrown after the latest value. `break` unsubscribes at once.
 */
export function iterate<A>(source: Observable<A>): AsyncIterable<A> {
  return { [Symbol.asyncIterator]: () => new LatestValueIterator(source) }
}

/** A call of `next` without a result. */
interface Request<A> {
  readonly resolve: (result: IteratorResult<A, undefined>) => void
  readonly reject: (error: unknown) => void
}

// Not an async generator, whose `return` waits until the current value has been emitted.
class LatestValueIterator<A> implements AsyncIterator<A, undefined> {
  readonly #source: Observable<A>
  readonly #requests: Request<A>[] = []
  #subscription: Subscription | undefined
  #latest: { readonly value: A } | undefined
  #failure: { readonly error: unknown } | undefined
  #isEnded = false

  constructor(source: Observable<A>) {
    this.#source = source
  }

  next(): Promise<IteratorResult<A, undefined>> {
    const result = new Promise<IteratorResult<A, undefined>>((resolve, reject) => {
      this.#requests.push({ resolve, reject })
    })
    if (!this.#isEnded)
      this.#subscription ??= this.#source.subscribe({
        next: (value) => {
          this.#latest = { value }
          this.#respond()
        },
        error: (error: unknown) => {
          this.#failure = { error }
          this.#end()
        },
        complete: () => this.#end(),
      })
    this.#respond()
    return result
  }

  return(): Promise<IteratorReturnResult<undefined>> {
    this.#subscription?.unsubscribe()
    this.#latest = undefined
    this.#failure = undefined
    this.#end()
    return Promise.resolve({ done: true, value: undefined })
  }

  #end(): void {
    this.#isEnded = true
    this.#respond()
  }

  /** Responds to the waiting requests as far as possible. */
  #respond(): void {
    while (this.#latest !== undefined || this.#isEnded) {
      const request = this.#requests.shift()
      if (request === undefined) return
      if (this.#latest !== undefined) request.resolve({ done: false, value: this.#latest.value })
      else if (this.#failure !== undefined) request.reject(this.#failure.error)
      else request.resolve({ done: true, value: undefined })
      if (this.#latest === undefined) this.#failure = undefined
      this.#latest = undefined
    }
  }
}
