import { expect } from 'chai'
import { Collection } from '../../lib/emulator/resource-manager/collection.js'
import type { Stage } from '../../lib/emulator/script/timeline.js'

describe('emulator/resource-manager/collection', () => {
  const rows: readonly (readonly [Stage, string | undefined, boolean])[] = [
    ['pending', undefined, true],
    ['visible', 'thing', true],
    ['failed', undefined, false],
  ]
  for (const [stage, item, isTaken] of rows) {
    it(`should ${item ? '' : 'not '}return a resource, and have a ${isTaken ? 'taken' : 'free'} key, if the stage of the resource is ${stage}`, () => {
      const collection = new Collection<string>()
      collection.put(['a', 'b'], 'thing', () => stage)
      for (const key of ['a', 'b']) {
        expect([collection.read(key), collection.isTaken(key)], key).to.deep.equal([item, isTaken])
      }
      expect([collection.read('c'), collection.isTaken('c')]).to.deep.equal([undefined, false])
    })
  }

  it('should apply changes in their order when the operations succeed', () => {
    const collection = new Collection<string>()
    const stages: Stage[] = ['visible', 'pending', 'pending', 'pending']
    const stageAt = (index: number) => (): Stage => stages[index] ?? 'failed'
    collection.put(['a', 'alias'], '0', stageAt(0))
    for (const index of [1, 2, 3]) collection.change('a', (previous) => `${previous}${index}`, stageAt(index))
    collection.change('absent', (previous) => `${previous}!`, stageAt(0))
    expect([collection.read('a'), collection.readWithPending('alias')]).to.deep.equal(['0', '0123'])
    stages[3] = 'visible'
    stages[2] = 'failed'
    expect([collection.read('alias'), collection.readWithPending('a')]).to.deep.equal(['03', '013'])
    stages[1] = 'visible'
    expect(collection.read('a')).to.equal('013')
    expect(collection.read('absent')).to.equal(undefined)
  })

  it('should remove a resource and free its key when the operation succeeds', () => {
    const collection = new Collection<string>()
    let stage: Stage = 'pending'
    collection.put(['a'], 'first', () => 'visible')
    collection.put(['b'], 'second', () => 'visible')
    collection.change(
      'a',
      () => undefined,
      () => stage,
    )
    expect([collection.read('a'), collection.readWithPending('a'), collection.isTaken('a')]).to.deep.equal([
      'first',
      undefined,
      true,
    ])
    stage = 'visible'
    expect([collection.read('a'), collection.isTaken('a')]).to.deep.equal([undefined, false])
    collection.put(['a'], 'third', () => 'visible')
    expect([collection.read('a'), collection.isTaken('a')]).to.deep.equal(['third', true])
    expect(collection.all()).to.deep.equal([
      { number: 2, item: 'second' },
      { number: 3, item: 'third' },
    ])
  })

  it('should return the resources under a parent, with pending changes if required', () => {
    const collection = new Collection<{ readonly id: string; readonly parent?: string }>(
      ({ parent }) => parent,
    )
    const stages: Stage[] = ['pending', 'pending', 'pending']
    const stageAt = (index: number) => (): Stage => stages[index] ?? 'failed'
    const ids = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).join('')
    const visibleIds = (parent?: string) => ids(collection.all(parent).map(({ item }) => item))
    collection.put(['a'], { id: 'a', parent: 'p' }, () => 'visible')
    collection.put(['b'], { id: 'b', parent: 'p' }, stageAt(0))
    collection.put(['c'], { id: 'c' }, () => 'visible')
    collection.change('a', (item) => ({ ...item, parent: 'q' }), stageAt(1))
    collection.change('c', () => undefined, stageAt(2))
    expect([visibleIds('p'), visibleIds('q'), visibleIds()]).to.deep.equal(['a', '', 'ac'])
    expect([
      ids(collection.childrenWithPending('p')),
      ids(collection.childrenWithPending('q')),
    ]).to.deep.equal(['b', 'a'])
    stages.fill('visible')
    expect([visibleIds('p'), visibleIds('q'), visibleIds()]).to.deep.equal(['b', 'a', 'ab'])
    stages.fill('failed')
    expect([visibleIds('p'), visibleIds('q'), visibleIds()]).to.deep.equal(['a', '', 'ac'])
    expect([
      ids(collection.childrenWithPending('p')),
      ids(collection.childrenWithPending('q')),
    ]).to.deep.equal(['a', ''])
    collection.put(['d'], { id: 'd', parent: 'q' }, () => 'visible')
    collection.put(['d'], { id: 'd', parent: 'p' }, () => 'visible')
    expect([visibleIds('p'), visibleIds('q')]).to.deep.equal(['ad', ''])
  })

  it('should replace a resource when the operation succeeds, and return the previous one until then', () => {
    const collection = new Collection<string>()
    let stage: Stage = 'pending'
    collection.put(['a'], 'first', () => 'visible')
    collection.put(['a'], 'second', () => stage)
    expect([collection.read('a'), collection.readWithPending('a')]).to.deep.equal(['first', 'second'])
    stage = 'visible'
    expect(collection.all()).to.deep.equal([{ number: 1, item: 'second' }])
  })
})
