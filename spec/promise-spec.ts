import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { expectTypeOf } from 'expect-type'
import { Observable, Subject } from 'rxjs'
import {
  constant,
  InvalidOption,
  type Json,
  type Operation,
  OperationException,
  OperationsClient,
  type Transport,
  type WatchEnded,
} from '../lib/index.js'
import { iterate } from '../lib/operators/iterate.js'
import { failed, NAME, type Reply, running, scripted, succeeded } from './virtual.js'

const schedule = constant({ interval: 1 })

function clientOf(...replies: readonly Reply[]) {
  const { transport, ...records } = scripted(...replies)
  return { client: new OperationsClient({ transport, rateLimit: false }), ...records }
}

/** Returns a client whose polls get no response. `polled` resolves after the first poll was sent. */
function silentClient() {
  const abortedPolls: string[] = []
  let resolve: () => void = () => undefined
  const polled = new Promise<void>((resolvePromise) => (resolve = resolvePromise))
  const transport: Transport = ({ url }) =>
    new Observable(() => {
      resolve()
      return () => abortedPolls.push(url)
    })
  return { client: new OperationsClient({ transport, rateLimit: false }), polled, abortedPolls }
}

/** Resolves with the error of a Promise. */
async function rejectionOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => expect.fail(`resolved with ${JSON.stringify(value)}`),
    (error: unknown) => error,
  )
}

async function allOf<A>(values: AsyncIterable<A>): Promise<readonly A[]> {
  const all: A[] = []
  for await (const value of values) all.push(value)
  return all
}

describe('client.result', () => {
  it('should resolve with the response', async () => {
    const { client, polledAt } = clientOf(running(), succeeded({ id: 7 }))
    const result = client.result(NAME, { schedule })
    expectTypeOf(result).toEqualTypeOf<Promise<Json | undefined>>()
    expect(await result).to.deep.equal({ id: 7 })
    expect(polledAt).to.have.length(2)
  })

  it('should reject with an OperationException for every Left', async () => {
    const failure = await rejectionOf(clientOf(failed(8, 'no quota')).client.result(NAME))
    expect(failure).to.be.instanceOf(OperationException)
    expect(failure).to.have.nested.property('error._tag', 'OperationFailed')
    expect(failure).to.have.property('message').that.includes('RESOURCE_EXHAUSTED: no quota')
    expect(await rejectionOf(clientOf().client.result('x?y'))).to.have.nested.property(
      'error._tag',
      'InvalidName',
    )
  })

  it('should stop polling and reject with the reason when the signal is aborted', async () => {
    const { client, polled, abortedPolls } = silentClient()
    const abortController = new AbortController()
    const result = client.result(NAME, { signal: abortController.signal })
    const reason = new Error('shutdown')
    await polled
    abortController.abort(reason)
    expect(abortedPolls).to.have.length(1)
    expect(await rejectionOf(result)).to.equal(reason)
    expect(await rejectionOf(client.result(NAME, { signal: AbortSignal.abort(reason) }))).to.equal(reason)
    expect(abortedPolls).to.have.length(1)
  })

  it('should throw InvalidOption immediately if an option is invalid', () => {
    expect(() => clientOf().client.result(NAME, { timeout: -1 })).to.throw(InvalidOption)
    expect(() => clientOf().client.snapshots(NAME, { signal: 7 as never })).to.throw(InvalidOption)
  })
})

