import { Observable } from 'rxjs'

/** Who is told that a client was closed. */
export interface Closable {
  closed(): void
}

/** Ends all that listens to it, once. Not a Subject, whose listeners cost ten times as much: there may be many. */
export class Closing {
  readonly #listeners = new Set<Closable>()
  #isClosed = false

  /** Tells at once where it is closed already. */
  listen(listener: Closable): void {
    if (this.#isClosed) listener.closed()
    else this.#listeners.add(listener)
  }

  leave(listener: Closable): void {
    this.#listeners.delete(listener)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // Each once, though it may close again from there.
    for (const listener of this.#listeners) {
      this.#listeners.delete(listener)
      listener.closed()
    }
  }

  /** The same as an Observable, which emits then and completes. */
  readonly whenClosed: Observable<void> = new Observable((subscriber) => {
    const listener: Closable = {
      closed: () => {
        subscriber.next()
        subscriber.complete()
      },
    }
    this.listen(listener)
    return () => this.leave(listener)
  })
}
