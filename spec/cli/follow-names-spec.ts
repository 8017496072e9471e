import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { defer, delay, finalize, from, NEVER, of, Subject } from 'rxjs'
import { createClients } from '../../lib/cli/clients.js'
import { followNames } from '../../lib/cli/follow-names.js'
import { linesDisplay } from '../../lib/cli/output/displays.js'
import { recordOf } from '../../lib/cli/output/result-text.js'
import type { StopReason } from '../../lib/cli/process-io.js'
import type { Transport } from '../../lib/index.js'
import { FakeSurroundings } from './fake.js'

const pens = { stdout: { colour: false }, stderr: { colour: false } }
const done: Transport = ({ url }) => of(right({ httpStatus: 200, body: { name: url, done: true } }))

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
      display: linesDisplay(new FakeSurroundings(), { quiet: true, pens }),
      stops,
      quiet: true,
    })

  it('should end with the last word of each name and listen to no stop any more', async () => {
    const stops = new Subject<StopReason>()
    const report = await follow(done, stops, 'operations/a', 'bad name')
    expect([...report.last].map(([name, { _tag }]) => [name, _tag])).to.deep.include.members([
      ['operations/a', 'Right'],
      ['bad name', 'Left'],
    ])
    expect(report.unfinished).to.deep.equal([])
    expect(stops.observed).to.equal(false)
  })

  it('should end when it is stopped and tell what is unfinished', async () => {
    const stops = new Subject<StopReason>()
    const report = follow(() => NEVER, stops, 'operations/a')
    stops.next('SIGTERM')
    expect(await report).to.deep.equal({ last: new Map(), unfinished: ['operations/a'], stop: 'SIGTERM' })
  })

  it('should watch ten thousand names at once, a thousand of them asked at a time', async () => {
    const stops = new Subject<StopReason>()
    let most = 0
    let inFlight = 0
    const transport: Transport = (request) =>
      defer(() => {
        most = Math.max(most, ++inFlight)
        return done(request).pipe(
          delay(1),
          finalize(() => inFlight--),
        )
      })
    const names = Array.from({ length: 10_000 }, (_, id) => `operations/${id}`)
    const report = await follow(transport, stops, ...names)
    expect(report.last.size).to.equal(10_000)
    expect([...report.last.values()].every((word) => word._tag === 'Right' && word.right.done)).to.equal(true)
    expect(most).to.equal(1_000)
  })

  it('should tell an operation that is named twice under both names, and ask for it once', async () => {
    let asked = 0
    const transport: Transport = (request) => {
      asked++
      return done(request)
    }
    const twice = ['operations/a', 'http://127.0.0.1:1/v3/operations/a']
    const report = await follow(transport, new Subject<StopReason>(), ...twice)
    expect([...report.last.keys()]).to.have.members(twice)
    expect(asked).to.equal(1)
  })

  it('should pass on a defect and listen to no stop any more', async () => {
    const stops = new Subject<StopReason>()
    const broken: Transport = () => {
      throw new TypeError('broken')
    }
    expect(await follow(broken, stops, 'operations/a').catch(String)).to.equal('TypeError: broken')
    expect(stops.observed).to.equal(false)
  })

  it('should ask for each name at its own service, and tell what is refused without a question', async () => {
    const asked: string[] = []
    const transport: Transport = (request) => {
      asked.push(request.url)
      return done(request)
    }
    const names = [
      'operations/a',
      'https://run.googleapis.com/v2/projects/p/locations/l/operations/b',
      '//workflows.googleapis.com/projects/p/locations/l/operations/c',
      'https://evil.example/v1/operations/x',
    ]
    const report = await follow(transport, new Subject<StopReason>(), ...names)
    expect(asked).to.deep.equal([
      'http://127.0.0.1:1/v3/operations/a',
      'https://run.googleapis.com/v2/projects/p/locations/l/operations/b',
      'https://workflows.googleapis.com/v1/projects/p/locations/l/operations/c',
    ])
    const tags = names.map((name) => {
      const word = report.last.get(name)
      return word && recordOf(word)._tag
    })
    expect(tags).to.deep.equal(['Succeeded', 'Succeeded', 'Succeeded', 'InvalidName'])
  })
})
