import { expect } from 'chai'
import { secretsOfUrl, unechoed } from '../../lib/model/echo.js'

const TOKEN = 'ya29.S3CRET"\\'

describe('model/echo', () => {
  const rows: readonly (readonly [string, unknown, unknown])[] = [
    ['a text', `with ${TOKEN} twice ${TOKEN}`, 'with … twice …'],
    ['texts at any depth', { a: [{ b: TOKEN }, 1, null, true] }, { a: [{ b: '…' }, 1, null, true] }],
    ['no key, for the form stays', { [TOKEN]: 'x' }, { [TOKEN]: 'x' }],
    ['nothing where it does not stand', { a: 'b' }, { a: 'b' }],
    ['nothing of no body', undefined, undefined],
  ]
  for (const [what, body, expected] of rows)
    it(`should blot it out of ${what}`, () => {
      expect(unechoed({ httpStatus: 403, body }, [TOKEN])).to.deep.equal({ httpStatus: 403, body: expected })
    })

  it('should leave alone what is so short that it could be any word', () => {
    const body = { name: 'operations/t', done: true }
    expect(unechoed({ httpStatus: 200, body }, ['t', 'true', 'done', ''])).to.deep.equal({
      httpStatus: 200,
      body,
    })
  })

  it('should know a query as it is sent, as it reads, and the user in it', () => {
    expect(secretsOfUrl('https://e.example/v3/x?quotaUser=alice%40corp&%24.xgafv=1')).to.deep.equal([
      'quotaUser=alice%40corp&%24.xgafv=1',
      'quotaUser=alice@corp&$.xgafv=1',
      'alice@corp',
    ])
    expect(secretsOfUrl('https://e.example/v3/x')).to.deep.equal([])
  })
})
