import { from, isObservable, type ObservableInput, type Observer } from 'rxjs'

/** A source that sends one value to its observer for each call of `pull`. */
export interface PullSource {
  /** Requests one more value. The observer may receive the value later, or never. */
  readonly pull: () => void
  readonly close: () => void
}

/**
 * Creates a pull source from an ObservableInput. Reads a value of an iterable only when it is requested, because the
 * iterable may be endless. Buffers the values of other inputs until they are requested.
 */
export function pullSource<A>(input: ObservableInput<A>, observer: Observer<A>): PullSource {
  if (!isObservable(input)) {
    if (Symbol.asyncIterator in input) return fromIterator(() => input[Symbol.asyncIterator](), observer)
    if (Symbol.iterator in input) return fromIterator(() => input[Symbol.iterator](), observer)
  }
  return fromPushInput(input, observer)
}

type AnyIterator<A> = Iterator<A> | AsyncIterator<A>

function fromIterator<A>(open: () => AnyIterator<A>, { next, complete, error }: Observer<A>): PullSource {
  let iterator: AnyIterator<A> | undefined
  let isDone = false
  let requestedCount = 0
  let isReading = false
  const onResult = (result: IteratorResult<A>): void => {
    if (isDone) return
    isDone = result.done === true
    if (result.done) complete()
    else next(result.value)
  }
  const onError = (reason: unknown): void => {
    if (!isDone) error(reason)
    isDone = true
  }
  const read = (): void => {
    // The observer may call `pull` when it receives a value. The loop handles such calls without recursion.
    while (requestedCount > 0 && !isReading && !isDone) {
      requestedCount--
      isReading = true
      try {
        iterator ??= open()
        const result = iterator.next()
        if ('then' in result) {
          void result.then(onResult, onError).then(() => {
            isReading = false
            read()
          })
          return
        }
        onResult(result)
      } catch (reason) {
        onError(reason)
      }
      isReading = false
    }
  }
  return {
    pull: () => {
      requestedCount++
      read()
    },
    close: () => {
      if (!isDone) void closeIterator(iterator)
      isDone = true
    },
  }
}

/** Closes an iterator. Ignores errors, because the observer has already unsubscribed. */
async function closeIterator(iterator: AnyIterator<unknown> | undefined): Promise<void> {
  try {
    await iterator?.return?.()
  } catch {}
}

function fromPushInput<A>(input: ObservableInput<A>, { next, complete, error }: Observer<A>): PullSource {
  let buffer: A[] = []
  let nextIndex = 0
  let requestedCount = 0
  let isComplete = false
  let isClosed = false
  let isDraining = false
  const drain = (): void => {
    // The observer may call `pull` when it receives a value. The loop handles such calls without recursion.
    if (isDraining || isClosed) return
    isDraining = true
    while (requestedCount > 0 && nextIndex < buffer.length && !isClosed) {
      requestedCount--
      next(buffer[nextIndex++] as A)
    }
    isDraining = false
    if (isClosed || nextIndex < buffer.length) return
    buffer = []
    nextIndex = 0
    if (isComplete) complete()
  }
  const subscription = from(input).subscribe({
    next: (value) => {
      buffer.push(value)
      drain()
    },
    error,
    complete: () => {
      isComplete = true
      drain()
    },
  })
  return {
    pull: () => {
      requestedCount++
      drain()
    },
    close: () => {
      isClosed = true
      buffer = []
      subscription.unsubscribe()
    },
  }
}
