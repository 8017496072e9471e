import { expect } from 'chai'
import { type ResumableOperation, resumeCommand } from '../../lib/cli/report.js'
import type { ResumeToken } from '../../lib/index.js'
import { RESUME } from './results.js'

/** Returns an operation that the command line names by its name, not by a URL. */
function byName(tokenFields: Partial<ResumeToken> = {}): ResumableOperation {
  return {
    token: { ...RESUME, ...tokenFields },
    isGivenAsUrl: false,
  }
}
const RUN_TOKEN = {
  ...RESUME,
  endpoint: 'https://run.googleapis.com',
  apiVersion: 'v2',
  name: 'projects/p/locations/l/operations/x',
}

describe('cli/resume-command', () => {
  it('should omit options that have the default value', () =>
    expect(resumeCommand([byName(), byName({ name: 'operations/b' })], {})).to.equal(
      'lro watch operations/cp.1 operations/b',
    ))

  it('should repeat the endpoint, the version and the request options', () =>
    expect(
      resumeCommand([byName({ endpoint: 'http://127.0.0.1:80', apiVersion: 'v1' })], {
        anonymous: true,
        xgafv: '1',
        'quota-project': 'p',
        'api-key-file': '/k',
      }),
    ).to.equal(
      'lro watch --endpoint http://127.0.0.1:80 --api-version v1 --quota-project p --api-key-file /k --xgafv 1 --anonymous operations/cp.1',
    ))

  for (const [name, quoted] of [
    ["a/operations/$(rm)';x", "'a/operations/$(rm)'\\'';x'"],
    ['-x/operations/1', '-- -x/operations/1'],
  ] as const)
    it(`should quote ${name} for the shell`, () =>
      expect(resumeCommand([byName({ name })], {})).to.equal(`lro watch ${quoted}`))

  it('should name only the first 20 operations, and print how many more there are', () =>
    expect(
      resumeCommand(
        Array.from({ length: 23 }, () => byName()),
        {},
      ),
    ).to.match(/operations\/cp\.1 \(and 3 more\)$/))

  it('should repeat a URL if the name on the command line is a URL', () =>
    expect(resumeCommand([byName(), { token: RUN_TOKEN, isGivenAsUrl: true }], {})).to.equal(
      `lro watch operations/cp.1 https://run.googleapis.com/v2/${RUN_TOKEN.name}`,
    ))

  it('should repeat the service and the location', () =>
    expect(
      resumeCommand([{ token: RUN_TOKEN, isGivenAsUrl: false }], {
        service: 'run',
        location: 'europe-west1',
        'universe-domain': 'c.example',
      }),
    ).to.equal(
      `lro watch --service run --location europe-west1 --universe-domain c.example ${RUN_TOKEN.name}`,
    ))

  it('should replace the value of a header with a placeholder', () => {
    const command = resumeCommand([byName()], {
      header: ['X-Reason: S3CRET'],
      'quota-user': 'u',
      fields: 'name,done,error',
    })
    expect(command).to.equal(
      "lro watch --quota-user u --fields name,done,error --header 'X-Reason: …' operations/cp.1",
    )
  })

  for (const [values, words] of [
    [{ redis: 'redis://127.0.0.1:6379/1' }, '--redis redis://127.0.0.1:6379/1'],
    [{ redis: 'redis://me:S3CRET@127.0.0.1' }, '--redis=-'],
    [{ redis: 'redis://127.0.0.1?password=S3CRET' }, '--redis=-'],
    [{ redis: '-', queue: 'q', prefix: '{p}' }, "--queue q --prefix '{p}' --redis=-"],
    [{ proxy: 'http://p:3128' }, '--proxy http://p:3128'],
    [{ proxy: 'http://me:S3CRET@p:3128' }, "--proxy '…'"],
    [{ 'no-proxy': true }, '--no-proxy'],
  ] as const)
    it(`should have ${words} if the options are ${JSON.stringify(values)}`, () => {
      expect(resumeCommand([byName()], values)).to.equal(`lro watch ${words} operations/cp.1`)
    })

  it('should repeat --endpoint even if all names are URLs, because a URL with an unknown host is rejected without this option', () => {
    const endpoint = 'https://a.example'
    expect(resumeCommand([{ token: { ...RUN_TOKEN, endpoint }, isGivenAsUrl: true }], { endpoint })).to.equal(
      `lro watch --endpoint ${endpoint} ${endpoint}/v2/${RUN_TOKEN.name}`,
    )
  })
})
