import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { redactEchoes, secretsIn, secretsInUrl } from '../../lib/messages/redact.js'
import { parseText } from '../../lib/model/json.js'

const TOKEN = 'ya29.S3CRET=/"\\'
const secrets = secretsIn([TOKEN])

describe('messages/redact', () => {
  const rows: readonly (readonly [string, unknown, unknown])[] = [
    ['a string', `with ${TOKEN} twice ${TOKEN}`, 'with … twice …'],
    ['strings at any depth', { a: [{ b: TOKEN }, 1, null, true] }, { a: [{ b: '…' }, 1, null, true] }],
    ['member names', { a: { [TOKEN]: 'x' } }, { a: { '…': 'x' } }],
    ['unparsed JSON', JSON.stringify({ a: TOKEN, b: 1 }), '{"a":"…","b":1}'],
    ['JSON with the escapes of Gson', '{"a":"ya29.S3CRET\\u003d\\/\\"\\\\"}', '{"a":"…"}'],
    ['JSON with escapes in upper case', '{"a":"ya29.S3CRET\\u003D\\u002F\\u0022\\u005C"}', '{"a":"…"}'],
    ['a body without the secret', { a: 'b\\' }, { a: 'b\\' }],
    ['an absent body', undefined, undefined],
  ]
  for (const [what, body, expected] of rows)
    it(`should redact all secrets in ${what}`, () => {
      expect(redactEchoes(right({ httpStatus: 403, body }), secrets)).to.deep.equal(
        right({ httpStatus: 403, body: expected }),
      )
    })

  it('should redact secrets in a member named __proto__, and keep this member as an own property', () => {
    const body = JSON.parse(`{"__proto__":{"a":"${TOKEN.replace(/["\\]/g, '\\$&')}"}}`)
    expect(JSON.stringify(redactEchoes(right({ httpStatus: 200, body }), secrets))).to.contain(
      '{"__proto__":{"a":"…"}}',
    )
  })

  it('should take at most 2.5 times the CPU time of JSON.parse for an object with 300,000 members', () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 300_000 }, (_, n) => [`k${n}`, n])))
    const cpuTime = (run: () => unknown): number => {
      const start = process.cpuUsage()
      run()
      const { user, system } = process.cpuUsage(start)
      return user + system
    }
    const parseTime = Math.min(...[1, 2].map(() => cpuTime(() => JSON.parse(text))))
    const both = (): unknown => redactEchoes(right({ httpStatus: 200, body: parseText(text) }), secrets)
    expect(Math.min(...[1, 2].map(() => cpuTime(both))) / parseTime).to.be.below(2.5)
  }).timeout(60_000)

  it('should redact secrets in the headers of a response and of a failure', () => {
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

  it('should ignore secrets that are shorter than 8 characters', () => {
    expect(secretsIn(['t', 'true', 'done', ''])).to.deep.equal([])
  })

  it('should redact the query of a URL in its encoded and its decoded form', () => {
    const querySecrets = secretsInUrl('https://e.example/v3/x?quotaUser=alice%40corp&%24.xgafv=1')
    const body = ['quotaUser=alice%40corp&%24.xgafv=1', 'quotaUser=alice@corp&$.xgafv=1', 'alice@corp']
    expect(redactEchoes(right({ httpStatus: 200, body }), querySecrets)).to.deep.equal(
      right({ httpStatus: 200, body: ['…', '…', 'alice@corp'] }),
    )
    expect(secretsInUrl('https://e.example/v3/x')).to.deep.equal([])
  })
})
