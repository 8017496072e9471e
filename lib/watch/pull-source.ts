import { from, isObservable, type ObservableInput } from 'rxjs'

/** Who takes what is supplied. */
export interface Sink<A> {
  take(value: A): void
  end(): void
  fail(defect: unknown): void
}

/** Gives values one at a time, when they are asked for. */
export interface PullSource {
  /** Asks for one more value; it may come later, or never. */
  readonly pull: () => void
  readonly close: () => void
}

/**
 * Values from anything that an Observable can be made of, one for each time that one is asked for. What is iterated is
 * not read ahead, so that it may be endless; what pushes is kept until it is asked for.
 */
export function pullSource<A>(source: ObservableInput<A>, taker: Sink<A>): PullSource {
  if (!isObservable(source)) {
    if (Symbol.asyncIterator in source) return fromIterator(() => source[Symbol.asyncIterator](), taker)
    if (Symbol.iterator in source) return fromIterator(() => source[Symbol.iterator](), taker)
  }
  return fromPush(source, taker)
}

function fromIterator<A>(
  open: () => Iterator<A> | AsyncIterator<A>,
  { take, end, fail }: Sink<A>,
): PullSource {
  let iterator: Iterator<A> | AsyncIterator<A> | undefined
  let isOver = false
  let wanted = 0
  let isReading = false
  const read = (result: IteratorResult<A>): void => {
    if (isOver) return
    isOver = result.done === true
    if (result.done) end()
    else take(result.value)
  }
  const failed = (defect: unknown): void => {
    if (!isOver) fail(defect)
    isOver = true
  }
  const next = (): void => {
    // One at a time and in a loop: taking a value may ask for the next.
    while (wanted > 0 && !isReading && !isOver) {
      wanted--
      isReading = true
      try {
        iterator ??= open()
        const result = iterator.next()
        if ('then' in result) {
          void result.then(read, failed).then(() => {
            isReading = false
            next()
          })
          return
        }
        read(result)
      } catch (defect) {
        failed(defect)
      }
      isReading = false
    }
  }
  return {
    pull: () => {
      wanted++
      next()
    },
    close: () => {
      if (!isOver) void closeIterator(iterator)
      isOver = true
    },
  }
}

/** Nobody is left who could be told of what it throws. */
async function closeIterator(
  iterator: Iterator<unknown> | AsyncIterator<unknown> | undefined,
): Promise<void> {
  try {
    await iterator?.return?.()
  } catch {}
}

function fromPush<A>(source: ObservableInput<A>, { take, end, fail }: Sink<A>): PullSource {
  let kept: A[] = []
  let taken = 0
  let wanted = 0
  let isOver = false
  let isClosed = false
  let isTaking = false
  const give = (): void => {
    // In a loop: taking a value may ask for the next.
    if (isTaking || isClosed) return
    isTaking = true
    while (wanted > 0 && taken < kept.length && !isClosed) {
      wanted--
      take(kept[taken++] as A)
    }
    isTaking = false
    if (isClosed || taken < kept.length) return
    kept = []
    taken = 0
    if (isOver) end()
  }
  const subscription = from(source).subscribe({
    next: (value) => {
      kept.push(value)
      give()
    },
    error: fail,
    complete: () => {
      isOver = true
      give()
    },
  })
  return {
    pull: () => {
      wanted++
      give()
    },
    close: () => {
      isClosed = true
      kept = []
      subscription.unsubscribe()
    },
  }
}
