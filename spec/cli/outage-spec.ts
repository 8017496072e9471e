import { expect } from 'chai'
import { asyncScheduler, delay, merge, of, throwError } from 'rxjs'
import { RedisUnavailable } from '../../lib/bullmq/connection.js'
import { outageMessages } from '../../lib/cli/outage.js'
import { inVirtualTime } from '../virtual.js'

/** Returns the messages and their times for errors at the given times. Redis is available outside `outage`. */
function messagesFor(errors: readonly (readonly [number, Error])[], outage: readonly [number, number]) {
  const messages: string[] = []
  inVirtualTime(({ flush }) => {
    const check = () => {
      const isOut = asyncScheduler.now() >= outage[0] && asyncScheduler.now() < outage[1]
      return isOut ? throwError(() => unreachable) : of(undefined)
    }
    const source = merge(...errors.map(([time, error]) => of(error).pipe(delay(time))))
    outageMessages(source, check).subscribe((message) => messages.push(`${asyncScheduler.now()} ${message}`))
    flush()
  })
  return messages
}

const unreachable = new RedisUnavailable('redis://h:1', 'is unreachable: ECONNREFUSED', 'ECONNREFUSED')

describe('cli/outage', () => {
  it('should emit the beginning of an outage once, and its length at the end', () => {
    const errors = Array.from({ length: 20 }, (_, n) => [1_000 + 500 * n, unreachable] as const)
    expect(messagesFor(errors, [1_000, 10_800])).to.deep.equal([
      '1000 Redis at redis://h:1 is unreachable: ECONNREFUSED; waiting',
      '13000 Redis is available again, after 12.0 s',
    ])
  })

  it('should emit a second outage', () => {
    const errors = [
      [0, unreachable],
      [60_000, unreachable],
    ] as const
    expect(messagesFor(errors, [0, 1])).to.deep.equal([
      '0 Redis at redis://h:1 is unreachable: ECONNREFUSED; waiting',
      '3000 Redis is available again, after 3.0 s',
      '60000 Redis at redis://h:1 is unreachable: ECONNREFUSED; waiting',
      '63000 Redis is available again, after 3.0 s',
    ])
  })

  it('should emit other errors, also during an outage', () => {
    const errors = [
      [0, unreachable],
      [500, new Error('no credentials')],
    ] as const
    expect(messagesFor(errors, [0, 1])).to.include('500 no credentials')
  })
})
