import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { redactEchoes, secretsIn, secretsInUrl } from '../../lib/messages/redact.js'

const TOKEN = 'ya29.S3CRET=/"\\'
const secrets = secretsIn([TOKEN])

describe('model/echo', () => {
  const rows: readonly (readonly [string, unknown, unknown])[] = [
    ['a text', `with ${TOKEN} twice ${TOKEN}`, 'with … twice …'],
    ['texts at any depth', { a: [{ b: TOKEN }, 1, null, true] }, { a: [{ b: '…' }, 1, null, true] }],
    ['names of members', { a: { [TOKEN]: 'x' } }, { a: { '…': 'x' } }],
    ['JSON that is not read', JSON.stringify({ a: TOKEN, b: 1 }), '{"a":"…","b":1}'],
    ['JSON as Gson escapes it', '{"a":"ya29.S3CRET\\u003d\\/\\"\\\\"}', '{"a":"…"}'],
    ['JSON in capitals', '{"a":"ya29.S3CRET\\u003D\\u002F\\u0022\\u005C"}', '{"a":"…"}'],
    ['nothing where it does not stand', { a: 'b\\' }, { a: 'b\\' }],
    ['nothing of no body', undefined, undefined],
  ]
  for (const [what, body, expected] of rows)
    it(`should blot it out of ${what}`, () => {
      expect(redactEchoes(right({ httpStatus: 403, body }), secrets)).to.deep.equal(
        right({ httpStatus: 403, body: expected }),
      )
    })

  it('should keep a member that is named __proto__', () => {
    const body = JSON.parse(`{"__proto__":{"a":"${TOKEN.replace(/["\\]/g, '\\$&')}"}}`)
    expect(JSON.stringify(redactEchoes(right({ httpStatus: 200, body }), secrets))).to.contain(
      '{"__proto__":{"a":"…"}}',
    )
  })

  it('should blot it out of the headers of an answer, and of one that failed', () => {
    const headers = { 'retry-after': TOKEN, date: 'd' }
    const clean = { 'retry-after': '…', date: 'd' }
    expect(redactEchoes(right({ httpStatus: 503, body: 'x', headers }), secrets)).to.deep.equal(
      right({ httpStatus: 503, body: 'x', headers: clean }),
    )
    const failure = { _tag: 'RequestTimedOut', requestTimeout: 1 } as const
    expect(redactEchoes(left({ ...failure, headers }), secrets)).to.deep.equal(
      left({ ...failure, headers: clean }),
    )
    expect(redactEchoes(left(failure), secrets)).to.deep.equal(left(failure))
  })

  it('should leave alone what is so short that it could be any word', () => {
    expect(secretsIn(['t', 'true', 'done', ''])).to.deep.equal([])
  })

  it('should know a query as it is sent and as it reads', () => {
    const known = secretsInUrl('https://e.example/v3/x?quotaUser=alice%40corp&%24.xgafv=1')
    const told = ['quotaUser=alice%40corp&%24.xgafv=1', 'quotaUser=alice@corp&$.xgafv=1', 'alice@corp']
    expect(redactEchoes(right({ httpStatus: 200, body: told }), known)).to.deep.equal(
      right({ httpStatus: 200, body: ['…', '…', 'alice@corp'] }),
    )
    expect(secretsInUrl('https://e.example/v3/x')).to.deep.equal([])
  })
})
