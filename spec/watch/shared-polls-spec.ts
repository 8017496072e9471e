import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { timer } from 'rxjs'
import { constant, OperationsClient } from '../../lib/index.js'
import { doneAt, inVirtualTime, NAME, scripted } from '../virtual.js'

const schedule = constant({ interval: 1_000 })
const MANY = 1_000

describe(`watch/shared, under ${MANY} subscribers of one name`, () => {
  it('should be one loop, which gives each of them every snapshot', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = scripted(doneAt(4_500))
      const client = new OperationsClient({ transport })
      const ends: number[] = []
      let snapshots = 0
      for (let n = 0; n < MANY; n++)
        client.watch(NAME, { schedule }).subscribe((word) => {
          snapshots++
          if (!isLeft(word) && word.right.done) ends.push(word.right.attempt)
        })
      flush()
      expect(polledAt).to.deep.equal([0, 1_000, 2_000, 3_000, 4_000, 5_000])
      expect(snapshots).to.equal(6 * MANY)
      expect(ends).to.deep.equal(Array(MANY).fill(6))
    })
  })

  it('should give those who come late the latest snapshot first, without a request', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt } = scripted(doneAt(4_500))
      const client = new OperationsClient({ transport })
      const first: number[] = []
      client.watch(NAME, { schedule }).subscribe()
      for (let n = 0; n < MANY; n++)
        timer(2_500).subscribe(() => {
          let isFirst = true
          client.watch(NAME, { schedule }).subscribe((word) => {
            if (isFirst && !isLeft(word)) first.push(word.right.attempt)
            isFirst = false
          })
        })
      flush()
      expect(first).to.deep.equal(Array(MANY).fill(3))
      expect(polledAt).to.have.length(6)
    })
  })

  it('should go on until the last one leaves, and then end', () => {
    inVirtualTime(({ flush }) => {
      const { transport, polledAt, abortedAt } = scripted(
        doneAt(Number.POSITIVE_INFINITY),
        doneAt(1e9),
        'never',
      )
      const client = new OperationsClient({ transport })
      for (let n = 0; n < MANY; n++) {
        const watch = client.watch(NAME, { schedule }).subscribe()
        timer(100 + n * 2).subscribe(() => watch.unsubscribe())
      }
      flush()
      expect(polledAt).to.deep.equal([0, 1_000, 2_000])
      expect(abortedAt).to.deep.equal([100 + (MANY - 1) * 2])
      expect(client.stats()).to.include({ inFlight: 0, waiting: 0 })
    })
  })

  it('should go on for the others where one throws away its own', () => {
    inVirtualTime(({ flush }) => {
      const { transport } = scripted(doneAt(1_500))
      const client = new OperationsClient({ transport })
      const ended: string[] = []
      const refuses = { schedule, response: () => ({ _tag: 'Left', left: 'no' }) as const }
      for (const options of [{ schedule }, refuses, { schedule, timeout: 500 }, { schedule }])
        client.watch(NAME, options).subscribe((word) => {
          if (isLeft(word)) ended.push(word.left._tag)
          else if (word.right.done) ended.push(word.right._tag)
        })
      flush()
      expect(ended).to.deep.equal(['TimedOut', 'Succeeded', 'MalformedResponse', 'Succeeded'])
    })
  })
})

describe('watch/closing', () => {
  for (const when of ['at its last word', 'at every word'] as const)
    it(`should keep to the grammar where the client is closed by a listener ${when}`, () => {
      inVirtualTime(({ flush }) => {
        const { transport } = scripted(doneAt(1_500))
        const client = new OperationsClient({ transport })
        const words: string[] = []
        client.watch(NAME, { schedule }).subscribe({
          next: (word) => {
            words.push(isLeft(word) ? word.left._tag : word.right._tag)
            if (when === 'at every word' || words.at(-1) === 'Succeeded') client.close()
          },
          complete: () => words.push('end'),
        })
        flush()
        expect(words).to.deep.equal(
          when === 'at every word'
            ? ['Running', 'ClientClosed', 'end']
            : ['Running', 'Running', 'Succeeded', 'end'],
        )
      })
    })
})
