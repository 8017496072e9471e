import { expect } from 'chai'
import * as fc from 'fast-check'
import { type Json, progressFraction } from '../../lib/index.js'

function gke(...metrics: readonly (readonly [name: string, value: string])[]): Json {
  return { progress: { status: 'RUNNING', metrics: metrics.map(([name, intValue]) => ({ name, intValue })) } }
}

describe('polling/progress-fraction', () => {
  const rows: readonly (readonly [
    service: string,
    metadata: Json | undefined,
    fraction: number | undefined,
  ])[] = [
    ['no service', undefined, undefined],
    ['no service', null, undefined],
    ['no service', [1], undefined],
    ['no service', { progressPercent: 'NaN' }, undefined],
    ['many services', { progressPercent: 42 }, 0.42],
    ['many services', { progressPercentage: 0 }, 0],
    ['a faulty service', { progressPercent: 170 }, 1],
    ['a faulty service', { progressPercent: -1 }, 0],
    ['Spanner', { progress: { progressPercent: 30, startTime: 't' } }, 0.3],
    ['Spanner', { progress: [{ progressPercent: 100 }, { startTime: 't' }] }, 0.5],
    ['Spanner', { progress: [] }, undefined],
    ['Bigtable', { progress: { startTime: 't' } }, 0],
    ['Video Intelligence', { annotationProgress: [{ progressPercent: 7 }] }, 0.07],
    ['Firestore', { progressDocuments: { estimatedWork: '200', completedWork: '50' } }, 0.25],
    ['Firestore', { progressDocuments: {}, progressBytes: { estimatedWork: '4', completedWork: '1' } }, 0.25],
    ['Datastore', { progressEntities: { workEstimated: '3', workCompleted: '9' } }, 1],
    ['Datastore', { progressEntities: { workEstimated: '4' } }, 0],
    ['Datastore', { progressEntities: { workEstimated: '0' } }, undefined],
    ['Datastore', { progressEntities: { workEstimated: '0', workCompleted: '5' } }, undefined],
    ['Compute Engine', { kind: 'compute#operation', status: 'RUNNING', progress: 60 }, 0.6],
    [
      'GKE',
      gke(['NODES_TOTAL', '4'], ['NODES_FAILED', '0'], ['NODES_COMPLETE', '2'], ['NODES_DONE', '3']),
      0.75,
    ],
    ['GKE', gke(['CLUSTER_CONFIGURING', '3'], ['CLUSTER_CONFIGURING_TOTAL', '9']), 1 / 3],
    [
      'GKE',
      gke(['A', '9'], ['A_TOTAL', '9'], ['B', '0'], ['B_TOTAL', '12'], ['C', '1'], ['C_TOTAL', '2']),
      0.5,
    ],
    ['GKE', gke(['NODES_TOTAL', '4']), 0],
    ['GKE', gke(['NODES_TOTAL', '0']), undefined],
    ['GKE', gke(['NODES_DONE', '1']), undefined],
    ['GKE', { progress: { status: 'PENDING' } }, undefined],
    [
      'GKE',
      {
        progress: {
          name: 'x',
          stages: [
            { metrics: [{ name: 'A_TOTAL', doubleValue: 2 }] },
            { metrics: [{ name: 'A', doubleValue: 1 }] },
          ],
        },
      },
      0.5,
    ],
    ['Cloud SQL', { kind: 'sql#operation', status: 'RUNNING' }, undefined],
  ]
  // Cited in docs/COMPARISON.md as: progress-fraction
  for (const [service, metadata, fraction] of rows)
    it(`should be ${fraction} for ${service}: ${JSON.stringify(metadata)?.slice(0, 80)}`, () =>
      expect(progressFraction(metadata)).to.equal(fraction))

  it('should return a number from 0 to 1 or undefined for any JSON, and never throw', () => {
    const value = fc.oneof(
      fc.double(),
      fc.string(),
      fc.constant({ toString: 1, valueOf: 1 }),
      fc.constant(null),
    )
    const metric = fc.record({ name: fc.constantFrom<Json>('A', 'A_TOTAL', 'A_DONE', {}), intValue: value })
    const part = fc.record(
      {
        progressPercent: value,
        completedWork: value,
        estimatedWork: value,
        status: value,
        metrics: fc.oneof(value, fc.array(fc.oneof(metric, value))),
        stages: fc.oneof(value, fc.array(fc.record({ metrics: fc.array(metric) }))),
      },
      { requiredKeys: [] },
    )
    const member = fc.oneof(value, part, fc.array(part))
    const metadata = fc.record(
      {
        progressPercent: value,
        progress: member,
        annotationProgress: member,
        progressDocuments: member,
        progressBytes: member,
      },
      { requiredKeys: [] },
    )
    void fc.assert(
      fc.property(metadata, (json) => {
        const fraction = progressFraction(json)
        if (fraction !== undefined) expect(fraction).to.be.within(0, 1)
      }),
      { numRuns: 1_000 },
    )
  })
})
