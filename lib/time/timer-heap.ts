/** An item of a {@link TimerHeap}. */
export interface HeapItem {
  /** The time when the item is due. */
  at: number
  /** The rank among items that are due at the same time, lowest first. */
  readonly order: number
  /** The index in the heap, or -1 if the item is not in it. Set by the heap. */
  index: number
}

/** A binary heap of items, ordered by due time. Each item stores its own index, so any item can be removed fast. */
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
    // The last item fills the gap of the removed item.
    const last = this.#items.pop()
    if (last !== undefined && last !== item) {
      this.#put(last, item.index)
      this.#siftUp(last)
      this.#siftDown(last)
    }
    item.index = -1
  }

  #put(item: T, index: number): void {
    this.#items[index] = item
    item.index = index
  }

  #siftUp(item: T): void {
    while (item.index > 0) {
      const parentIndex = (item.index - 1) >> 1
      const parent = this.#items[parentIndex]
      if (parent === undefined || isBefore(parent, item)) return
      this.#put(parent, item.index)
      this.#put(item, parentIndex)
    }
  }

  #siftDown(item: T): void {
    for (;;) {
      const left = this.#items[2 * item.index + 1]
      const right = this.#items[2 * item.index + 2]
      const earlierChild = right !== undefined && left !== undefined && isBefore(right, left) ? right : left
      if (earlierChild === undefined || isBefore(item, earlierChild)) return
      const { index: childIndex } = earlierChild
      this.#put(earlierChild, item.index)
      this.#put(item, childIndex)
    }
  }
}

function isBefore(a: HeapItem, b: HeapItem): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
