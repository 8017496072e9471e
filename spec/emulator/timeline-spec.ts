import { expect } from 'chai'
import type { Frame } from '../../lib/emulator/script/frame.js'
import {
  currentFrame,
  isHiding,
  stageOf,
  startFrame,
  timeToNext,
  underlyingFrame,
} from '../../lib/emulator/script/timeline.js'

describe('emulator/script/timeline', () => {
  it('should return the last frame whose conditions are met', () => {
    const frames: readonly Frame[] = [
      { metadata: 'first' },
      { after: 100, metadata: 'late' },
      { polls: 3, metadata: 'third' },
      { after: 200, polls: 5, metadata: 'both' },
    ]
    const rows: readonly (readonly [number, number, string])[] = [
      [0, 1, 'first'],
      [99, 2, 'first'],
      [100, 1, 'late'],
      [99, 3, 'third'],
      [500, 3, 'third'],
      [199, 5, 'third'],
      [500, 4, 'third'],
      [200, 5, 'both'],
      [9e9, 999, 'both'],
    ]
    for (const [elapsed, polls, expected] of rows) {
      expect(currentFrame(frames, elapsed, polls)?.metadata, `${elapsed} ms, poll ${polls}`).to.equal(
        expected,
      )
    }
  })

  it('should return undefined before the first frame takes effect', () => {
    expect(currentFrame([{ after: 1 }, { polls: 2 }], 0, 1)).to.equal(undefined)
    expect(currentFrame([{ after: Infinity }], Number.MAX_VALUE, 1)).to.equal(undefined)
  })

  it('should return a start frame only if it has polls: 0 and takes effect at 0 ms', () => {
    const start: Frame = { polls: 0, metadata: 'start' }
    expect(startFrame([{ metadata: 'a poll' }, start, { polls: 1 }, { polls: 0, after: 1 }])).to.equal(start)
    expect(startFrame([{ done: true }])).to.equal(undefined)
  })

  it('should return visible if the operation succeeded or is gettable, and failed if it failed', () => {
    const gettable: Frame = { after: 10, metadata: { gettable: true } }
    expect(stageOf([{}, gettable], 9, 0)).to.equal('pending')
    expect(stageOf([{}, gettable], 10, 0)).to.equal('visible')
    expect(stageOf([gettable, { after: 20, metadata: { gettable: false } }], 20, 0)).to.equal('visible')
    expect(stageOf([{ metadata: { gettable: 'yes' } }], 0, 0)).to.equal('pending')
    expect(stageOf([{}, { polls: 2, done: true }], 0, 1)).to.equal('pending')
    expect(stageOf([{}, { polls: 2, done: true }], 0, 2)).to.equal('visible')
    expect(stageOf([gettable, { after: 20, done: true, error: { code: 9 } }], 20, 0)).to.equal('failed')
  })

  it('should compute the stage without the frames of raw responses, stalls and faults', () => {
    const hidden: readonly Frame[] = [
      { done: true },
      { httpResponse: { httpStatus: 503 } },
      { stall: true },
      { fault: 'drip' },
    ]
    expect(stageOf(hidden, 0, 0)).to.equal('visible')
    expect(stageOf([{ httpResponse: { httpStatus: 503 } }], 0, 0)).to.equal('pending')
  })

  it('should return the last frame that does not hide the operation', () => {
    const frames: readonly Frame[] = [
      { metadata: 1 },
      { after: 5, metadata: 2 },
      { stall: true },
      { fault: 'drip' },
    ]
    expect(underlyingFrame(frames, 0, 0)).to.equal(frames[0])
    expect(underlyingFrame(frames, 5, 0)).to.equal(frames[1])
    expect(underlyingFrame([{ httpResponse: { httpStatus: 503 } }], 0, 0)).to.equal(undefined)
    expect([undefined, ...frames].map(isHiding)).to.deep.equal([false, false, false, true, true])
  })

  it('should return the time until a frame may take effect without a poll', () => {
    const frames: readonly Frame[] = [{}, { after: 30 }, { after: 20, polls: 2 }, { after: Infinity }]
    expect([0, 19.5, 20, 30].map((elapsed) => timeToNext(frames, elapsed))).to.deep.equal([
      20,
      0.5,
      10,
      Infinity,
    ])
  })
})
