import { expect } from 'chai'
import { progressText } from '../../lib/cli/output/progress-text.js'
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
    [{ progress: { progressPercent: 30, startTime: 't' } }, '30 %'],
    [{ progress: [{ progressPercent: 100 }, { startTime: 't' }] }, '50 %'],
    [{ annotationProgress: [{ progressPercent: 7 }] }, '7 %'],
    [{ progress: [], target: 'x' }, 'target: x'],
    [{ progress: ['x'], target: 'x' }, 'target: x'],
    [{ progressDocuments: { estimatedWork: '200', completedWork: '50' } }, '25 %'],
    [{ progressDocuments: { estimatedWork: '200' }, operationState: 'PROCESSING' }, '0 %'],
    [{ progressBytes: { completedWork: '9' }, operationState: 'PROCESSING' }, 'PROCESSING'],
    [{ progressEntities: { workEstimated: '3', workCompleted: '9' } }, '100 %'],
    [{ status: 'RUNNING', progress: { metrics: [{ name: 'NODES_TOTAL', intValue: '0' }] } }, 'RUNNING'],
    [
      {
        progress: {
          metrics: [
            { name: 'NODES_TOTAL', intValue: '8' },
            { name: 'NODES_DONE', intValue: '2' },
          ],
        },
      },
      '25 %',
    ],
    [{ clusterName: 'c', status: { state: 'RUNNING' } }, 'RUNNING'],
    [{ build: { id: 'b', status: 'WORKING' } }, 'WORKING'],
    [{ state: 'CREATING', verb: 'create' }, 'CREATING'],
    [{ '@type': 'x', createTime: '2026-01-01T00:00:00Z' }, ''],
    [{ '@type': 'x', createTime: '2026-01-01T00:00:00Z', gettable: true }, 'gettable'],
    [{ gettable: true, ready: true }, 'ready'],
    [{ verb: 'create', done: false, count: 3, more: 'x' }, 'verb: create, done: false, count: 3'],
    [{ nested: { a: 1 }, list: [1], empty: '', target: 'db' }, 'target: db'],
    [{ target: 'x'.repeat(50) }, `target: ${'x'.repeat(39)}…`],
  ]
  for (const [metadata, text] of rows)
    it(`should format ${JSON.stringify(metadata)?.slice(0, 60)} as "${text}"`, () =>
      expect(progressText(metadata)).to.equal(text))
})
