import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { expect } from 'chai'
import { lastValueFrom, of } from 'rxjs'
import { OperationsClient, watchOperation } from '../../lib/index.js'
import { failed, http, inVirtualTime, NAME, running, scripted, succeeded, unavailable } from '../virtual.js'

const ENDPOINT = 'https://cloudresourcemanager.googleapis.com'

/** What is published while a body runs, as [channel, event]. */
const published = async (body: () => unknown): Promise<(readonly [string, object])[]> => {
  const events: (readonly [string, object])[] = []
  const listeners = ['watch:start', 'watch:end', 'poll:start', 'poll:end'].map((name) => {
    const listener = (event: unknown): void => {
      const { watch: _, ...facts } = event as Record<string, unknown>
      events.push([name, facts])
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
  it('should tell once of a poll that a transport answers twice', async () => {
    const transport = () => of(succeeded(), succeeded())
    let settled = 0
    const schedule = { next: () => 1, settled: () => settled++ }
    const events = await published(() => lastValueFrom(watchOperation(NAME, { transport, schedule })))
    expect(events.filter(([name]) => name === 'poll:end')).to.have.length(1)
    expect(settled).to.equal(1)
  })

  it('should tell of each watch and each poll', async () => {
    const { transport } = scripted(running(), unavailable, succeeded())
    const events = await published(() =>
      inVirtualTime(({ expectObservable }) => {
        expectObservable(watchOperation(NAME, { transport, random: () => 1 }))
      }),
    )
    const where = { name: NAME, endpoint: ENDPOINT }
    const first = { ...where, attempt: 1, elapsed: 0 }
    const second = { ...where, attempt: 2, elapsed: 750 }
    const third = { ...where, attempt: 3, elapsed: 1250 }
    const status = { code: 14, codeName: 'UNAVAILABLE', message: 'said the server', details: [] }
    expect(events).to.deep.equal([
      ['watch:start', where],
      ['poll:start', first],
      ['poll:end', { ...first, verdict: 'Running', httpStatus: 200, nextDelay: 750 }],
      ['poll:start', second],
      [
        'poll:end',
        {
          ...second,
          verdict: 'Transient',
          httpStatus: 503,
          failure: { _tag: 'HttpFailure', httpStatus: 503, status },
          nextDelay: 500,
        },
      ],
      ['poll:start', third],
      ['poll:end', { ...third, verdict: 'Succeeded', httpStatus: 200 }],
      ['watch:end', { ...where, outcome: 'Succeeded' }],
    ])
  })

  it('should tell how a watch ended', async () => {
    const outcomes = async (...replies: Parameters<typeof http>[]) => {
      const events = await published(() =>
        lastValueFrom(
          watchOperation(NAME, { transport: scripted(...replies.map((reply) => http(...reply))).transport }),
        ),
      )
      return events
        .filter(([name]) => name === 'watch:end')
        .map(([, event]) => (event as { outcome: string }).outcome)
    }
    expect(await outcomes([403])).to.deep.equal(['RequestRejected'])
    expect(await outcomes([200, { done: true, error: {} }])).to.deep.equal(['OperationFailed'])
    const events = await published(() =>
      watchOperation(NAME, { transport: scripted('never').transport })
        .subscribe()
        .unsubscribe(),
    )
    expect(events.map(([, event]) => (event as { outcome?: string }).outcome)).to.deep.equal([
      undefined,
      'Unsubscribed',
    ])
  })

  it('should tell of a poll that is called back, and of a watch that dies of a defect', async () => {
    const events = await published(() =>
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

  it('should tell of one poll for all who share it, and of each watch', async () => {
    const events = await published(async () => {
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
})
