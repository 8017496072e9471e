import { expect } from 'chai'
import { either as E } from 'fp-ts'
import { from, toArray } from 'rxjs'
import type { Json, Operation, OperationError, Running, StartFailed } from '../../lib/index.js'
import { messageEvents, type OperationEvent } from '../../lib/nestjs/index.js'

const NAME = 'operations/cp.1'
const resume = { name: NAME, endpoint: 'https://example.com', apiVersion: 'v3' }

function running(metadata?: Json): Running {
  const common = { _tag: 'Running', done: false, name: NAME, attempt: 2, elapsed: 750 } as const
  return { ...common, ...(metadata !== undefined && { metadata }) }
}

function eventsOf(
  ...emissions: readonly E.Either<StartFailed | OperationError<Json>, Operation>[]
): readonly OperationEvent<Json | undefined, Json>[] {
  let events: readonly OperationEvent<Json | undefined, Json>[] = []
  from(emissions)
    .pipe(messageEvents(), toArray())
    .subscribe((all) => {
      events = all
    })
  return events
}

describe('nestjs/message-events', () => {
  it('should convert snapshots to the events running and succeeded', () => {
    const metadata = { '@type': 'type.googleapis.com/google.cloud.MoveProjectMetadata', progressPercent: 40 }
    const response = { name: 'projects/1' }
    const succeeded = {
      _tag: 'Succeeded',
      done: true,
      name: NAME,
      attempt: 3,
      elapsed: 900,
      response,
    } as const
    expect(eventsOf(E.right(running(metadata)), E.right(running()), E.right(succeeded))).to.deep.equal([
      { type: 'running', data: { name: NAME, elapsed: 750, fraction: 0.4, metadata } },
      { type: 'running', data: { name: NAME, elapsed: 750 } },
      { type: 'succeeded', data: { name: NAME, elapsed: 900, response } },
    ])
  })

  it('should convert a failed operation to the event failed with its typed details', () => {
    const details = [{ _tag: 'LocalizedMessage', locale: 'de', message: 'Zu tief.' }] as const
    const status = { code: 9, codeName: 'FAILED_PRECONDITION', message: 'Too deep.', details } as const
    const metadata = { progressPercent: 60 }
    const error = {
      _tag: 'OperationFailed',
      name: NAME,
      message: `${NAME} failed`,
      status,
      metadata,
    } as const
    expect(eventsOf(E.left(error))).to.deep.equal([
      {
        type: 'failed',
        data: {
          name: NAME,
          fraction: 0.6,
          metadata,
          error: { tag: 'OperationFailed', message: 'Too deep.', code: 'FAILED_PRECONDITION', details },
        },
      },
    ])
  })

  for (const [mayHaveStarted, type] of [
    [false, 'failed'],
    [true, 'unknown'],
  ] as const)
    it(`should convert a failed start to the event ${type} if mayHaveStarted is ${mayHaveStarted}`, () => {
      const status = { code: 3, codeName: 'INVALID_ARGUMENT', message: 'No ID.', details: [] } as const
      const error: StartFailed = {
        ...{ _tag: 'StartFailed', name: '', message: 'The call failed.', httpStatus: 400, status },
        ...{ mayHaveStarted, requestId: 'r-1' },
      }
      const { message, codeName: code, details } = status
      expect(eventsOf(E.left(error))).to.deep.equal([
        { type, data: { name: '', error: { tag: 'StartFailed', message, code, details, mayHaveStarted } } },
      ])
    })

  it('should convert an error without an outcome to the event unknown with the resume token', () => {
    const error = { _tag: 'TimedOut', name: NAME, message: 'time is up', timeout: 1_000, resume } as const
    expect(eventsOf(E.left(error))).to.deep.equal([
      { type: 'unknown', data: { name: NAME, error: { tag: 'TimedOut', message: 'time is up' }, resume } },
    ])
  })

  it('should convert an invalid name to the event unknown without a resume token', () => {
    const error = { _tag: 'InvalidName', name: 'x', message: 'no name', reason: 'why' } as const
    expect(eventsOf(E.left(error))).to.deep.equal([
      { type: 'unknown', data: { name: 'x', error: { tag: 'InvalidName', message: 'no name' } } },
    ])
  })

  it('should state in the event unknown that the operation succeeded if only its response is invalid', () => {
    const error = { _tag: 'MalformedResponse', name: NAME, path: 'response', outcome: 'succeeded' } as const
    const facts = { message: 'not decoded', reason: 'why', resume }
    expect(eventsOf(E.left({ ...error, ...facts }))).to.deep.equal([
      {
        type: 'unknown',
        data: {
          name: NAME,
          error: { tag: 'MalformedResponse', message: 'not decoded', outcome: 'succeeded' },
          resume,
        },
      },
    ])
  })

  it('should emit events that contain only JSON', () => {
    const [event] = eventsOf(E.right(running({ a: [1, null] })))
    expect(JSON.parse(JSON.stringify(event))).to.deep.equal(event)
  })
})
