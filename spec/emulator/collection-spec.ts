import { expect } from 'chai'
import { createCollection } from '../../lib/emulator/collection.js'
import type { Stage } from '../../lib/emulator/timeline.js'

describe('emulator/collection', () => {
  const rows: readonly (readonly [Stage, string | undefined, boolean])[] = [
    ['pending', undefined, true],
    ['readable', 'thing', true],
    ['failed', undefined, false],
  ]
  for (const [stage, read, taken] of rows) {
    it(`should ${read ? '' : 'not '}give a resource that is ${stage}, whose key is ${taken ? 'taken' : 'free'}`, () => {
      const collection = createCollection<string>()
      collection.add(['a', 'b'], 'thing', () => stage)
      for (const key of ['a', 'b']) {
        expect([collection.read(key), collection.isTaken(key)], key).to.deep.equal([read, taken])
      }
      expect([collection.read('c'), collection.isTaken('c')]).to.deep.equal([undefined, false])
    })
  }
})
