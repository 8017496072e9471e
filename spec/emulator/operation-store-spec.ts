import { expect } from 'chai'
import { createOperations } from '../../lib/emulator/operations/operation-store.js'

describe('emulator/operations/operation-store', () => {
  const names = [
    'operations/cp.1',
    'operations/a/b/c',
    'operations/a%2Fb',
    'operations/été',
    'projects/p/locations/l/operations/x',
    'projects/p/operations/operations',
    'transferOperations/a',
    'batches/a',
  ]
  for (const name of names) {
    it(`should accept the name ${name}`, () => {
      const operations = createOperations(() => 0)
      operations.add(name, [{}])
      expect(operations.names()).to.deep.equal([name])
    })
  }

  const rejected = [
    '',
    'operations',
    'operations/',
    '/operations/a',
    'operations//a',
    'operations/.',
    'operations/../projects/a',
    'operations/a b',
    'operations/a\u0000',
    'operations/a?b',
    'operations/a#b',
    'operations/a\\b',
    'operations/a%41',
    'projects/p',
    'projects/p/operations',
    'batches',
    'projects/p/batches/a',
  ]
  for (const name of rejected) {
    it(`should reject the name ${JSON.stringify(name)}`, () => {
      const operations = createOperations(() => 0)
      expect(() => operations.add(name, [{}])).to.throw(
        RangeError,
        /^the name of an operation must be operations\/ID, PARENT\/operations\/ID or batches\/ID, .*, got '/,
      )
      expect(operations.names()).to.deep.equal([])
    })
  }

  it('should reject a name that is taken, and keep the existing operation', () => {
    const operations = createOperations(() => 0)
    operations.add('operations/a', [{ metadata: 1 }])
    expect(() => operations.add('operations/a', [{ metadata: 2 }])).to.throw(
      RangeError,
      'the operation operations/a already exists',
    )
    expect(operations.get('operations/a')?.frames).to.deep.equal([{ metadata: 1 }])
  })

  it('should count each poll, and return the frame of the poll', () => {
    let time = 50
    const operations = createOperations(() => time)
    operations.add('operations/a', [{}, { polls: 2, metadata: 2 }, { after: 10, done: true }])
    expect(operations.poll('operations/a')?.frame).to.deep.equal({})
    expect(operations.poll('operations/a')?.frame).to.deep.equal({ polls: 2, metadata: 2 })
    time = 60
    expect(operations.poll('operations/a')?.frame).to.deep.equal({ after: 10, done: true })
    expect(operations.polls('operations/a')).to.equal(3)
    expect(operations.get('operations/a')).to.deep.include({ name: 'operations/a', startedAt: 50, polls: 3 })
  })

  it('should return undefined, 0 or false if the name is unknown', () => {
    const operations = createOperations(() => 0)
    expect(operations.poll('operations/a')).to.equal(undefined)
    expect(operations.get('operations/a')).to.equal(undefined)
    expect(operations.polls('operations/a')).to.equal(0)
    expect(operations.forget('operations/a')).to.equal(false)
  })

  it('should free the name of a removed operation, and still return the stage of the operation', () => {
    let time = 0
    const operations = createOperations(() => time)
    const { currentStage: stage } = operations.start('operations/a', [{}, { after: 10, done: true }])
    expect(operations.forget('operations/a')).to.equal(true)
    expect(operations.poll('operations/a')).to.equal(undefined)
    operations.add('operations/a', [{}])
    expect(stage()).to.equal('pending')
    time = 10
    expect(stage()).to.equal('visible')
  })

  it('should return copies of operations that do not change, and remove all operations with clear()', () => {
    const operations = createOperations(() => 0)
    const frames = [{ metadata: 1 }]
    operations.add('operations/b', frames)
    operations.add('operations/a', [{}])
    frames.pop()
    const copy = operations.get('operations/b')
    operations.poll('operations/b')
    expect(copy).to.deep.include({ frames: [{ metadata: 1 }], polls: 0 })
    expect(operations.names()).to.deep.equal(['operations/b', 'operations/a'])
    operations.clear()
    expect(operations.names()).to.deep.equal([])
  })

  it('should return one operation, or the operations of a parent in order, without counting a poll', () => {
    let time = 0
    const operations = createOperations(() => time)
    operations.add('projects/p/operations/b', [{}, { after: 10, done: true }, { polls: 2, stall: true }])
    operations.add('projects/p2/operations/c', [{}])
    operations.add('projects/p/operations/a', [{}])
    time = 4
    expect(operations.peek('projects/p/operations/b')).to.deep.include({
      name: 'projects/p/operations/b',
      frame: {},
      underlying: {},
      timeToNext: 6,
    })
    expect(operations.peek('projects/p/operations/no')).to.equal(undefined)
    expect(operations.polls('projects/p/operations/b')).to.equal(0)
    const listed = operations.list('projects/p/operations').map(({ number, name }) => [number, name])
    expect(listed).to.deep.equal([
      [1, 'projects/p/operations/b'],
      [3, 'projects/p/operations/a'],
    ])
  })

  it('should cancel a running operation, and set its stage to failed', () => {
    const operations = createOperations(() => 0)
    const { currentStage: stage } = operations.start('operations/a', [
      { metadata: { '@type': 'a/b' } },
      { after: 5, done: true },
    ])
    operations.add('operations/b', [{ done: true }])
    expect(['operations/a', 'operations/b', 'operations/c'].map(operations.cancel)).to.deep.equal([
      true,
      true,
      false,
    ])
    const error = { code: 1, message: 'The operation was cancelled.' }
    expect(operations.poll('operations/a')?.frame).to.deep.equal({
      metadata: { '@type': 'a/b' },
      done: true,
      error,
    })
    expect(stage()).to.equal('failed')
    expect(operations.poll('operations/b')?.frame).to.deep.equal({ done: true })
  })

  it('should emit only the names of polled, cancelled and removed operations', () => {
    const operations = createOperations(() => 0)
    const changed: string[] = []
    operations.changes.subscribe((name) => changed.push(name))
    for (const id of ['a', 'b', 'c', 'd']) operations.add(`operations/${id}`, [{}])
    operations.poll('operations/a')
    operations.cancel('operations/b')
    operations.cancel('operations/b')
    operations.forget('operations/c')
    operations.forget('operations/c')
    operations.poll('operations/c')
    expect(changed).to.deep.equal(['operations/a', 'operations/b', 'operations/c'])
    operations.clear()
    expect(changed.slice(3)).to.deep.equal(['operations/a', 'operations/b', 'operations/d'])
  })
})
