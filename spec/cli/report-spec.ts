import { expect } from 'chai'
import { createClients } from '../../lib/cli/clients.js'
import { render } from '../../lib/cli/output/terminal-text.js'
import { resumeHint, summary } from '../../lib/cli/report.js'
import { failed, invalid, NAME, succeeded, timedOut, unauthorized } from './results.js'

function text(spans: ReturnType<typeof summary>): string {
  return render(spans, { colour: false })
}
const endpoint = 'http://127.0.0.1:8080'
const clients = createClients({})

describe('cli/watch-report', () => {
  it('should count how many ended how', () =>
    expect(
      text(
        summary(
          {
            last: new Map([
              ['a', succeeded()],
              ['b', timedOut],
            ]),
            unfinished: ['c'],
          },
          1234,
        ),
      ),
    ).to.equal('3 operations: 1 succeeded, 1 timed out, 1 unfinished, in 1.2 s'))

  it('should say nothing more where all outcomes are known', () =>
    expect(
      resumeHint(
        {
          last: new Map([
            ['a', succeeded()],
            ['b', failed()],
            ['c', invalid],
          ]),
          unfinished: [],
        },
        {},
        clients,
      ),
    ).to.deep.equal([]))

  it('should say how to go on where an outcome was not learned', () =>
    expect(
      resumeHint(
        {
          last: new Map([
            ['a', timedOut],
            ['b', unauthorized],
          ]),
          unfinished: [],
        },
        {},
        clients,
      ).map(text),
    ).to.deep.equal([`to go on watching: lro watch ${NAME} ${NAME}`]))

  it('should say that operations go on when it was stopped, and leave out names that are none', () =>
    expect(
      resumeHint(
        { last: new Map(), unfinished: [NAME, 'a?b'], stop: 'SIGINT' },
        { endpoint, 'api-version': 'v1' },
        createClients({ endpoint, apiVersion: 'v1' }),
      ).map(text),
    ).to.deep.equal([
      'stopped watching; 2 operations go on',
      `to go on watching: lro watch --endpoint ${endpoint} --api-version v1 ${NAME}`,
    ]))
})
