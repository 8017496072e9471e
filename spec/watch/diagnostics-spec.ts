import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { lastValueFrom, NEVER, of } from 'rxjs'
import { lagBounded, OperationsClient, type PollEnded, watchOperation } from '../../lib/index.js'
import { initialState } from '../../lib/polling/poll-state.js'
import { diagnostics } from '../../lib/watch/diagnostics.js'
import { type SendPoll, sendOnce } from '../../lib/watch/poll-once.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'
import {
  delayed,
  failed,
  httpReply,
  inVirtualTime,
  NAME,
  rpcError,
  running,
  scripted,
  succeeded,
  unavailable,
} from '../virtual.js'

const ENDPOINT = 'https://cloudresourcemanager.googleapis.com'

/** Returns the events that are published while `body` runs, without their member `watch`. */
async function publishedEvents(body: () => unknown): Promise<(readonly [string, object])[]> {
  const events: (readonly [string, object])[] = []
  const listeners = ['watch:start', 'watch:end', 'poll:start', 'poll:end'].map((name) => {
    const listener = (event: unknown): void => {
      const { watch: _, ...otherMembers } = event as Record<string, unknown>
      events.push([name, otherMembers])
    }
    subscribe(`rx-longrunning:${name}`, listener)
    return [`rx-longrunning:${name}`, listener] as const
  })
  try {
    await body()
  } finally {
    for (const [name, listener] of listeners) unsubscribe(name, listener)
  }
  return events
}

