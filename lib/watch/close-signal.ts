import { Observable } from 'rxjs'
import type { ClientClosed } from '../model/operation-error.js'

/** A listener that a {@link CloseSignal} calls once. */
export interface CloseListener {
  onClose(): void
}

/** Calls each listener once when a client is closed. A Subject would need ten times the memory for each listener. */
export class CloseSignal {
  readonly #listeners = new Set<CloseListener>()
  #isClosed = false

  /** Adds a listener, or calls it immediately if the client is already closed. */
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
    for (const listener of this.#listeners) {
      this.#listeners.delete(listener)
      listener.onClose()
    }
  }

  /** Emits and completes when the client is closed. */
  readonly whenClosed: Observable<Pick<ClientClosed, '_tag'>> = new Observable((subscriber) => {
    const listener: CloseListener = {
      onClose: () => {
        subscriber.next({ _tag: 'ClientClosed' })
        subscriber.complete()
      },
    }
    this.listen(listener)
    return () => this.unlisten(listener)
  })
}
