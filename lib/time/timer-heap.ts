/** What stands in an {@link TimerHeap}. */
export interface HeapItem {
  /** When it is due. */
  at: number
  /** Which of two comes first that are due at one time: the lower. */
  readonly order: number
  /** Where it stands; -1 where it does not. The agenda's own. */
  index: number
}

/** Items by when they are due: a binary heap in which each knows its place, so that any of them can be taken out. */
export class TimerHeap<T extends HeapItem> {
  readonly #items: T[] = []

  /** The item that is due first. */
  get first(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    this.#put(item, this.#items.length)
    this.#siftUp(item)
  }

  remove(item: T): void {
    const last = this.#items.pop()
    if (last !== undefined && last !== item) {
      this.#put(last, item.index)
      this.#siftUp(last)
      this.#siftDown(last)
    }
    item.index = -1
  }

  #put(item: T, place: number): void {
    this.#items[place] = item
    item.index = place
  }

  #siftUp(item: T): void {
    while (item.index > 0) {
      const place = (item.index - 1) >> 1
      const parent = this.#items[place]
      if (parent === undefined || isBefore(parent, item)) return
      this.#put(parent, item.index)
      this.#put(item, place)
    }
  }

  #siftDown(item: T): void {
    for (;;) {
      const left = this.#items[2 * item.index + 1]
      const right = this.#items[2 * item.index + 2]
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || isBefore(item, child)) return
      const { index } = child
      this.#put(child, item.index)
      this.#put(item, index)
    }
  }
}

function isBefore(one: HeapItem, other: HeapItem): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
