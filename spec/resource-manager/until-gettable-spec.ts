import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { isLeft } from 'fp-ts/lib/Either.js'
import { map, NEVER, tap } from 'rxjs'
import { watchOperation } from '../../lib/index.js'
import {
  CreateProjectMetadata,
  createFolder,
  createProject,
  createProjectV1,
  gettable,
  Project,
} from '../../lib/resource-manager/index.js'
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
} from '../virtual.js'

function creationWatch(...replies: readonly Reply[]) {
  const { transport, polledAt } = scripted(...replies)
  return { watch: watchOperation(NAME, { ...createProject, transport }), polledAt }
}
function runningWith(metadata: object): Reply {
  return running({ '@type': CreateProjectMetadata.type, ...metadata } as { '@type': string })
}
const doneReply = succeeded({ '@type': Project.type })

describe('resource-manager/until-gettable', () => {
  it('should emit the first snapshot with gettable: true and stop polling', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { watch, polledAt } = creationWatch(
        runningWith({}),
        runningWith({ gettable: true }),
        runningWith({ gettable: true }),
        doneReply,
      )
      expectObservable(watch.pipe(gettable(), tags())).toBe('750ms (r|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 750])
    }))

  it('should emit the snapshot with its metadata', () =>
    inVirtualTime(({ expectObservable }) => {
      const { watch } = creationWatch(runningWith({}), runningWith({ gettable: true }))
      const isGettable = map((emission: object) => JSON.stringify(emission).includes('"gettable":true'))
      expectObservable(watch.pipe(gettable(), isGettable)).toBe('750ms (y|)', { y: true })
    }))

  it('should emit Succeeded if no snapshot has gettable: true', () =>
    inVirtualTime(({ expectObservable }) => {
      const { watch } = creationWatch(
        running(),
        runningWith({ gettable: false }),
        runningWith({ gettable: 'yes' }),
        doneReply,
      )
      expectObservable(watch.pipe(gettable(), tags())).toBe('2312ms (s|)', TAGS)
    }))

  it('should emit the Left if the creation fails before the project is gettable, or if the request is rejected', () =>
    inVirtualTime(({ expectObservable }) => {
      expectObservable(creationWatch(runningWith({}), failed(8)).watch.pipe(gettable(), tags())).toBe(
        '750ms (f|)',
        TAGS,
      )
      expectObservable(creationWatch(httpReply(403)).watch.pipe(gettable(), tags())).toBe('(j|)', TAGS)
    }))

  it('should unsubscribe from the source after the first snapshot with gettable: true', () =>
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const values = { a: { _tag: 'Right', right: { done: false, metadata: { gettable: false } } } }
      const b = { _tag: 'Right', right: { done: false, metadata: { gettable: true } } }
      const source = cold('-a-b-a', { ...values, b } as never)
      expectObservable(source.pipe(gettable() as never)).toBe('---(b|)', { b })
      expectSubscriptions(source.subscriptions).toBe('^--!')
    }))

  it('should complete without emitting if the watch is aborted', () =>
    inVirtualTime(({ expectObservable }) => {
      const signal = AbortSignal.abort()
      const watch = watchOperation(NAME, { ...createProject, transport: () => NEVER, signal })
      expectObservable(watch.pipe(gettable())).toBe('|')
    }))

  it('should keep the types of the watch and accept only metadata with gettable', () => {
    const watch = watchOperation(NAME, createProject)
    expectTypeOf(watch.pipe(gettable())).toEqualTypeOf(watch)
    const watchV1 = watchOperation(NAME, createProjectV1)
    expectTypeOf(watchV1.pipe(gettable())).toEqualTypeOf(watchV1)
    const typedWatch = watch.pipe(
      gettable(),
      tap(
        (emission) =>
          isLeft(emission) ||
          expectTypeOf(emission.right.metadata?.ready).toEqualTypeOf<boolean | undefined>(),
      ),
    )
    expectTypeOf(typedWatch).toEqualTypeOf(watch)
    // @ts-expect-error CreateFolderMetadata has no gettable
    watchOperation(NAME, createFolder).pipe(gettable())
  })
})
