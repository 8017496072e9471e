import { expect } from 'chai'
import { either as E } from 'fp-ts'
import type { Json, Running } from 'rx-longrunning'
import { operationEvent } from '../operation-event.js'

const NAME = 'operations/cp.1'
const resume = { name: NAME, endpoint: 'https://example.com', apiVersion: 'v3' }
function running(metadata?: Json): Running<Json> {
  return {
    _tag: 'Running',
    done: false,
    name: NAME,
    attempt: 2,
    elapsed: 750,
    ...(metadata !== undefined && { metadata }),
  }
}

describe('operationEvent', () => {
  it('should contain the elapsed time, the progress and the metadata type of a snapshot', () => {
    const metadata = { '@type': 'type.googleapis.com/google.cloud.MoveProjectMetadata', progressPercent: 40 }
    expect(operationEvent(NAME, E.right(running(metadata)))).to.deep.equal({
      type: 'running',
      data: { name: NAME, elapsed: 750, percent: 40, kind: 'MoveProjectMetadata' },
    })
  })

  it('should limit the progress to 0 to 100 percent, and omit it if the metadata contains none', () => {
    const percentOf = (metadata?: Json) => operationEvent(NAME, E.right(running(metadata))).data.percent
    expect(percentOf({ progressPercentage: 120 })).to.equal(100)
    expect(percentOf({ progress: -1 })).to.equal(0)
    for (const metadata of [undefined, null, 7, 'text', [], {}, { progress: '40' }])
      expect(percentOf(metadata)).to.equal(undefined)
  })

  it('should convert a failure to an event with its typed details', () => {
    const details = [{ _tag: 'LocalizedMessage', locale: 'de', message: 'Zu tief.' }] as const
    const status = { code: 9, codeName: 'FAILED_PRECONDITION', message: 'Too deep.', details } as const
    const error = { _tag: 'OperationFailed', name: NAME, message: `${NAME} failed`, status } as const
    expect(operationEvent(NAME, E.left(error))).to.deep.equal({
      type: 'failed',
      data: {
        name: NAME,
        failure: { tag: 'OperationFailed', message: 'Too deep.', code: 'FAILED_PRECONDITION', details },
      },
    })
  })

  it('should omit the fields of an error that only the server needs', () => {
    const error = { _tag: 'TimedOut', name: NAME, message: 'time is up', timeout: 1_000, resume } as const
    expect(operationEvent(NAME, E.left(error))).to.deep.equal({
      type: 'failed',
      data: { name: NAME, failure: { tag: 'TimedOut', message: 'time is up' } },
    })
  })
})
