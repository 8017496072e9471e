import { expect } from 'chai'
import { stopReasons } from '../../lib/cli/stop-reasons.js'
import { FakeIo } from './fake.js'

function listenerCounts(io: FakeIo): readonly number[] {
  return [io.listenerCount('SIGINT'), io.listenerCount('SIGTERM'), io.stdout.listenerCount('error')]
}

describe('cli/process-io', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`should emit ${signal}, complete and remove all listeners on ${signal}`, () => {
      const io = new FakeIo()
      const emitted: unknown[] = []
      stopReasons(io).subscribe({
        next: (stop) => emitted.push(stop),
        complete: () => emitted.push('complete'),
      })
      expect(listenerCounts(io)).to.deep.equal([1, 1, 1])
      io.emit(signal)
      expect(emitted).to.deep.equal([signal, 'complete'])
      expect(listenerCounts(io)).to.deep.equal([0, 0, 0])
    })

  it('should emit closed if standard output fails', () => {
    const io = new FakeIo()
    let reason = ''
    stopReasons(io).subscribe((stop) => (reason = stop))
    io.stdout.emit('error', new Error('no'))
    expect(reason).to.equal('closed')
    expect(listenerCounts(io)).to.deep.equal([0, 0, 0])
  })
})
