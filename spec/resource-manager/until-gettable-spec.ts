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
  http,
  inVirtualTime,
  NAME,
  type Reply,
  running,
  scripted,
  succeeded,
  TAGS,
  tags,
} from '../virtual.js'

function creation(...replies: readonly Reply[]) {
  const { transport, polledAt } = scripted(...replies)
  return { watch: watchOperation(NAME, { ...createProject, transport }), polledAt }
}
function at(metadata: object): Reply {
  return running({ '@type': CreateProjectMetadata.type, ...metadata } as { '@type': string })
}
const done = succeeded({ '@type': Project.type })

describe('gettable', () => {
  it('should give the first snapshot that says so, and poll no more', () =>
    inVirtualTime(({ expectObservable, flush }) => {
      const { watch, polledAt } = creation(at({}), at({ gettable: true }), at({ gettable: true }), done)
      expectObservable(watch.pipe(gettable(), tags())).toBe('750ms (r|)', TAGS)
      flush()
      expect(polledAt).to.deep.equal([0, 750])
    }))

  it('should give it with its metadata', () =>
    inVirtualTime(({ expectObservable }) => {
      const { watch } = creation(at({}), at({ gettable: true }))
      const isGettable = map((word: object) => JSON.stringify(word).includes('"gettable":true'))
      expectObservable(watch.pipe(gettable(), isGettable)).toBe('750ms (y|)', { y: true })
    }))

  it('should give the Succeeded where no snapshot says so', () =>
    inVirtualTime(({ expectObservable }) => {
      const { watch } = creation(running(), at({ gettable: false }), at({ gettable: 'yes' }), done)
      expectObservable(watch.pipe(gettable(), tags())).toBe('2250ms (s|)', TAGS)
    }))

  it('should give the Left where the creation fails first, or is not known', () =>
    inVirtualTime(({ expectObservable }) => {
      expectObservable(creation(at({}), failed(8)).watch.pipe(gettable(), tags())).toBe('750ms (f|)', TAGS)
      expectObservable(creation(http(403)).watch.pipe(gettable(), tags())).toBe('(j|)', TAGS)
    }))

  it('should unsubscribe from the watch, and from it alone', () =>
    inVirtualTime(({ cold, expectObservable, expectSubscriptions }) => {
      const values = { a: { _tag: 'Right', right: { done: false, metadata: { gettable: false } } } }
      const b = { _tag: 'Right', right: { done: false, metadata: { gettable: true } } }
      const source = cold('-a-b-a', { ...values, b } as never)
      expectObservable(source.pipe(gettable() as never)).toBe('---(b|)', { b })
      expectSubscriptions(source.subscriptions).toBe('^--!')
    }))

  it('should give no word where the watch was aborted', () =>
    inVirtualTime(({ expectObservable }) => {
      const signal = AbortSignal.abort()
      const watch = watchOperation(NAME, { ...createProject, transport: () => NEVER, signal })
      expectObservable(watch.pipe(gettable())).toBe('|')
    }))

  it('should keep the types of the watch, and take only watches whose metadata can say it', () => {
    const watch = watchOperation(NAME, createProject)
    expectTypeOf(watch.pipe(gettable())).toEqualTypeOf(watch)
    const v1 = watchOperation(NAME, createProjectV1)
    expectTypeOf(v1.pipe(gettable())).toEqualTypeOf(v1)
    const typed = watch.pipe(
      gettable(),
      tap(
        (word) =>
          isLeft(word) || expectTypeOf(word.right.metadata?.ready).toEqualTypeOf<boolean | undefined>(),
      ),
    )
    expectTypeOf(typed).toEqualTypeOf(watch)
    // @ts-expect-error the metadata of a folder's creation does not tell it
    watchOperation(NAME, createFolder).pipe(gettable())
  })
})
