/** What stands in an {@link Agenda}. */
export interface Item {
  /** When it is due. */
  at: number
  /** Which of two comes first that are due at one time: the lower. */
  readonly order: number
  /** Where it stands; -1 where it does not. The agenda's own. */
  place: number
}

/** Items by when they are due: a binary heap in which each knows its place, so that any of them can be taken out. */
export class Agenda<T extends Item> {
  readonly #items: T[] = []

  /** The item that is due first. */
  get first(): T | undefined {
    return this.#items[0]
  }

  add(item: T): void {
    this.#put(item, this.#items.length)
    this.#rise(item)
  }

  remove(item: T): void {
    const last = this.#items.pop()
    if (last !== undefined && last !== item) {
      this.#put(last, item.place)
      this.#rise(last)
      this.#sink(last)
    }
    item.place = -1
  }

  #put(item: T, place: number): void {
    this.#items[place] = item
    item.place = place
  }

  #rise(item: T): void {
    while (item.place > 0) {
      const place = (item.place - 1) >> 1
      const parent = this.#items[place]
      if (parent === undefined || isBefore(parent, item)) return
      this.#put(parent, item.place)
      this.#put(item, place)
    }
  }

  #sink(item: T): void {
    for (;;) {
      const left = this.#items[2 * item.place + 1]
      const right = this.#items[2 * item.place + 2]
      const child = right !== undefined && left !== undefined && isBefore(right, left) ? right : left
      if (child === undefined || isBefore(item, child)) return
      const { place } = child
      this.#put(child, item.place)
      this.#put(item, place)
    }
  }
}

function isBefore(one: Item, other: Item): boolean {
  return one.at < other.at || (one.at === other.at && one.order < other.order)
}
