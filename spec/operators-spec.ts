import { expect } from 'chai'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { catchError, map, merge, NEVER, of, Subject, throwError } from 'rxjs'
import {
  andThen,
  follow,
  InvalidOption,
  type Json,
  type Operation,
  type OperationError,
  OperationException,
  OperationsClient,
  orThrow,
  outcome,
  progress,
  type Succeeded,
  toTaskEither,
  watchOperation,
} from '../lib/index.js'
import {
  failed,
  httpReply,
  inVirtualTime,
  NAME,
  type Reply,
  running,
  scripted,
  succeeded,
  TAGS,
  tags,
} from './virtual.js'

function watchOf(...replies: readonly Reply[]) {
  return watchOperation(NAME, { transport: scripted(...replies).transport })
}
function tagOf(emission: Either<OperationError, unknown>) {
  return isLeft(emission) ? emission.left._tag : 'Right'
}

function secondOperation(response: Json | undefined): Succeeded {
  return { _tag: 'Succeeded', done: true, name: NAME, attempt: 1, elapsed: 0, response }
}

describe('operators', () => {
  describe('outcome', () => {
    it('should emit the response of the final result', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOf(running(), running(), succeeded({ id: 7 }))
        expectObservable(watch.pipe(outcome())).toBe('1500ms (o|)', { o: right({ id: 7 }) })
      }))

    it('should emit the error if the final result is a Left', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOf(running(), failed(8))
        expectObservable(watch.pipe(outcome(), map(tagOf))).toBe('750ms (o|)', { o: 'OperationFailed' })
      }))

    it('should emit nothing if the watch was aborted', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOperation(NAME, { transport: () => NEVER, signal: AbortSignal.abort() })
        expectObservable(watch.pipe(outcome())).toBe('|')
      }))
  })

  describe('a watch with other errors', () => {
    const notStarted = left({ _tag: 'NotStarted' as const })
    const merged = () =>
      merge(of(notStarted), watchOf(failed(8)), watchOf(running({ step: 1 }), succeeded({ id: 7 })))

    it('should keep the errors and the operations of every watch', () =>
      inVirtualTime(({ expectObservable }) => {
        const toTagOrResponse = map((result: Either<{ readonly _tag: string }, Json | undefined>) =>
          isLeft(result) ? result.left._tag : result.right,
        )
        expectObservable(merged().pipe(outcome(), toTagOrResponse)).toBe('(lf) 746ms (s|)', {
          l: 'NotStarted',
          f: 'OperationFailed',
          s: { id: 7 },
        })
        expectObservable(merged().pipe(progress())).toBe('m 749ms |', { m: { step: 1 } })
        const chained = merged().pipe(andThen((response) => of(right(secondOperation(response)))))
        expectObservable(chained.pipe(outcome(), toTagOrResponse)).toBe('(lf) 746ms (s|)', {
          l: 'NotStarted',
          f: 'OperationFailed',
          s: { id: 7 },
        })
      }))

    it('should throw an OperationException with the tag if the error has no message', () => {
      let thrown: unknown
      of(notStarted)
        .pipe(orThrow())
        .subscribe({ error: (error) => (thrown = error) })
      expect(thrown).to.be.instanceOf(OperationException)
      expect(thrown).to.deep.include({ message: 'NotStarted', error: { _tag: 'NotStarted' } })
    })

    it('should convert a watch that only emits errors to a task with the first error', async () => {
      expect(await toTaskEither(of(notStarted))()).to.deep.equal(notStarted)
    })
  })

  describe('progress', () => {
    const atStep = (step: number, more: object = {}) =>
      httpReply(200, { name: NAME, metadata: { step, of: [3] }, ...more })

    // Cited in docs/COMPARISON.md as: progress
    it('should emit metadata when it has changed, including the metadata of the final result', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOf(atStep(1), atStep(1), running(), atStep(2), atStep(3, { done: true }))
        const steps = watch.pipe(
          progress(),
          map((metadata) => String((metadata as { step: Json }).step)),
        )
        expectObservable(steps).toBe('1 2311ms 2 1195ms (3|)')
      }))

    it('should emit the metadata of a failed operation, and nothing for a rejected request', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOf(atStep(1), atStep(2, { done: true, error: { code: 1 } }))
        const steps = watch.pipe(
          progress(),
          map((metadata) => String((metadata as { step: Json }).step)),
        )
        expectObservable(steps).toBe('1 749ms (2|)')
        expectObservable(watchOf(httpReply(403)).pipe(progress())).toBe('|')
      }))

    const atPercent = (progressPercent: number, more: object = {}) =>
      httpReply(200, { name: NAME, metadata: { progressPercent }, ...more })

    // Cited in docs/COMPARISON.md as: fraction
    it('should emit distinct numbers from 0 to 1 if fraction is true, and 1 for a success', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOf(
          atPercent(20),
          running(),
          atPercent(20),
          atPercent(60),
          atPercent(90, { done: true }),
        )
        const values = { a: 0.2, b: 0.6, c: 1 }
        expectObservable(watch.pipe(progress({ fraction: true }))).toBe('a 2311ms b 1195ms (c|)', values)
      }))

    it('should emit 1 for a success without a number if an earlier snapshot had a number', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOf(atPercent(50), succeeded())
        expectObservable(watch.pipe(progress({ fraction: true }))).toBe('a 749ms (b|)', { a: 0.5, b: 1 })
      }))

    it('should emit the number of a failed operation, and nothing for metadata without a number', () =>
      inVirtualTime(({ expectObservable }) => {
        const failure = { done: true, error: { code: 1 } }
        const watch = watchOf(atPercent(20), atPercent(60, failure))
        expectObservable(watch.pipe(progress({ fraction: true }))).toBe('a 749ms (b|)', { a: 0.2, b: 0.6 })
        const unknown = watchOf(atStep(1), atStep(2, { done: true }))
        expectObservable(unknown.pipe(progress({ fraction: true }))).toBe('750ms |')
      }))

    it('should throw if fraction is not true or false', () => {
      expect(() => progress({ fraction: 1 as never })).to.throw(InvalidOption, 'fraction')
    })
  })

  describe('orThrow', () => {
    it('should emit every operation, and convert a Left to an error notification', () =>
      inVirtualTime(({ expectObservable }) => {
        const toTag = map(({ _tag }: Operation) => _tag)
        expectObservable(watchOf(running(), succeeded()).pipe(orThrow(), toTag)).toBe('r 749ms (s|)', TAGS)
        const catchErrorTag = catchError((thrown) => of((thrown as OperationException).error._tag))
        expectObservable(watchOf(running(), failed(8)).pipe(orThrow(), toTag, catchErrorTag)).toBe(
          'r 749ms (f|)',
          TAGS,
        )
      }))

    it('should throw an OperationException with the message and the original OperationError', () => {
      const error: OperationError = { _tag: 'InvalidName', message: 'a message', name: 'x', reason: 'why' }
      let thrown: unknown
      of(left<OperationError, Operation>(error))
        .pipe(orThrow())
        .subscribe({
          error: (notification) => {
            thrown = notification
          },
        })
      expect(thrown).to.be.instanceOf(OperationException).and.be.instanceOf(Error)
      expect(thrown).to.include({ name: 'OperationException', message: 'a message', error })
    })
  })

  describe('andThen', () => {
    it('should pass the response of the first watch to the function, and not emit the Succeeded of the first watch', () =>
      inVirtualTime(({ expectObservable }) => {
        const chained = () =>
          watchOf(running(), succeeded({ id: 'p' })).pipe(
            andThen((response, { done }) =>
              watchOf(running(), succeeded({ first: { response: response ?? null, done } })),
            ),
          )
        expectObservable(chained().pipe(tags())).toBe('r 749ms r 749ms (s|)', TAGS)
        const o = right({ first: { response: { id: 'p' }, done: true } })
        expectObservable(chained().pipe(outcome())).toBe('1500ms (o|)', { o })
      }))

    it('should end with the Left of the first watch, or with the Left of the second watch', () =>
      inVirtualTime(({ expectObservable }) => {
        let secondWatchCount = 0
        const secondWatch = () => {
          secondWatchCount++
          return watchOf(running(), failed(3))
        }
        expectObservable(watchOf(running(), failed(8)).pipe(andThen(secondWatch), tags())).toBe(
          'r 749ms (f|)',
          TAGS,
        )
        expectObservable(watchOf(succeeded()).pipe(andThen(secondWatch), tags())).toBe('r 749ms (f|)', TAGS)
        expectObservable(of(0).pipe(map(() => secondWatchCount)), '5s ^').toBe('5s (a|)', { a: 1 })
      }))

    it('should emit an error notification if the function throws', () =>
      inVirtualTime(({ expectObservable }) => {
        const chained = watchOf(succeeded()).pipe(
          andThen((): never => {
            throw new Error('a bug')
          }),
        )
        expectObservable(chained).toBe('#', {}, new Error('a bug'))
      }))

    it('should accept a Promise of one emission in place of the second watch', async () => {
      const chained = watchOf(succeeded()).pipe(
        andThen(async () => left<'other', Operation>('other')),
        outcome(),
      )
      expect(await new Promise((resolve) => chained.subscribe(resolve))).to.deep.equal(left('other'))
    })
  })

  describe('follow', () => {
    it('should merge the watches of started operations, and emit each start response as the first snapshot', () =>
      inVirtualTime(({ cold, expectObservable, flush }) => {
        const { transport, requests } = scripted(running(), succeeded(), succeeded())
        const startResponses = cold('a 99ms (b|)', {
          a: { name: 'operations/a' },
          b: { data: { name: 'operations/b', done: true, response: {} } },
        })
        const emissions = startResponses.pipe(follow(new OperationsClient({ transport })), tags())
        expectObservable(emissions).toBe('r 99ms s 649ms r 749ms (s|)', TAGS)
        flush()
        expect(requests.map(({ url }) => new URL(url).pathname)).to.deep.equal([
          '/v3/operations/a',
          '/v3/operations/a',
        ])
      }))

    it('should throw if an option is invalid', () => {
      expect(() => follow(new OperationsClient(), { timeout: -1 })).to.throw('timeout must be')
    })
  })

  describe('toTaskEither', () => {
    it('should subscribe to the watch for each run of the task, and resolve with the final result', async () => {
      let requestCount = 0
      const task = toTaskEither(
        watchOperation(NAME, {
          transport: () =>
            of(right({ httpStatus: 200, body: { name: NAME, done: true, response: ++requestCount } })),
        }),
      )
      expect(requestCount).to.equal(0)
      expect(await task()).to.have.nested.property('right.response', 1)
      expect(await task()).to.have.nested.property('right.response', 2)
    })

    it('should resolve with a Left if the final result is a Left', async () => {
      expect(await toTaskEither(watchOf(failed(5)))()).to.have.nested.property(
        'left.status.codeName',
        'NOT_FOUND',
      )
    })

    it('should unsubscribe and reject when its signal is aborted', async () => {
      const controller = new AbortController()
      const watch = new Subject<Either<OperationError, Operation>>()
      const result = toTaskEither(watch, { signal: controller.signal })()
      expect(watch.observed).to.equal(true)
      controller.abort(new Error('enough'))
      expect(await result.catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'enough')
      expect(watch.observed).to.equal(false)
    })

    it('should not subscribe if its signal is already aborted', async () => {
      const watch = new Subject<Either<OperationError, Operation>>()
      const signal = {
        aborted: true,
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }
      const result = toTaskEither(watch, { signal })()
      expect(watch.observed).to.equal(false)
      expect(await result.catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'aborted')
    })

    it('should resolve with the final result if its signal is not aborted', async () => {
      const { signal } = new AbortController()
      expect(await toTaskEither(watchOf(succeeded(1)), { signal })()).to.have.nested.property(
        'right.response',
        1,
      )
    })

    it('should reject if there is no final result, and if the watch errors', async () => {
      const abortedWatch = watchOperation(NAME, { transport: () => NEVER, signal: AbortSignal.abort() })
      expect(await toTaskEither(abortedWatch)().catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'the watch completed without a final result')
      const erroringWatch = watchOperation(NAME, { transport: () => throwError(() => new Error('a bug')) })
      expect(await toTaskEither(erroringWatch)().catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'a bug')
    })
  })
})
