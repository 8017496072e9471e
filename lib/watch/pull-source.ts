import { from, isObservable, type ObservableInput, type Observer } from 'rxjs'

/** A source that sends one value to its observer for each request. */
export interface PullSource {
  /** Requests one value, unless a requested value has not arrived yet. The observer may receive it later, or never. */
  readonly pull: () => void
  readonly close: () => void
}

/**
 * Creates a pull source from an ObservableInput. Reads a value of an iterable only when it is requested, because the
 * iterable may be endless. Buffers the values of other inputs until they are requested.
 */
export function pullSource<A>(input: ObservableInput<A>, { next, complete, error }: Observer<A>): PullSource {
  let reader: Reader<A> | undefined
  let isRequested = false
  let isReading = false
  let isEnded = false
  const onResult = (result: IteratorResult<A>): void => {
    if (isEnded) return
    isRequested = false
    isEnded = result.done === true
    if (result.done) complete()
    else next(result.value)
  }
  const onError = (reason: unknown): void => {
    if (!isEnded) error(reason)
    isEnded = true
  }
  const read = (): void => {
    if (isReading) return
    isReading = true
    // The observer may call `pull` when it receives a value. The loop handles such calls without recursion.
    while (isRequested && !isEnded) {
      try {
        reader ??= readerOf(input, read, onError)
        const result = reader.next()
        if (result === null) break
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
    }
    isReading = false
  }
  return {
    pull: () => {
      isRequested = true
      read()
    },
    close: () => {
      if (!isEnded) void closeReader(reader)
      isEnded = true
    },
  }
}

/** An iterator whose `next` may also return null, if it has no value yet. */
interface Reader<A> {
  next(): IteratorResult<A> | Promise<IteratorResult<A>> | null
  return?(): unknown
}

/** Returns the iterator of an iterable, or a reader of the buffered values of another input. */
function readerOf<A>(
  input: ObservableInput<A>,
  onChange: () => void,
  onError: (reason: unknown) => void,
): Reader<A> {
  if (!isObservable(input)) {
    if (Symbol.asyncIterator in input) return input[Symbol.asyncIterator]()
    if (Symbol.iterator in input) return input[Symbol.iterator]()
  }
  let buffer: A[] = []
  let nextIndex = 0
  let isComplete = false
  const subscription = from(input).subscribe({
    next: (value) => {
      buffer.push(value)
      onChange()
    },
    error: onError,
    complete: () => {
      isComplete = true
      onChange()
    },
  })
  return {
    next: () => {
      if (nextIndex < buffer.length) return { done: false, value: buffer[nextIndex++] as A }
      buffer = []
      nextIndex = 0
      return isComplete ? { done: true, value: undefined } : null
    },
    return: () => subscription.unsubscribe(),
  }
}

/** Closes a reader. Ignores errors, because the observer has already unsubscribed. */
async function closeReader(reader: Reader<unknown> | undefined): Promise<void> {
  try {
    await reader?.return?.()
  } catch {}
}
