import { expect } from 'chai'
import {
  concat,
  defer,
  firstValueFrom,
  ignoreElements,
  lastValueFrom,
  map,
  type Observable,
  of,
  timer,
} from 'rxjs'
import { constant, OperationsClient, type Transport } from '../../lib/index.js'
import {
  connectionLost,
  NAME,
  notFound,
  running,
  succeeded,
  type TransportResult,
  unavailable,
} from '../virtual.js'

/** Blocks the event loop. The process then runs no timer and reads no response, as if it were frozen. */
function freeze(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}

/** Returns an Observable that blocks the event loop after a delay, and then completes. */
function freezeAfter(delayMilliseconds: number, freezeMilliseconds: number): Observable<never> {
  return timer(delayMilliseconds).pipe(
    map(() => freeze(freezeMilliseconds)),
    ignoreElements(),
  )
}

/** Returns a client that receives `replies` in order. The last reply is repeated. */
function clientOf(...replies: readonly (TransportResult | Observable<TransportResult>)[]) {
  let count = 0
  const transport: Transport = () =>
    defer(() => {
      const reply = replies[Math.min(count++, replies.length - 1)] as TransportResult
      return '_tag' in reply ? of(reply) : reply
    })
  const client = new OperationsClient({
    endpoint: 'http://127.0.0.1:1',
    transport,
    random: () => 0.1,
    rateLimit: false,
  })
  return { client, requestCount: () => count }
}

/** The methods that watch operations. */
const watchMethods: Readonly<
  Record<string, (client: OperationsClient, options: object) => Observable<object>>
> = {
  watch: (client, options) => client.watch(NAME, options),
  watchAll: (client, options) => client.watchAll([NAME], options).pipe(map(({ snapshot }) => snapshot)),
}
/** The methods that retry. */
const retryingMethods: typeof watchMethods = {
  ...watchMethods,
  cancel: (client, options) => client.cancel(NAME, options),
  list: (client, options) => client.list('projects/p', options),
}

describe('time/frozen-time', () => {
  for (const [method, call] of Object.entries(retryingMethods)) {
    const success: TransportResult = {
      _tag: 'Right',
      right: {
        httpStatus: 200,
        body: method === 'list' ? { operations: [{ name: NAME }] } : { name: NAME, done: true },
      },
    }

    it(`should not count the delay of a poll that is sent after its due time as retry time of ${method}`, async () => {
      const { client, requestCount } = clientOf(unavailable, connectionLost(), success)
      const result = lastValueFrom(call(client, { maxRetryTime: 1_000 }))
      await lastValueFrom(freezeAfter(5, 1_500), { defaultValue: undefined })
      expect(await result).to.have.property('_tag', 'Right')
      expect(requestCount()).to.equal(3)
    })

    it(`should not count the time for which the process is frozen during a request as retry time of ${method}`, async () => {
      const lost = concat(freezeAfter(5, 1_700), of(connectionLost()))
      const { client, requestCount } = clientOf(unavailable, lost, success)
      expect(await lastValueFrom(call(client, { maxRetryTime: 1_000 }))).to.have.property('_tag', 'Right')
      expect(requestCount()).to.equal(3)
    })

    it(`should count the time of a slow request as retry time of ${method}`, async () => {
      const slow = concat(timer(1_200).pipe(ignoreElements()), of(connectionLost()))
      const { client, requestCount } = clientOf(unavailable, slow, success)
      expect(await lastValueFrom(call(client, { maxRetryTime: 1_000 }))).to.have.nested.property(
        'left._tag',
        'Unreachable',
      )
      expect(requestCount()).to.equal(2)
    })
  }

  for (const [method, call] of Object.entries(watchMethods)) {
    it(`should not count the time for which the process is frozen toward the visibility window of ${method}`, async () => {
      const lateNotFound = concat(freezeAfter(5, 1_700), of(notFound))
      const { client } = clientOf(notFound, lateNotFound, succeeded())
      const options = { visibilityWindow: 1_000, schedule: constant({ interval: 10 }) }
      expect(await lastValueFrom(call(client, options))).to.have.nested.property('right._tag', 'Succeeded')
    })

    const options = { timeout: 1_000, schedule: constant({ interval: 60_000 }) }
    const successAfter20Ms = timer(20).pipe(map(() => succeeded()))

    it(`should poll once more in ${method} after a freeze if the timeout expired during the freeze`, async () => {
      const { client } = clientOf(running(), successAfter20Ms)
      const result = lastValueFrom(call(client, options))
      await lastValueFrom(freezeAfter(50, 2_500), { defaultValue: undefined })
      expect(await result).to.have.nested.property('right._tag', 'Succeeded')
    })

    it(`should end ${method} with TimedOut if the additional poll after a freeze does not detect the end of the operation`, async () => {
      const { client, requestCount } = clientOf(running())
      const result = lastValueFrom(call(client, options))
      await lastValueFrom(freezeAfter(50, 2_500), { defaultValue: undefined })
      expect(await result).to.have.nested.property('left._tag', 'TimedOut')
      expect(requestCount()).to.be.within(2, 3)
    })

    it(`should poll again in ${method} if the process is frozen during the last poll before the timeout, and this poll fails`, async () => {
      const lost = timer(100).pipe(map(() => connectionLost()))
      const { client } = clientOf(running(), lost, successAfter20Ms)
      const result = lastValueFrom(call(client, options))
      await lastValueFrom(freezeAfter(300, 2_500), { defaultValue: undefined })
      expect(await result).to.have.nested.property('right._tag', 'Succeeded')
    })
  }

  it('should not count the time for which the process is frozen as retry time of `step`', async () => {
    const lost = concat(freezeAfter(5, 1_700), of(connectionLost()))
    const { client } = clientOf(unavailable, lost)
    const first = await firstValueFrom(client.step(NAME))
    if (first._tag !== 'Pending') throw new Error('unexpected final result')
    expect(await firstValueFrom(client.step(first.state, { maxRetryTime: 1_000 }))).to.have.property(
      '_tag',
      'Pending',
    )
  })
})
