// Tests a watch in virtual time: a scripted transport replaces the network, and no real time passes.
import { deepEqual } from 'node:assert/strict'
import { test } from 'node:test'
import { either as E } from 'fp-ts'
import { constant, type Transport, watchOperation } from 'rx-longrunning'
import { map, of } from 'rxjs'
import { TestScheduler } from 'rxjs/testing'

const name = 'operations/x'

/** Returns a transport that responds with the next body at each poll. */
function scripted(...bodies: readonly object[]): Transport {
  const rest = [...bodies]
  return () => of(E.right({ httpStatus: 200, body: rest.shift() }))
}

test('polls every minute until the operation succeeds', () => {
  new TestScheduler(deepEqual).run(({ expectObservable }) => {
    const transport = scripted({ name }, { name }, { name, done: true })
    const watch = watchOperation(name, { transport, schedule: constant({ interval: 60_000 }) })
    const tags = watch.pipe(
      map((emission) => (E.isRight(emission) ? emission.right._tag : emission.left._tag)),
    )
    expectObservable(tags).toBe('r 59999ms r 59999ms (s|)', { r: 'Running', s: 'Succeeded' })
  })
})
