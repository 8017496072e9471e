import { expect } from 'chai'
import { stopSignals } from '../../lib/cli/process-io.js'
import { FakeSurroundings } from './fake.js'

function listening(around: FakeSurroundings): readonly number[] {
  return [
    around.listenerCount('SIGINT'),
    around.listenerCount('SIGTERM'),
    around.stdout.listenerCount('error'),
  ]
}

describe('cli/stops', () => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    it(`should tell of ${signal} and leave a second signal to the system`, () => {
      const around = new FakeSurroundings()
      const told: unknown[] = []
      stopSignals(around).subscribe({
        next: (stop) => told.push(stop),
        complete: () => told.push('complete'),
      })
      expect(listening(around)).to.deep.equal([1, 1, 1])
      around.emit(signal)
      expect(told).to.deep.equal([signal, 'complete'])
      expect(listening(around)).to.deep.equal([0, 0, 0])
    })

  it('should tell when standard output cannot be written any more', () => {
    const around = new FakeSurroundings()
    let said = ''
    stopSignals(around).subscribe((stop) => (said = stop))
    around.stdout.emit('error', new Error('no'))
    expect(said).to.equal('closed')
    expect(listening(around)).to.deep.equal([0, 0, 0])
  })
})
