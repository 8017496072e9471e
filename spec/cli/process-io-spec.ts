import { expect } from 'chai'
import { stopSignals } from '../../lib/cli/process-io.js'
import { FakeIo } from './fake.js'

function listenerCounts(io: FakeIo): readonly number[] {
  return [io.listenerCount('SIGINT'), io.listenerCount('SIGTERM'), io.stdout.listenerCount('error')]
}

describe('cli/process-io', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`should emit ${signal} and remove its listeners, so that a second signal kills the process`, () => {
      const io = new FakeIo()
      const emitted: unknown[] = []
      stopSignals(io).subscribe({
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
    stopSignals(io).subscribe((stop) => (reason = stop))
    io.stdout.emit('error', new Error('no'))
    expect(reason).to.equal('closed')
    expect(listenerCounts(io)).to.deep.equal([0, 0, 0])
  })
})
