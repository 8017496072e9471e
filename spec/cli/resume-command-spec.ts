import { expect } from 'chai'
import { resumeCommand } from '../../lib/cli/resume-command.js'
import { RESUME } from './words.js'

describe('cli/resume-command', () => {
  it('should leave out what goes without saying', () =>
    expect(resumeCommand([RESUME, { ...RESUME, name: 'operations/b' }], {})).to.equal(
      'lro watch operations/cp.1 operations/b',
    ))

  it('should say where and how was asked', () =>
    expect(
      resumeCommand([{ ...RESUME, endpoint: 'http://127.0.0.1:80', apiVersion: 'v1' }], {
        anonymous: true,
        xgafv: '1',
        'quota-project': 'p',
      }),
    ).to.equal(
      'lro watch --endpoint http://127.0.0.1:80 --api-version v1 --xgafv 1 --quota-project p --anonymous operations/cp.1',
    ))

  for (const [name, quoted] of [
    ["a/operations/$(rm)';x", "'a/operations/$(rm)'\\'';x'"],
    ['-x/operations/1', '-- -x/operations/1'],
  ] as const)
    it(`should keep ${name} from the shell`, () =>
      expect(resumeCommand([{ ...RESUME, name }], {})).to.equal(`lro watch ${quoted}`))

  it('should count those that are too many to list', () =>
    expect(
      resumeCommand(
        Array.from({ length: 23 }, () => RESUME),
        {},
      ),
    ).to.match(/operations\/cp\.1 \(and 3 more\)$/))
})
