import { expect } from 'chai'
import { right } from 'fp-ts/lib/Either.js'
import { from, NEVER, of, Subject } from 'rxjs'
import { clientsOf } from '../../lib/cli/clients.js'
import { followNames } from '../../lib/cli/follow-names.js'
import { linesDisplay } from '../../lib/cli/lines-display.js'
import type { Stop } from '../../lib/cli/stops.js'
import { recordOf } from '../../lib/cli/word.js'
import type { Transport } from '../../lib/index.js'
import { FakeSurroundings } from './fake.js'

const pens = { stdout: { colour: false }, stderr: { colour: false } }
const done: Transport = ({ url }) => of(right({ httpStatus: 200, body: { name: url, done: true } }))

describe('cli/follow-names', () => {
  const follow = (
    transport: Transport,
    stops: Subject<Stop>,
    ...names: readonly string[]
  ): ReturnType<typeof followNames> =>
    followNames({
      clients: clientsOf({ transport, endpoint: 'http://127.0.0.1:1', budget: false }),
      names: from(names),
      options: {},
      display: linesDisplay(new FakeSurroundings(), { quiet: true, pens }),
      stops,
      quiet: true,
    })

  it('should end with the last word of each name and listen to no stop any more', async () => {
    const stops = new Subject<Stop>()
    const report = await follow(done, stops, 'operations/a', 'bad name')
    expect([...report.last].map(([name, { _tag }]) => [name, _tag])).to.deep.include.members([
      ['operations/a', 'Right'],
      ['bad name', 'Left'],
    ])
    expect(report.unfinished).to.deep.equal([])
    expect(stops.observed).to.equal(false)
  })

  it('should end when it is stopped and tell what is unfinished', async () => {
    const stops = new Subject<Stop>()
    const report = follow(() => NEVER, stops, 'operations/a')
    stops.next('SIGTERM')
    expect(await report).to.deep.equal({ last: new Map(), unfinished: ['operations/a'], stop: 'SIGTERM' })
  })

  it('should keep 500 watches alive at most', async () => {
    const stops = new Subject<Stop>()
    const asked = new Set<string>()
    const transport: Transport = ({ url }) => {
      asked.add(url)
      if (asked.size === 500) queueMicrotask(() => stops.next('SIGINT'))
      return NEVER
    }
    const report = await follow(
      transport,
      stops,
      ...Array.from({ length: 510 }, (_, id) => `operations/${id}`),
    )
    expect(report.unfinished).to.have.length(510)
    expect(asked.size).to.equal(500)
  })

  it('should pass on a defect and listen to no stop any more', async () => {
    const stops = new Subject<Stop>()
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
    const report = await follow(transport, new Subject<Stop>(), ...names)
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
