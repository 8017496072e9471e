import { either as E } from 'fp-ts'
import nock from 'nock'
import { outcome, watchOperation } from 'rx-longrunning'
import { startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'
import { expect, it } from 'vitest'

it('should poll an operation of the emulator', async () => {
  const emulator = await startEmulator()
  emulator.operations.add('operations/good', [{}, { polls: 2, done: true, response: { a: 1 } }])
  const watch = watchOperation('operations/good', { endpoint: emulator.endpoint })
  expect(await lastValueFrom(watch.pipe(outcome()))).toEqual(E.right({ a: 1 }))
  await emulator.close()
})

it('should poll responses of nock', async () => {
  const host = nock('https://cloudresourcemanager.googleapis.com')
  host.get('/v3/operations/x').reply(503)
  host.get('/v3/operations/x').reply(200, { name: 'operations/x', done: true, response: { a: 1 } })
  const watch = watchOperation('operations/x', { auth: false })
  expect(await lastValueFrom(watch.pipe(outcome()))).toEqual(E.right({ a: 1 }))
  expect(host.isDone()).toBe(true)
})
