import { Observable } from 'rxjs'

/** Who is told that a client was closed. */
export interface CloseListener {
  onClose(): void
}

/** Ends all that listens to it, once. Not a Subject, whose listeners cost ten times as much: there may be many. */
export class CloseSignal {
  readonly #listeners = new Set<CloseListener>()
  #isClosed = false

  /** Tells at once where it is closed already. */
  listen(listener: CloseListener): void {
    if (this.#isClosed) listener.onClose()
    else this.#listeners.add(listener)
  }

  unlisten(listener: CloseListener): void {
    this.#listeners.delete(listener)
  }

  close(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    // Each once, though it may close again from there.
    for (const listener of this.#listeners) {
      this.#listeners.delete(listener)
      listener.onClose()
    }
  }

  /** The same as an Observable, which emits then and completes. */
  readonly whenClosed: Observable<void> = new Observable((subscriber) => {
    const listener: CloseListener = {
      onClose: () => {
        subscriber.next()
        subscriber.complete()
      },
    }
    this.listen(listener)
    return () => this.unlisten(listener)
  })
}
