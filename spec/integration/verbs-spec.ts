import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { filter, firstValueFrom, lastValueFrom, type Observable, take, tap, toArray } from 'rxjs'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient, service } from '../../lib/index.js'

const PARENT = 'projects/p/locations/europe-west1'
function name(id: string): string {
  return `${PARENT}/operations/${id}`
}
function only<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()), { defaultValue: [] })
}

/** Every method of google.longrunning.Operations, over real sockets. */
describe('integration/verbs', () => {
  let emulator: Emulator
  let client: OperationsClient
  beforeEach(async () => {
    emulator = await startEmulator()
    const options = service('aiplatform', { location: 'europe-west1' })
    client = new OperationsClient({ ...options, endpoint: emulator.endpoint })
  })
  afterEach(async () => {
    client.close()
    await emulator.close()
  })

  it('should list page after page, and stop asking when nobody wants more', async () => {
    for (let n = 0; n < 25; n++)
      emulator.operations.add(name(`o${n}`), [n % 5 === 0 ? { done: true, error: { code: 3 } } : {}])
    const words = await only(client.list(PARENT, { pageSize: 10 }))
    expect(words).to.have.length(25)
    expect(words.filter(isLeft).every(({ left }) => left._tag === 'OperationFailed')).to.equal(true)
    expect(words.filter(isLeft)).to.have.length(5)
    expect(emulator.requests).to.have.length(3)
    expect(await only(client.list(PARENT, { pageSize: 10 }).pipe(take(10)))).to.have.length(10)
    expect(emulator.requests).to.have.length(4)
    expect(await only(client.list(PARENT, { filter: 'done=false' }))).to.have.length(20)
  })

  it('should cancel, and tell by the watch', async () => {
    emulator.operations.add(name('x'), [{}])
    const words = await only(
      client.watch(name('x'), { schedule: constant({ interval: 5 }) }).pipe(
        tap((word) => {
          if (!isLeft(word) && word.right.attempt === 1) client.cancel(name('x')).subscribe()
        }),
      ),
    )
    expect(words.at(-1)).to.have.nested.property('left.status.codeName', 'CANCELLED')
  })

  it('should delete, after which there is no such operation', async () => {
    emulator.operations.add(name('x'), [{ done: true }])
    expect(await only(client.delete(name('x')))).to.deep.equal([{ _tag: 'Right', right: undefined }])
    expect(await only(client.get(name('x')))).to.have.nested.property('[0].left._tag', 'OperationNotFound')
  })

  it('should wait, and be answered by a cancel', async () => {
    emulator.operations.add(name('x'), [{}])
    const held = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Request')))
    const word = firstValueFrom(client.wait(name('x'), { timeout: 60_000 }))
    await held
    await only(client.cancel(name('x')))
    expect(await word).to.have.nested.property('left.status.codeName', 'CANCELLED')
    expect(emulator.requests[0]).to.have.nested.property('body.timeout', '60s')
  })

  it('should give a wait up when it is unsubscribed, and leave no socket', async () => {
    emulator.operations.add(name('x'), [{}])
    const aborted = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
    const held = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Request')))
    const waiting = client.wait(name('x')).subscribe()
    await held
    waiting.unsubscribe()
    await aborted
  })

  it('should watch by long polls: two requests for an operation that ends while the second is held', async () => {
    emulator.operations.add(name('x'), [{}])
    const posted = firstValueFrom(
      emulator.events.pipe(filter((event) => event._tag === 'Request' && event.request.method === 'POST')),
    )
    const words = only(client.watch(name('x'), { longPoll: true, schedule: constant({ interval: 5 }) }))
    await posted
    await only(client.cancel(name('x')))
    expect((await words).map((word) => (isLeft(word) ? word.left._tag : word.right._tag))).to.deep.equal([
      'Running',
      'OperationFailed',
    ])
    expect(emulator.operations.polls(name('x'))).to.equal(2)
  })
})
