import { expect } from 'chai'
import { map, type Observable } from 'rxjs'
import { constant, OperationsClient } from '../../lib/index.js'
import {
  delayed,
  httpReply,
  inVirtualTime,
  NAME,
  notFound,
  type Reply,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'

/** Functions that call the methods that retry, by the name of the method. */
const methods: Readonly<Record<string, (client: OperationsClient, options: object) => Observable<object>>> = {
  watch: (client, options) => client.watch(NAME, options),
  watchAll: (client, options) => client.watchAll([NAME], options).pipe(map(({ snapshot }) => snapshot)),
  cancel: (client, options) => client.cancel(NAME, options),
}

/** Returns the last emission and the times of the requests, with a rate limit of one request in a minute. */
function runLimited(method: keyof typeof methods, options: object, ...replies: readonly Reply[]) {
  const { transport, polledAt } = scripted(...replies)
  let last: object | undefined
  inVirtualTime(({ flush }) => {
    const rateLimit = { requests: 1, per: 60_000 }
    const endpoint = 'http://127.0.0.1:1'
    const client = new OperationsClient({ endpoint, transport, rateLimit, random: () => 1 })
    methods[method]?.(client, options).subscribe((emission) => {
      last = emission
    })
    flush()
  })
  return { last, polledAt }
}

describe('watch/lost-time: time that a poll waits for the rate limit', () => {
  for (const method of ['watch', 'watchAll', 'cancel'])
    it(`should not count as retry time of ${method}`, () => {
      const { last, polledAt } = runLimited(method, { maxRetryTime: 20_000 }, unavailable)
      expect(last).to.have.nested.property('left._tag', 'Unreachable')
      // The waits after the failures are 500, 1000, 2000, 4000 and 8000 ms. The sixth wait is 4500 ms, because the retry time
      // of 20 s then ends. Each wait is over before the rate limit permits the next poll.
      expect(polledAt).to.deep.equal([0, 1, 2, 3, 4, 5, 6].map((minute) => minute * 60_000))
      expect(last).to.have.nested.property('left.lasted', 20_000)
    })

  it('should not count as retry time, unlike the time of a slow request', () => {
    const slow = delayed(15_000, unavailable)
    const { last, polledAt } = runLimited('watch', { maxRetryTime: 20_000 }, slow)
    expect(polledAt).to.deep.equal([0, 60_000, 120_000])
    expect(last).to.have.nested.property('left.lasted', 31_500)
  })

  for (const method of ['watch', 'watchAll'])
    it(`should not count toward the visibility window of ${method}`, () => {
      const options = { visibilityWindow: 2_500, schedule: constant({ interval: 1_000 }) }
      const { last, polledAt } = runLimited(method, options, notFound)
      expect(polledAt).to.deep.equal([0, 60_000, 120_000, 180_000])
      expect(last).to.have.nested.property('left._tag', 'OperationNotFound')
      const found = runLimited(method, options, notFound, notFound, notFound, succeeded())
      expect(found.last).to.have.nested.property('right._tag', 'Succeeded')
    })

  it('should count toward the elapsed time', () => {
    const { last } = runLimited('watch', {}, running(), succeeded())
    expect(last).to.have.nested.property('right.elapsed', 60_000)
  })

  it('should not count as retry time of later failures if a running snapshot precedes them', () => {
    const replies = [unavailable, running(), unavailable, unavailable, httpReply(403)]
    const { last } = runLimited('watch', { maxRetryTime: 1_000 }, ...replies)
    expect(last).to.have.nested.property('left._tag', 'RequestRejected')
  })
})
