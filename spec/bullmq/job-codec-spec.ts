import { expect } from 'chai'
import {
  MAX_METADATA_LENGTH,
  omitLargeMetadata,
  parseJob,
  parseProgress,
  parseResult,
} from '../../lib/bullmq/job-codec.js'
import type { Json, PollState } from '../../lib/index.js'

const target = { name: 'operations/cp.1', endpoint: 'https://x.googleapis.com', apiVersion: 'v3', since: 1 }
const otherTarget = { ...target, name: 'operations/cp.2' }
function snapshot(metadata?: Json) {
  return {
    _tag: 'Running',
    done: false,
    name: target.name,
    ...(metadata !== undefined && { metadata }),
    attempt: 1,
    elapsed: 5,
  } as const
}
function stateWith(lastSeen: PollState['lastSeen']): PollState {
  return {
    target,
    startedAt: 1,
    polledAt: 2,
    attempt: 1,
    hasResponse: true,
    visible: true,
    lastSeen,
    failing: undefined,
    malformedInARow: 0,
  }
}

describe('bullmq/job-codec', () => {
  it('should not change a poll state with small metadata or no metadata', () => {
    for (const state of [
      stateWith(undefined),
      stateWith(snapshot()),
      // The JSON of a string has two quotation marks.
      stateWith(snapshot('x'.repeat(MAX_METADATA_LENGTH - 2))),
    ])
      expect(omitLargeMetadata(state)).to.equal(state)
  })

  it('should replace metadata that is too large with a decode error', () => {
    const { lastSeen } = omitLargeMetadata(stateWith(snapshot('x'.repeat(MAX_METADATA_LENGTH - 1))))
    expect(lastSeen).to.not.have.property('metadata')
    expect(lastSeen?.metadataError?.message).to.match(/has 16385 characters, and Redis stores at most 16384/)
  })

  it('should decode stored progress to an equal value', () => {
    const progress = { state: stateWith(snapshot({ a: 1 })), due: 7, notBefore: 6 }
    expect(parseProgress(JSON.parse(JSON.stringify(progress)), target, 10)).to.deep.equal(progress)
  })

  const progress = { state: stateWith(snapshot()), due: 7, notBefore: 6 }
  for (const [description, invalid] of Object.entries({
    'that is 0, which BullMQ stores before the first progress': 0,
    'without a poll state': { due: 1, notBefore: 1 },
    'without times': { ...progress, due: null },
    'with an invalid poll state': { ...progress, state: { target } },
    'of another name': { ...progress, state: { ...progress.state, target: otherTarget } },
    'of another endpoint': {
      ...progress,
      state: { ...progress.state, target: { ...target, endpoint: 'https://y.googleapis.com' } },
    },
    'with a snapshot of another name': {
      ...progress,
      state: stateWith({ ...snapshot(), name: otherTarget.name }),
    },
  })) {
    it(`should reject progress ${description}`, () => {
      expect(parseProgress(invalid, target, 10)).to.equal(undefined)
    })

    it(`should ignore the progress of a job with progress ${description}`, () => {
      expect(
        parseJob({ data: { target, progress: invalid }, progress: invalid as object }, 10),
      ).to.deep.equal({
        target,
      })
    })
  }

  it('should decode the progress of a job, or else the progress in its data', () => {
    const addedProgress = { ...progress, due: 5 }
    const data = { target, progress: addedProgress }
    expect(parseJob({ data, progress }, 10)).to.deep.equal({ target, progress })
    expect(parseJob({ data, progress: 0 }, 10)).to.deep.equal({ target, progress: addedProgress })
  })

  for (const data of [
    null,
    7,
    'x',
    [],
    {},
    { target: null },
    { target: 'operations/cp.1' },
    { target: { ...target, name: 7 } },
    { target: { ...target, name: '../x' } },
    { target: { ...target, endpoint: 'x' } },
    { target: { ...target, apiVersion: '' } },
    { target: { ...target, since: 'x' } },
  ])
    it(`should reject a job with the data ${JSON.stringify(data)}`, () => {
      expect(parseJob({ data, progress: 0 }, 10)).to.equal(undefined)
    })

  it('should restore an undefined response, which JSON omits', () => {
    const right = {
      _tag: 'Succeeded',
      done: true,
      name: target.name,
      response: undefined,
      attempt: 1,
      elapsed: 5,
    }
    const result = parseResult(JSON.parse(JSON.stringify({ _tag: 'Right', right })), target.name)
    expect(result).to.deep.equal({ _tag: 'Right', right })
    expect(result).to.have.property('right').that.has.property('response')
  })

  for (const value of [
    null,
    'x',
    { _tag: 'Right', right: snapshot() },
    { _tag: 'Right', right: { ...snapshot(), _tag: 'Succeeded' } },
    { _tag: 'Right', right: { ...snapshot(), _tag: 'Succeeded', done: true, name: otherTarget.name } },
    { _tag: 'Left', left: {} },
    { _tag: 'Left', left: { _tag: 'OperationFailed', message: 'no', name: otherTarget.name } },
    { _tag: 'Left', left: { _tag: 'InvalidName', message: 'no', name: '' } },
    { _tag: 'Left' },
  ])
    it(`should reject the result ${JSON.stringify(value)}`, () => {
      expect(parseResult(value, target.name)).to.equal(undefined)
    })

  it('should accept an InvalidName, which contains the redacted name', () => {
    const invalid = {
      _tag: 'Left',
      left: { _tag: 'InvalidName', message: 'no', name: `${'x'.repeat(400)}…` },
    }
    expect(parseResult(invalid, 'x'.repeat(500))).to.deep.equal(invalid)
  })
})
