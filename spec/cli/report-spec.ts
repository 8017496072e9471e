import { expect } from 'chai'
import { createClients } from '../../lib/cli/clients.js'
import { render } from '../../lib/cli/output/terminal-text.js'
import { resumeLines, summaryLine } from '../../lib/cli/report.js'
import { withEnvironment } from '../environment.js'
import { failed, invalid, NAME, succeeded, timedOut, unauthorized } from './results.js'

function text(line: ReturnType<typeof summaryLine>): string {
  return render(line, { hasColors: false })
}
const endpoint = 'http://127.0.0.1:8080'
const clients = createClients({})
const URL = 'https://run.googleapis.com/v2/projects/p/locations/l/operations/x'

describe('cli/report', () => {
  it('should count operations by status', () =>
    expect(
      text(
        summaryLine(
          {
            results: new Map([
              ['a', succeeded()],
              ['b', timedOut],
            ]),
            unfinished: ['c'],
          },
          1234,
        ),
      ),
    ).to.equal('3 operations: 1 succeeded, 1 timed out, 1 unfinished, in 1.2 s'))

  it('should return no command if all names are invalid or have an outcome', () =>
    expect(
      resumeLines(
        {
          results: new Map([
            ['operations/a', succeeded()],
            ['operations/b', failed()],
            ['c', invalid],
          ]),
          unfinished: [],
        },
        {},
        clients,
      ),
    ).to.deep.equal([]))

  it('should return the command to resume if an operation has no outcome', () =>
    expect(
      resumeLines(
        {
          results: new Map([
            [NAME, timedOut],
            [URL, unauthorized],
          ]),
          unfinished: [],
        },
        {},
        clients,
      ).map(text),
    ).to.deep.equal([`to resume: lro watch ${NAME} ${URL}`]))

  it('should repeat the server that environment variables select, because another shell may lack the variables', () =>
    withEnvironment({ CLOUDRESOURCEMANAGER_EMULATOR_HOST: '127.0.0.1:8080' }, () => {
      const report = { results: new Map([[NAME, timedOut]]), unfinished: [] }
      const [line = []] = resumeLines(report, {}, createClients({}))
      expect(text(line)).to.equal(`to resume: lro watch --endpoint ${endpoint} ${NAME}`)
      const run = { universeDomain: 'example.com', endpoint: 'https://run.example.com', apiVersion: 'v2' }
      const [other = []] = resumeLines(report, { endpoint: run.endpoint }, createClients(run))
      expect(text(other)).to.equal(
        `to resume: lro watch --endpoint ${run.endpoint} --universe-domain example.com ${NAME}`,
      )
    }))

  it('should return a note if the program was stopped, and omit invalid names from the command', () =>
    expect(
      resumeLines(
        { results: new Map(), unfinished: [NAME, 'a?b'], stop: 'SIGINT' },
        { endpoint, 'api-version': 'v1' },
        createClients({ endpoint, apiVersion: 'v1' }),
      ).map(text),
    ).to.deep.equal([
      'stopped watching; 2 operations continue',
      `to resume: lro watch --endpoint ${endpoint} --api-version v1 ${NAME}`,
    ]))
})
