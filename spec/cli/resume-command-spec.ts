import { expect } from 'chai'
import { resumeCommand } from '../../lib/cli/report.js'
import { NAME } from './results.js'

describe('cli/resume-command', () => {
  it('should repeat the names', () =>
    expect(resumeCommand([NAME, 'https://run.googleapis.com/v2/projects/p/operations/x'], {})).to.equal(
      'lro watch operations/cp.1 https://run.googleapis.com/v2/projects/p/operations/x',
    ))

  it('should repeat the options of the endpoint and of requests', () =>
    expect(
      resumeCommand([NAME], {
        endpoint: 'http://127.0.0.1:80',
        'api-version': 'v1',
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
      expect(resumeCommand([name], {})).to.equal(`lro watch ${quoted}`))

  it('should name only the first 20 operations, and print how many more there are', () =>
    expect(
      resumeCommand(
        Array.from({ length: 23 }, () => NAME),
        {},
      ),
    ).to.match(/operations\/cp\.1 \(and 3 more\)$/))

  it('should repeat the service and the location', () =>
    expect(
      resumeCommand([NAME], { service: 'run', location: 'europe-west1', 'universe-domain': 'c.example' }),
    ).to.equal(`lro watch --service run --location europe-west1 --universe-domain c.example ${NAME}`))

  it('should replace the value of a header with a placeholder', () => {
    const command = resumeCommand([NAME], {
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
      expect(resumeCommand([NAME], values)).to.equal(`lro watch ${words} operations/cp.1`)
    })
})
