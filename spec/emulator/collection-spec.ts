import { expect } from 'chai'
import { createCollection } from '../../lib/emulator/resource-manager/collection.js'
import type { Stage } from '../../lib/emulator/script/timeline.js'

describe('emulator/resource-manager/collection', () => {
  const rows: readonly (readonly [Stage, string | undefined, boolean])[] = [
    ['pending', undefined, true],
    ['readable', 'thing', true],
    ['failed', undefined, false],
  ]
  for (const [stage, read, taken] of rows) {
    it(`should ${read ? '' : 'not '}return a ${stage} resource, with its key ${taken ? 'taken' : 'free'}`, () => {
      const collection = createCollection<string>()
      collection.add(['a', 'b'], 'thing', () => stage)
      for (const key of ['a', 'b']) {
        expect([collection.read(key), collection.isTaken(key)], key).to.deep.equal([read, taken])
      }
      expect([collection.read('c'), collection.isTaken('c')]).to.deep.equal([undefined, false])
    })
  }

  it('should change a resource when its operations succeed, in the order of the changes', () => {
    const collection = createCollection<string>()
    const stages: Stage[] = ['readable', 'pending', 'pending', 'pending']
    const at = (index: number) => (): Stage => stages[index] ?? 'failed'
    collection.add(['a', 'alias'], '0', at(0))
    for (const index of [1, 2, 3]) collection.change('a', (was) => `${was}${index}`, at(index))
    collection.change('absent', (was) => `${was}!`, at(0))
    expect([collection.read('a'), collection.readPending('alias')]).to.deep.equal(['0', '0123'])
    stages[3] = 'readable'
    stages[2] = 'failed'
    expect([collection.read('alias'), collection.readPending('a')]).to.deep.equal(['03', '013'])
    stages[1] = 'readable'
    expect(collection.read('a')).to.equal('013')
    expect(collection.read('absent')).to.equal(undefined)
  })

  it('should remove a resource and free its key when the operation succeeds', () => {
    const collection = createCollection<string>()
    let stage: Stage = 'pending'
    collection.add(['a'], 'first', () => 'readable')
    collection.add(['b'], 'second', () => 'readable')
    collection.change(
      'a',
      () => undefined,
      () => stage,
    )
    expect([collection.read('a'), collection.readPending('a'), collection.isTaken('a')]).to.deep.equal([
      'first',
      undefined,
      true,
    ])
    stage = 'readable'
    expect([collection.read('a'), collection.isTaken('a')]).to.deep.equal([undefined, false])
    collection.add(['a'], 'third', () => 'readable')
    expect([collection.read('a'), collection.isTaken('a')]).to.deep.equal(['third', true])
    expect(collection.all()).to.deep.equal([
      { number: 2, item: 'second' },
      { number: 3, item: 'third' },
    ])
  })

  it('should replace a resource when the operation succeeds, and return the previous one until then', () => {
    const collection = createCollection<string>()
    let stage: Stage = 'pending'
    collection.put('a', 'first', () => 'readable')
    collection.put('a', 'second', () => stage)
    expect([collection.read('a'), collection.readPending('a')]).to.deep.equal(['first', 'second'])
    stage = 'readable'
    expect(collection.all()).to.deep.equal([{ number: 1, item: 'second' }])
  })
})
