import { expect } from 'chai'
import { type HeapItem, TimerHeap } from '../../lib/time/timer-heap.js'

describe('time/timer-heap', () => {
  it('should return the item that is due first after any additions and removals', () => {
    // A Lehmer generator, so that each run has the same numbers.
    let seed = 7
    const random = (below: number): number => {
      seed = (seed * 48_271) % 2_147_483_647
      return seed % below
    }
    const heap = new TimerHeap<HeapItem>()
    const items: HeapItem[] = []
    for (let step = 0; step < 2_000; step++) {
      if (items.length === 0 || random(3) > 0) {
        const item = { at: random(1_000), order: step, index: -1 }
        heap.add(item)
        items.push(item)
      } else {
        const [item] = items.splice(random(items.length), 1)
        if (item) heap.remove(item)
        expect(item?.index).to.equal(-1)
      }
      expect(heap.first?.at).to.equal(items.length === 0 ? undefined : Math.min(...items.map(({ at }) => at)))
    }
  })
})