describe('watch/diagnostics', () => {
  it('should publish one poll:end if a transport emits twice', async () => {
    const transport = () => of(succeeded(), succeeded())
    let settledCount = 0
    const schedule = { next: () => 1, settled: () => settledCount++ }
    const events = await publishedEvents(() => lastValueFrom(watchOperation(NAME, { transport, schedule })))
    expect(events.filter(([name]) => name === 'poll:end')).to.have.length(1)
    expect(settledCount).to.equal(1)
  })

  it('should publish each watch and each poll', async () => {
    const { transport } = scripted(delayed(30, running()), unavailable, delayed(20, succeeded()))
    const events = await publishedEvents(() =>
      inVirtualTime(({ expectObservable }) => {
        expectObservable(watchOperation(NAME, { transport, random: () => 1 }))
      }),
    )
    const target = { name: NAME, endpoint: ENDPOINT }
    const firstPoll = { ...target, attempt: 1, elapsed: 0 }
    const secondPoll = { ...target, attempt: 2, elapsed: 780 }
    const thirdPoll = { ...target, attempt: 3, elapsed: 1280 }
    const status = { code: 14, codeName: 'UNAVAILABLE', message: 'server message', details: [] }
    expect(events).to.deep.equal([
      ['watch:start', target],
      ['poll:start', firstPoll],
      ['poll:end', { ...firstPoll, took: 30, verdict: 'Running', httpStatus: 200, nextDelay: 750 }],
      ['poll:start', secondPoll],
      [
        'poll:end',
        {
          ...secondPoll,
          took: 0,
          verdict: 'Transient',
          httpStatus: 503,
          failure: { _tag: 'HttpFailure', httpStatus: 503, status },
          nextDelay: 500,
        },
      ],
      ['poll:start', thirdPoll],
      ['poll:end', { ...thirdPoll, took: 20, lag: 1270, verdict: 'Succeeded', httpStatus: 200 }],
      ['watch:end', { ...target, outcome: 'Succeeded' }],
    ])
  })

  it('should publish the outcome of each watch', async () => {
    const outcomesOf = async (...replies: Parameters<typeof httpReply>[]) => {
      const events = await publishedEvents(() =>
        lastValueFrom(
          watchOperation(NAME, {
            transport: scripted(...replies.map((reply) => httpReply(...reply))).transport,
          }),
        ),
      )
      return events
        .filter(([name]) => name === 'watch:end')
        .map(([, event]) => (event as { outcome: string }).outcome)
    }
    expect(await outcomesOf([403])).to.deep.equal(['RequestRejected'])
    expect(await outcomesOf([200, { done: true, error: {} }])).to.deep.equal(['OperationFailed'])
    const events = await publishedEvents(() =>
      watchOperation(NAME, { transport: scripted('never').transport })
        .subscribe()
        .unsubscribe(),
    )
    expect(events.map(([, event]) => (event as { outcome?: string }).outcome)).to.deep.equal([
      undefined,
      'Unsubscribed',
    ])
  })

  it('should publish an aborted poll, and the defect that ends a watch', async () => {
    const events = await publishedEvents(() =>
      inVirtualTime(({ cold, expectObservable }) => {
        const hint = cold('100ms #', {}, new Error('a bug'))
        expectObservable(watchOperation(NAME, { transport: scripted('never').transport, hint }))
      }),
    )
    expect(
      events.map(([name, event]) => [name, Object(event).verdict ?? Object(event).outcome]),
    ).to.deep.equal([
      ['watch:start', undefined],
      ['poll:start', undefined],
      ['poll:end', 'Aborted'],
      ['watch:end', 'Defect'],
    ])
  })

  it('should publish a shared poll exactly once', async () => {
    const events = await publishedEvents(async () => {
      const client = new OperationsClient({ transport: scripted(failed(1)).transport })
      await Promise.all([lastValueFrom(client.watch(NAME)), lastValueFrom(client.watch(NAME))])
    })
    expect(events.map(([name]) => name)).to.deep.equal([
      'watch:start',
      'watch:start',
      'poll:start',
      'poll:end',
      'watch:end',
      'watch:end',
    ])
  })

  /**
   * Returns the name of each event with the number of its watch. Watches are numbered from 1, in the order of
   * their first events.
   */
  const eventsWithWatch = async (body: () => unknown): Promise<readonly string[]> => {
    const receivedEvents: [string, number | undefined][] = []
    const listeners = ['watch:start', 'poll:start', 'poll:end', 'watch:end'].map((name) => {
      const listener = (event: unknown): void => void receivedEvents.push([name, Object(event).watch])
      subscribe(`rx-longrunning:${name}`, listener)
      return [`rx-longrunning:${name}`, listener] as const
    })
    try {
      await body()
    } finally {
      for (const [name, listener] of listeners) unsubscribe(name, listener)
    }
    const watches = [...new Set(receivedEvents.map(([, watch]) => watch))].filter(
      (watch) => watch !== undefined,
    )
    return receivedEvents.map(
      ([name, watch]) => `${name} ${watch === undefined ? '-' : watches.indexOf(watch) + 1}`,
    )
  }

  it('should publish a shared poll with the number of the first watch that is still subscribed', async () => {
    const events = await eventsWithWatch(() =>
      inVirtualTime(({ cold }) => {
        const client = new OperationsClient({ transport: scripted(running(), succeeded()).transport })
        const first = client.watch(NAME).subscribe()
        client.watch(NAME).subscribe()
        cold('100ms |').subscribe({ complete: () => first.unsubscribe() })
      }),
    )
    expect(events).to.deep.equal([
      'watch:start 1',
      'watch:start 2',
      'poll:start 1',
      'poll:end 1',
      'watch:end 1',
      'poll:start 2',
      'poll:end 2',
      'watch:end 2',
    ])
  })

  it('should publish each poll of watchAll with the number of its own watch, and a poll of get without a number', async () => {
    const client = new OperationsClient({ transport: scripted(succeeded()).transport })
    const watchAllEvents = await eventsWithWatch(() =>
      lastValueFrom(client.watchAll([NAME, 'operations/cp.2'])),
    )
    expect([...watchAllEvents].sort()).to.deep.equal(
      [1, 2]
        .flatMap((n) =>
          ['poll:end', 'poll:start', 'watch:end', 'watch:start'].map((event) => `${event} ${n}`),
        )
        .sort(),
    )
    expect(await eventsWithWatch(() => lastValueFrom(client.get(NAME)))).to.deep.equal([
      'poll:start -',
      'poll:end -',
    ])
  })

  it('should publish one watch for each of several equal names of watchAll, and their polls once', async () => {
    const client = new OperationsClient({ transport: scripted(succeeded()).transport })
    const events = await eventsWithWatch(() => lastValueFrom(client.watchAll([NAME, NAME])))
    expect(events).to.deep.equal([
      'watch:start 1',
      'watch:start 2',
      'poll:start 1',
      'poll:end 1',
      'watch:end 1',
      'watch:end 2',
    ])
  })

  it('should publish the status if the operation failed or the request was rejected', async () => {
    const statusNamesOf = async (reply: ReturnType<typeof httpReply>) => {
      const events = await publishedEvents(() =>
        lastValueFrom(watchOperation(NAME, { transport: scripted(reply).transport })),
      )
      return events.flatMap(([name, event]) => {
        const { status, error } = Object(event)
        return name.endsWith('end') ? [status?.codeName ?? error?.status.codeName] : []
      })
    }
    expect(await statusNamesOf(failed(8))).to.deep.equal(['RESOURCE_EXHAUSTED', 'RESOURCE_EXHAUSTED'])
    expect(await statusNamesOf(rpcError(403, 'PERMISSION_DENIED'))).to.deep.equal([
      'PERMISSION_DENIED',
      'PERMISSION_DENIED',
    ])
  })

  it('should create no event if a channel has no subscribers', async () => {
    let createdCount = 0
    for (const publish of Object.values(diagnostics))
      publish(() => {
        createdCount += 1
        throw new Error('the event was created')
      })
    expect(createdCount).to.equal(0)

    // Only the creation of an event reads the endpoint here. Therefore the number of reads is the number of events.
    let endpointReads = 0
    const target = {
      name: NAME,
      apiVersion: 'v3',
      since: 0,
      get endpoint() {
        endpointReads += 1
        return ENDPOINT
      },
    }
    const policy = {
      schedule: lagBounded(),
      maxRetryTime: 0,
      visibilityWindow: 0,
      maxMalformedInARow: 0,
      random: () => 0,
      protocol: LONGRUNNING,
    }
    const readsDuringPoll = (send: SendPoll): number => {
      const state = { ...initialState(target, 0), target }
      endpointReads = 0
      const subscription = sendOnce({ ...policy, send }, state).subscribe()
      subscription.unsubscribe()
      return endpointReads
    }
    expect(readsDuringPoll(() => of(running()))).to.equal(0)
    expect(readsDuringPoll(() => NEVER)).to.equal(0)
    const events = await publishedEvents(() => readsDuringPoll(() => of(running())))
    expect(events.map(([, event]) => (event as PollEnded).endpoint)).to.deep.equal([ENDPOINT, ENDPOINT])
    expect(endpointReads).to.equal(2)
  })
})
