import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { concatMap, defer, delay, finalize, from, NEVER, of, Subject } from 'rxjs'
import { createClients } from '../../lib/cli/clients.js'
import { followNames } from '../../lib/cli/follow-names.js'
import { linesDisplay } from '../../lib/cli/output/displays.js'
import { recordOf } from '../../lib/cli/output/result-text.js'
import { createPrinters } from '../../lib/cli/output/terminal-text.js'
import type { StopReason } from '../../lib/cli/stop-reasons.js'
import type { Transport } from '../../lib/index.js'
import { FakeIo } from './fake.js'

/** Returns a successful operation for each request. */
const doneTransport: Transport = ({ url }) => of(right({ httpStatus: 200, body: { name: url, done: true } }))

describe('cli/follow-names', () => {
  const follow = (
    transport: Transport,
    stops: Subject<StopReason>,
    ...names: readonly string[]
  ): ReturnType<typeof followNames> =>
    followNames({
      clients: createClients({ transport, endpoint: 'http://127.0.0.1:1', rateLimit: false }),
      names: from(names),
      options: {},
      display: linesDisplay(createPrinters(new FakeIo()), { quiet: true }),
      stops,
    })

  it('should resolve with the final result of each name, and unsubscribe from `stops`', async () => {
    const stops = new Subject<StopReason>()
    const report = await follow(doneTransport, stops, 'operations/a', 'bad name')
    expect([...report.results].map(([name, { _tag }]) => [name, _tag])).to.deep.include.members([
      ['operations/a', 'Right'],
      ['bad name', 'Left'],
    ])
    expect(report.unfinished).to.deep.equal([])
    expect(stops.observed).to.equal(false)
  })

  it('should resolve with the unfinished names when `stops` emits', async () => {
    const stops = new Subject<StopReason>()
    const report = follow(() => NEVER, stops, 'operations/a')
    stops.next('SIGTERM')
    expect(await report).to.deep.equal({ results: new Map(), unfinished: ['operations/a'], stop: 'SIGTERM' })
  })

  it('should watch ten thousand names with at most a thousand requests in flight', async () => {
    const stops = new Subject<StopReason>()
    let maxInFlight = 0
    let inFlight = 0
    const transport: Transport = (request) =>
      defer(() => {
        maxInFlight = Math.max(maxInFlight, ++inFlight)
        return doneTransport(request).pipe(
          delay(1),
          finalize(() => inFlight--),
        )
      })
    const names = Array.from({ length: 10_000 }, (_, id) => `operations/${id}`)
    const report = await follow(transport, stops, ...names)
    expect(report.results.size).to.equal(10_000)
    expect(
      [...report.results.values()].every((result) => result._tag === 'Right' && result.right.done),
    ).to.equal(true)
    expect(maxInFlight).to.equal(1_000)
  })

  it('should poll an operation once if two names refer to it, and report its result for both names', async () => {
    let requests = 0
    const transport: Transport = (request) => {
      requests++
      return doneTransport(request)
    }
    const bothNames = ['operations/a', 'http://127.0.0.1:1/v3/operations/a']
    const report = await follow(transport, new Subject<StopReason>(), ...bothNames)
    expect([...report.results.keys()]).to.have.members(bothNames)
    expect(requests).to.equal(1)
  })

  it('should poll an operation once if its names have different versions', async () => {
    let requests = 0
    const transport: Transport = (request) => {
      requests++
      return doneTransport(request)
    }
    const bothNames = ['operations/a', 'http://127.0.0.1:1/v1/operations/a']
    const report = await follow(transport, new Subject<StopReason>(), ...bothNames)
    expect([...report.results.keys()]).to.have.members(bothNames)
    expect(requests).to.equal(1)
  })

  it('should show no poll for a name that has its result', async () => {
    const bothNames = ['operations/a', 'http://127.0.0.1:1/v3/operations/a']
    const shown: (readonly [string, string])[] = []
    const statuses = [200, 503, 200]
    const transport: Transport = ({ url }) =>
      of(right({ httpStatus: statuses.shift() ?? 200, body: { name: url, done: true } }))
    await followNames({
      clients: createClients({ transport, endpoint: 'http://127.0.0.1:1', rateLimit: false }),
      names: from(bothNames).pipe(concatMap((name, index) => of(name).pipe(delay(index * 100)))),
      options: {},
      display: {
        showEmission: () => undefined,
        showNote: () => undefined,
        showPoll: ({ name, verdict }) => shown.push([name, verdict]),
      },
      stops: new Subject<StopReason>(),
    })
    const [first = '', second = ''] = bothNames
    expect(shown).to.deep.equal([
      [first, 'Succeeded'],
      [second, 'Transient'],
      [second, 'Succeeded'],
    ])
  })

  it('should report the result of each name, even if a name is long or similar to a URL with a user', async () => {
    const long = `operations/${'x'.repeat(500)}`
    const names = [`${long}1`, `${long}2`, 'x:y@z/operations/1', 'x:w@z/operations/1']
    const urls = names.map((name) => `http://127.0.0.1:1/v3/${name}`)
    const report = await follow(doneTransport, new Subject<StopReason>(), ...names, ...urls)
    expect([...report.results].map(([name, { _tag }]) => [name, _tag])).to.have.deep.members(
      [...names, ...urls].map((name) => [name, 'Right']),
    )
    expect(report.unfinished).to.deep.equal([])
  })

  it('should reject if the transport throws, and unsubscribe from `stops`', async () => {
    const stops = new Subject<StopReason>()
    const broken: Transport = () => {
      throw new TypeError('broken')
    }
    expect(await follow(broken, stops, 'operations/a').catch(String)).to.equal('TypeError: broken')
    expect(stops.observed).to.equal(false)
  })

  it('should send each request to the service of its name, and no request for an invalid name', async () => {
    const urls: string[] = []
    const transport: Transport = (request) => {
      urls.push(request.url)
      return doneTransport(request)
    }
    const names = [
      'operations/a',
      'https://run.googleapis.com/v2/projects/p/locations/l/operations/b',
      '//workflows.googleapis.com/projects/p/locations/l/operations/c',
      'https://evil.example/v1/operations/x',
    ]
    const report = await follow(transport, new Subject<StopReason>(), ...names)
    expect(urls).to.deep.equal([
      'http://127.0.0.1:1/v3/operations/a',
      'https://run.googleapis.com/v2/projects/p/locations/l/operations/b',
      'https://workflows.googleapis.com/v1/projects/p/locations/l/operations/c',
    ])
    const tags = names.map((name) => {
      const result = report.results.get(name)
      return result && recordOf(result)._tag
    })
    expect(tags).to.deep.equal(['Succeeded', 'Succeeded', 'Succeeded', 'InvalidName'])
  })
})
