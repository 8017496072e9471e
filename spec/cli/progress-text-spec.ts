import { expect } from 'chai'
import { progressText } from '../../lib/cli/progress-text.js'
import type { Json } from '../../lib/index.js'

describe('cli/progress-text', () => {
  const rows: readonly (readonly [Json | undefined, string])[] = [
    [undefined, ''],
    [null, ''],
    ['text', ''],
    [[1], ''],
    [{}, ''],
    [{ progressPercent: 42 }, '42 %'],
    [{ progressPercentage: 0 }, '0 %'],
    [{ progress: 33.333 }, '33.3 %'],
    [{ progress: '7' }, 'progress: 7'],
    [{ '@type': 'x', createTime: '2026-01-01T00:00:00Z' }, ''],
    [{ '@type': 'x', createTime: '2026-01-01T00:00:00Z', gettable: true }, 'gettable'],
    [{ gettable: true, ready: true }, 'ready'],
    [{ verb: 'create', done: false, count: 3, more: 'x' }, 'verb: create, done: false, count: 3'],
    [{ nested: { a: 1 }, list: [1], empty: '', target: 'db' }, 'target: db'],
    [{ target: 'x'.repeat(50) }, `target: ${'x'.repeat(39)}…`],
  ]
  for (const [metadata, text] of rows)
    it(`should tell ${JSON.stringify(metadata)?.slice(0, 60)} as "${text}"`, () =>
      expect(progressText(metadata)).to.equal(text))
})
