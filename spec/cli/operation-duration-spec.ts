import { expect } from 'chai'
import { operationDuration } from '../../lib/cli/output/operation-duration.js'
import type { Json } from '../../lib/index.js'
import type { Emission } from '../../lib/polling/emission.js'
import { failed, running, succeeded, timedOut } from './results.js'

const NOW = Date.parse('2026-01-02T03:05:00Z')
const createTime = '2026-01-02T03:04:00Z'
const endTime = '2026-01-02T03:04:42.5Z'

function done(metadata: Json): Emission {
  const emission = succeeded({})
  return emission._tag === 'Left' ? emission : { ...emission, right: { ...emission.right, metadata } }
}

describe('cli/operation-duration', () => {
  const rows: readonly (readonly [string, Emission, number | undefined])[] = [
    ['running, with a create time', running({ createTime }), 60_000],
    ['done, with an end time', done({ createTime, endTime }), 42_500],
    ['done, with times of Compute Engine', done({ insertTime: createTime, endTime }), 42_500],
    ['done, with times of GKE', done({ startTime: createTime, endTime }), 42_500],
    ['done, with times of Vertex AI', done({ genericMetadata: { createTime }, endTime }), 42_500],
    ['done, with times of Cloud Build', done({ build: { createTime, finishTime: endTime } }), 42_500],
    [
      'running, created later than now because of another clock',
      running({ createTime: '2027-01-01T00:00:00Z' }),
      0,
    ],
    ['done, without an end time', done({ createTime }), undefined],
    ['running, without a start time', running({ progress: 5 }), undefined],
    ['running, with invalid times', running({ createTime: 7, startTime: 'soon' }), undefined],
    ['running, without metadata', running(), undefined],
    ['failed, without metadata', failed(), undefined],
    ['timed out', timedOut, undefined],
  ]
  for (const [description, emission, duration] of rows)
    it(`should return ${duration} for an operation that is ${description}`, () =>
      expect(operationDuration(emission, NOW)).to.equal(duration))
})
