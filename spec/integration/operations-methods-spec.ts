import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { filter, firstValueFrom, lastValueFrom, type Observable, take, tap, toArray } from 'rxjs'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { constant, OperationsClient, service } from '../../lib/index.js'

const PARENT = 'projects/p/locations/europe-west1'
function nameOf(id: string): string {
  return `${PARENT}/operations/${id}`
}
function allValues<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()), { defaultValue: [] })
}

/** Every method of google.longrunning.Operations, over real sockets. */
describe('integration/operations-methods', () => {
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

  // Cited in docs/COMPARISON.md as: list
  it('should list operations page by page, and request only the pages that are needed', async () => {
    for (let n = 0; n < 25; n++)
      emulator.operations.add(nameOf(`o${n}`), [n % 5 === 0 ? { done: true, error: { code: 3 } } : {}])
    const emissions = await allValues(client.list(PARENT, { pageSize: 10 }))
    expect(emissions).to.have.length(25)
    expect(emissions.filter(isLeft).every(({ left }) => left._tag === 'OperationFailed')).to.equal(true)
    expect(emissions.filter(isLeft)).to.have.length(5)
    expect(emulator.requests).to.have.length(3)
    // Ten operations are on the first page, so no further page is requested.
    expect(await allValues(client.list(PARENT, { pageSize: 10 }).pipe(take(10)))).to.have.length(10)
    expect(emulator.requests).to.have.length(4)
    expect(await allValues(client.list(PARENT, { filter: 'done=false' }))).to.have.length(20)
  })

  // Cited in docs/COMPARISON.md as: cancel
  it('should cancel an operation, and then end a watch of this operation with CANCELLED', async () => {
    emulator.operations.add(nameOf('x'), [{}])
    const emissions = await allValues(
      client.watch(nameOf('x'), { schedule: constant({ interval: 5 }) }).pipe(
        tap((emission) => {
          if (!isLeft(emission) && emission.right.attempt === 1) client.cancel(nameOf('x')).subscribe()
        }),
      ),
    )
    expect(emissions.at(-1)).to.have.nested.property('left.status.codeName', 'CANCELLED')
  })

  // Cited in docs/COMPARISON.md as: delete
  it('should delete an operation, and then return OperationNotFound for its name', async () => {
    emulator.operations.add(nameOf('x'), [{ done: true }])
    expect(await allValues(client.delete(nameOf('x')))).to.deep.equal([{ _tag: 'Right', right: undefined }])
    expect(await allValues(client.get(nameOf('x')))).to.have.nested.property(
      '[0].left._tag',
      'OperationNotFound',
    )
  })

  // Cited in docs/COMPARISON.md as: wait
  it('should wait until the operation is cancelled', async () => {
    emulator.operations.add(nameOf('x'), [{}])
    const requested = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Request')))
    const result = firstValueFrom(client.wait(nameOf('x'), { timeout: 60_000 }))
    await requested
    await allValues(client.cancel(nameOf('x')))
    expect(await result).to.have.nested.property('left.status.codeName', 'CANCELLED')
    expect(emulator.requests[0]).to.have.nested.property('body.timeout', '60s')
  })

  it('should abort the request of a wait when the wait is unsubscribed', async () => {
    emulator.operations.add(nameOf('x'), [{}])
    const aborted = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
    const requested = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Request')))
    const waitSubscription = client.wait(nameOf('x')).subscribe()
    await requested
    waitSubscription.unsubscribe()
    await aborted
  })

  it('should send two requests for a watch with longPoll if the operation ends during the second request', async () => {
    emulator.operations.add(nameOf('x'), [{}])
    const waitRequested = firstValueFrom(
      emulator.events.pipe(filter((event) => event._tag === 'Request' && event.request.method === 'POST')),
    )
    const emissions = allValues(
      client.watch(nameOf('x'), { longPoll: true, schedule: constant({ interval: 5 }) }),
    )
    await waitRequested
    await allValues(client.cancel(nameOf('x')))
    expect(
      (await emissions).map((emission) => (isLeft(emission) ? emission.left._tag : emission.right._tag)),
    ).to.deep.equal(['Running', 'OperationFailed'])
    expect(emulator.operations.polls(nameOf('x'))).to.equal(2)
  })
})
