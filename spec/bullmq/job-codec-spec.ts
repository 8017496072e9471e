import { expect } from 'chai'
import {
  MAX_METADATA_BYTES,
  parseProgress,
  parseResult,
  truncateMetadata,
} from '../../lib/bullmq/job-codec.js'
import type { Json, PollState } from '../../lib/index.js'

const target = { name: 'operations/cp.1', endpoint: 'https://x.googleapis.com', apiVersion: 'v3', since: 1 }
function seen(metadata?: Json) {
  return {
    _tag: 'Running',
    done: false,
    name: target.name,
    ...(metadata !== undefined && { metadata }),
    attempt: 1,
    elapsed: 5,
  } as const
}
function course(lastSeen: PollState['lastSeen']): PollState {
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

describe('bullmq/stored', () => {
  it('should keep a course as it is where its metadata is small, or there is none', () => {
    for (const one of [course(undefined), course(seen()), course(seen('x'.repeat(MAX_METADATA_BYTES - 2)))])
      expect(truncateMetadata(one)).to.equal(one)
  })

  it('should leave out metadata that is too large, and say so where the refusal of a decoder stands', () => {
    const { lastSeen } = truncateMetadata(course(seen('x'.repeat(MAX_METADATA_BYTES - 1))))
    expect(lastSeen).to.not.have.property('metadata')
    expect(lastSeen?.metadataError?.message).to.match(/has 16385 characters, and at most 16384/)
  })

  it('should read a stand back as it was written', () => {
    const stand = { course: course(seen({ a: 1 })), due: 7, notBefore: 6 }
    expect(parseProgress(JSON.parse(JSON.stringify(stand)), 10)).to.deep.equal(stand)
  })

  const stand = { course: course(seen()), due: 7, notBefore: 6 }
  for (const [what, progress] of Object.entries({
    'a number, as BullMQ begins with': 0,
    'without a course': { due: 1, notBefore: 1 },
    'without times': { ...stand, due: null },
    'with a course that is none': { ...stand, course: { target } },
  }))
    it(`should read no stand from progress that is ${what}`, () => {
      expect(parseProgress(progress, 10)).to.equal(undefined)
    })

  it('should read a last word back with the response that JSON has no way to write', () => {
    const right = {
      _tag: 'Succeeded',
      done: true,
      name: target.name,
      response: undefined,
      attempt: 1,
      elapsed: 5,
    }
    const word = parseResult(JSON.parse(JSON.stringify({ _tag: 'Right', right })))
    expect(word).to.deep.equal({ _tag: 'Right', right })
    expect(word).to.have.property('right').that.has.property('response')
  })

  for (const value of [
    null,
    'x',
    { _tag: 'Right', right: seen() },
    { _tag: 'Right', right: { ...seen(), _tag: 'Succeeded' } },
    { _tag: 'Left', left: {} },
    { _tag: 'Left' },
  ])
    it(`should read no last word from ${JSON.stringify(value)}`, () => {
      expect(parseResult(value)).to.equal(undefined)
    })
})
