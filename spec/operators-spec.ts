import { expect } from 'chai'
import { type Either, isLeft, left, right } from 'fp-ts/lib/Either.js'
import { catchError, map, NEVER, of, Subject, throwError } from 'rxjs'
import {
  andThen,
  follow,
  type Json,
  type Operation,
  type OperationError,
  OperationException,
  OperationsClient,
  orThrow,
  outcome,
  progress,
  toTaskEither,
  watchOperation,
} from '../lib/index.js'
import {
  failed,
  http,
  inVirtualTime,
  NAME,
  type Reply,
  running,
  scripted,
  succeeded,
  TAGS,
  tags,
} from './virtual.js'

function watching(...replies: readonly Reply[]) {
  return watchOperation(NAME, { transport: scripted(...replies).transport })
}
function tagOf(word: Either<OperationError, unknown>) {
  return isLeft(word) ? word.left._tag : 'Right'
}

describe('operators', () => {
  describe('outcome', () => {
    it('should be the response, at the last word', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watching(running(), running(), succeeded({ id: 7 }))
        expectObservable(watch.pipe(outcome())).toBe('1500ms (o|)', { o: right({ id: 7 }) })
      }))

    it('should be the error, where there is one', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watching(running(), failed(8))
        expectObservable(watch.pipe(outcome(), map(tagOf))).toBe('750ms (o|)', { o: 'OperationFailed' })
      }))

    it('should be none where the watch was aborted', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watchOperation(NAME, { transport: () => NEVER, signal: AbortSignal.abort() })
        expectObservable(watch.pipe(outcome())).toBe('|')
      }))
  })

  describe('progress', () => {
    const at = (step: number, more: object = {}) =>
      http(200, { name: NAME, metadata: { step, of: [3] }, ...more })

    it('should give metadata when it has changed, of the last word too', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watching(at(1), at(1), running(), at(2), at(3, { done: true }))
        const steps = watch.pipe(
          progress(),
          map((metadata) => String((metadata as { step: Json }).step)),
        )
        expectObservable(steps).toBe('1 2249ms 2 749ms (3|)')
      }))

    it('should complete at an error, with its metadata', () =>
      inVirtualTime(({ expectObservable }) => {
        const watch = watching(at(1), at(2, { done: true, error: { code: 1 } }))
        const steps = watch.pipe(
          progress(),
          map((metadata) => String((metadata as { step: Json }).step)),
        )
        expectObservable(steps).toBe('1 749ms (2|)')
        expectObservable(watching(http(403)).pipe(progress())).toBe('|')
      }))
  })

  describe('orThrow', () => {
    it('should let every operation pass, and make of the Left an error notification', () =>
      inVirtualTime(({ expectObservable }) => {
        const tag = map(({ _tag }: Operation) => _tag)
        expectObservable(watching(running(), succeeded()).pipe(orThrow(), tag)).toBe('r 749ms (s|)', TAGS)
        const caught = catchError((thrown) => of((thrown as OperationException).error._tag))
        expectObservable(watching(running(), failed(8)).pipe(orThrow(), tag, caught)).toBe(
          'r 749ms (f|)',
          TAGS,
        )
      }))

    it('should throw an OperationException: its message the sentence, its error the record', () => {
      const error: OperationError = { _tag: 'InvalidName', message: 'a sentence', name: 'x', reason: 'why' }
      let thrown: unknown
      of(left<OperationError, Operation>(error))
        .pipe(orThrow())
        .subscribe({
          error: (given) => {
            thrown = given
          },
        })
      expect(thrown).to.be.instanceOf(OperationException).and.be.instanceOf(Error)
      expect(thrown).to.include({ name: 'OperationException', message: 'a sentence', error })
    })
  })

  describe('andThen', () => {
    it('should go on with the response of the first, whose Succeeded is not emitted', () =>
      inVirtualTime(({ expectObservable }) => {
        const chained = () =>
          watching(running(), succeeded({ id: 'p' })).pipe(
            andThen((response, { done }) =>
              watching(running(), succeeded({ first: { response: response ?? null, done } })),
            ),
          )
        expectObservable(chained().pipe(tags())).toBe('r 749ms r 749ms (s|)', TAGS)
        const o = right({ first: { response: { id: 'p' }, done: true } })
        expectObservable(chained().pipe(outcome())).toBe('1500ms (o|)', { o })
      }))

    it('should end at the Left of the first, and of the second', () =>
      inVirtualTime(({ expectObservable }) => {
        let asked = 0
        const second = () => {
          asked++
          return watching(running(), failed(3))
        }
        expectObservable(watching(running(), failed(8)).pipe(andThen(second), tags())).toBe(
          'r 749ms (f|)',
          TAGS,
        )
        expectObservable(watching(succeeded()).pipe(andThen(second), tags())).toBe('r 749ms (f|)', TAGS)
        expectObservable(of(0).pipe(map(() => asked)), '5s ^').toBe('5s (a|)', { a: 1 })
      }))

    it('should send a throwing function through the error channel', () =>
      inVirtualTime(({ expectObservable }) => {
        const chained = watching(succeeded()).pipe(
          andThen((): never => {
            throw new Error('a bug')
          }),
        )
        expectObservable(chained).toBe('#', {}, new Error('a bug'))
      }))

    it('should take a Promise of one word for the second', async () => {
      const chained = watching(succeeded()).pipe(
        andThen(async () => left<'other', Operation>('other')),
        outcome(),
      )
      expect(await new Promise((resolve) => chained.subscribe(resolve))).to.deep.equal(left('other'))
    })
  })

  describe('track', () => {
    it('should merge the watches of what is started, each from its start answer', () =>
      inVirtualTime(({ cold, expectObservable, flush }) => {
        const { transport, requests } = scripted(running(), succeeded(), succeeded())
        const started = cold('a 99ms (b|)', {
          a: { name: 'operations/a' },
          b: { data: { name: 'operations/b', done: true, response: {} } },
        })
        const words = started.pipe(follow(new OperationsClient({ transport })), tags())
        expectObservable(words).toBe('r 99ms s 649ms r 749ms (s|)', TAGS)
        flush()
        expect(requests.map(({ url }) => new URL(url).pathname)).to.deep.equal([
          '/v3/operations/a',
          '/v3/operations/a',
        ])
      }))

    it('should refuse bad options at once', () => {
      expect(() => follow(new OperationsClient(), { timeout: -1 })).to.throw('timeout must be')
    })
  })

  describe('toTaskEither', () => {
    it('should run the watch each time it is run, to its last word', async () => {
      let n = 0
      const task = toTaskEither(
        watchOperation(NAME, {
          transport: () => of(right({ httpStatus: 200, body: { name: NAME, done: true, response: ++n } })),
        }),
      )
      expect(n).to.equal(0)
      expect(await task()).to.have.nested.property('right.response', 1)
      expect(await task()).to.have.nested.property('right.response', 2)
    })

    it('should give the Left', async () => {
      expect(await toTaskEither(watching(failed(5)))()).to.have.nested.property(
        'left.status.codeName',
        'NOT_FOUND',
      )
    })

    it('should unsubscribe and reject when its signal is aborted', async () => {
      const controller = new AbortController()
      const watch = new Subject<Either<OperationError, Operation>>()
      const run = toTaskEither(watch, { signal: controller.signal })()
      expect(watch.observed).to.equal(true)
      controller.abort(new Error('enough'))
      expect(await run.catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'enough')
      expect(watch.observed).to.equal(false)
    })

    it('should subscribe to nothing where its signal is aborted already', async () => {
      const watch = new Subject<Either<OperationError, Operation>>()
      const signal = {
        aborted: true,
        addEventListener: () => undefined,
        removeEventListener: () => undefined,
      }
      const run = toTaskEither(watch, { signal })()
      expect(watch.observed).to.equal(false)
      expect(await run.catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'aborted')
    })

    it('should give the last word though it has a signal', async () => {
      const { signal } = new AbortController()
      expect(await toTaskEither(watching(succeeded(1)), { signal })()).to.have.nested.property(
        'right.response',
        1,
      )
    })

    it('should reject where there is no last word, and at a defect', async () => {
      const aborted = watchOperation(NAME, { transport: () => NEVER, signal: AbortSignal.abort() })
      expect(await toTaskEither(aborted)().catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'the watch was completed before its last word')
      const broken = watchOperation(NAME, { transport: () => throwError(() => new Error('a bug')) })
      expect(await toTaskEither(broken)().catch((thrown) => thrown))
        .to.be.an('error')
        .with.property('message', 'a bug')
    })
  })
})