describe('client.snapshots', () => {
  it('should iterate over the snapshots, the last one with the response', async () => {
    const { client } = clientOf(running({ step: 1 }), running({ step: 2 }), succeeded({ id: 7 }))
    const snapshots = client.snapshots(NAME, { schedule })
    expectTypeOf(snapshots).toEqualTypeOf<AsyncIterable<Operation<Json | undefined, Json>>>()
    const all = await allOf(snapshots)
    expect(all.at(0)).to.deep.include({ _tag: 'Running', metadata: { step: 1 } })
    expect(all.at(-1)).to.deep.include({ _tag: 'Succeeded', response: { id: 7 } })
  })

  it('should poll for each loop, and not before the first loop', async () => {
    const { client, polledAt } = clientOf(succeeded())
    const snapshots = client.snapshots(NAME)
    expect(polledAt).to.have.length(0)
    await allOf(snapshots)
    await allOf(snapshots)
    expect(polledAt).to.have.length(2)
  })

  it('should throw an OperationException after the snapshots', async () => {
    const { client } = clientOf(running(), failed(8))
    const seen: string[] = []
    const loop = async (): Promise<void> => {
      for await (const { _tag } of client.snapshots(NAME, { schedule })) seen.push(_tag)
    }
    expect(await rejectionOf(loop())).to.have.nested.property('error._tag', 'OperationFailed')
    expect(seen).to.deep.equal(['Running'])
  })

  it('should abort the poll in flight when the signal is aborted, and throw the reason', async () => {
    const { client, polled, abortedPolls } = silentClient()
    const abortController = new AbortController()
    const loop = allOf(client.snapshots(NAME, { signal: abortController.signal }))
    await polled
    abortController.abort(new Error('shutdown'))
    expect(abortedPolls).to.have.length(1)
    expect(await rejectionOf(loop)).to.have.property('message', 'shutdown')
  })

  it('should end the watch at once on break', async () => {
    const { client } = clientOf(running())
    const ends: string[] = []
    const listener = (event: unknown): void => void ends.push((event as WatchEnded).outcome)
    subscribe('rx-longrunning:watch:end', listener)
    for await (const snapshot of client.snapshots(NAME, { schedule })) {
      expect(snapshot._tag).to.equal('Running')
      break
    }
    unsubscribe('rx-longrunning:watch:end', listener)
    expect(ends).to.deep.equal(['Unsubscribed'])
  })
})

describe('iterate', () => {
  it('should unsubscribe at once if return is called during next', async () => {
    let isUnsubscribed = false
    const iterator = iterate(new Observable(() => () => (isUnsubscribed = true)))[Symbol.asyncIterator]()
    const [first, second] = [iterator.next(), iterator.next()]
    const returned = iterator.return?.()
    expect(isUnsubscribed).to.equal(true)
    const end = { done: true, value: undefined }
    expect(await Promise.all([first, second, returned, iterator.next()])).to.deep.equal([end, end, end, end])
  })

  it('should not subscribe after return', async () => {
    let subscriptions = 0
    const iterator = iterate(new Observable(() => void subscriptions++))[Symbol.asyncIterator]()
    await iterator.return?.()
    expect(await iterator.next()).to.deep.equal({ done: true, value: undefined })
    expect(subscriptions).to.equal(0)
  })

  it('should keep only the latest value, and never lose the last one', async () => {
    const source = new Subject<number>()
    const iterator = iterate(source)[Symbol.asyncIterator]()
    const first = iterator.next()
    for (const value of [1, 2, 3]) source.next(value)
    expect(await first).to.deep.equal({ done: false, value: 1 })
    expect(await iterator.next()).to.deep.equal({ done: false, value: 3 })
    source.next(4)
    source.complete()
    expect(await iterator.next()).to.deep.equal({ done: false, value: 4 })
    expect(await iterator.next()).to.deep.equal({ done: true, value: undefined })
  })

  it('should throw an error after the latest value, and only once', async () => {
    const source = new Subject<number>()
    const iterator = iterate(source)[Symbol.asyncIterator]()
    const first = iterator.next()
    source.next(1)
    source.next(2)
    source.error(new Error('failed'))
    expect(await first).to.deep.equal({ done: false, value: 1 })
    expect(await iterator.next()).to.deep.equal({ done: false, value: 2 })
    expect(await rejectionOf(iterator.next())).to.have.property('message', 'failed')
    expect(await iterator.next()).to.deep.equal({ done: true, value: undefined })
  })

  it('should resolve waiting requests in their order', async () => {
    const source = new Subject<number>()
    const iterator = iterate(source)[Symbol.asyncIterator]()
    const requests = [iterator.next(), iterator.next(), iterator.next()]
    for (const value of [1, 2]) source.next(value)
    source.complete()
    expect((await Promise.all(requests)).map(({ value }) => value)).to.deep.equal([1, 2, undefined])
  })
})
