import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { redactEchoes, secretsIn, secretsInHeaders, secretsInUrl } from '../../lib/messages/redact.js'
import { parseJsonOrText } from '../../lib/model/json.js'

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
    ['percent-encoded text', '?t=ya29.S3CRET%3D%2F%22%5C&x', '?t=…&x'],
    ['percent-encoded text in lower case', 'ya29%2eS3CRET%3d%2f%22%5c', '…'],
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

  it('should take at most 5 times the CPU time of JSON.parse for an object with 300,000 members', () => {
    const text = JSON.stringify(Object.fromEntries(Array.from({ length: 300_000 }, (_, n) => [`k${n}`, n])))
    const cpuTime = (run: () => unknown): number => {
      const start = process.cpuUsage()
      run()
      const { user, system } = process.cpuUsage(start)
      return user + system
    }
    const parseTime = Math.min(...Array.from({ length: 5 }, () => cpuTime(() => JSON.parse(text))))
    const both = (): unknown => redactEchoes(right({ httpStatus: 200, body: parseJsonOrText(text) }), secrets)
    expect(Math.min(...Array.from({ length: 5 }, () => cpuTime(both))) / parseTime).to.be.below(5)
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

  it('should redact a secret in a number', () => {
    const body = { id: 1234567890, other: 12345 }
    const secret = secretsInHeaders({ 'x-api-key': '1234567890' })
    expect(redactEchoes(right({ httpStatus: 200, body }), secret)).to.deep.equal(
      right({ httpStatus: 200, body: { id: '…', other: 12345 } }),
    )
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

  it('should redact a query whose JSON escapes are followed by a plus sign', () => {
    const querySecrets = secretsInUrl('https://e.example/v3/x?filter=a+b%22')
    expect(
      redactEchoes(right({ httpStatus: 200, body: '"filter\\u003da+b%22"' }), querySecrets),
    ).to.deep.equal(right({ httpStatus: 200, body: '"…"' }))
  })

  const user = 'tracker@corp:S3CRET pass/word'
  const basic = Buffer.from(user).toString('base64')
  const session = 's%3AS3CRET-session.a+b/c='
  const headers: readonly (readonly [string, string, readonly string[]])[] = [
    ['x-api-key', 'S3CRET-key~+/=', ['S3CRET-key~+/=']],
    ['X-Note', 'a S3CRET, in=3 parts; "x"', ['a S3CRET, in=3 parts; "x"']],
    ['x-custom', 'Bearer S3CRET-token', ['S3CRET-token']],
    ['authorization', 'Bearer S3CRET-token', ['S3CRET-token']],
    [
      'authorization',
      'Custom key="S3CRET-number-1", signature=S3CRET-number-2',
      ['S3CRET-number-1', 'S3CRET-number-2'],
    ],
    ['Proxy-Authorization', `Basic ${basic}`, [basic, user, 'S3CRET pass/word']],
    ['x-serverless-authorization', `basic ${basic}`, [basic, user, 'S3CRET pass/word']],
    [
      'cookie',
      `theme=x; session=${session}; id="S3CRET-id"`,
      [`theme=x; session=${session}; id="S3CRET-id"`, session, decodeURIComponent(session), 'S3CRET-id'],
    ],
    ['x-password', `S3CRET&<"'>key`, [`S3CRET&<"'>key`]],
    ['x-goog-api-key', 'AIzaS3CRET', ['AIzaS3CRET']],
  ]
  const HTML_ENTITIES: Readonly<Record<string, string>> = {
    '&': '&amp;',
    '<': '&lt;',
    '>': '&gt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  const encodings: Readonly<Record<string, (text: string) => string>> = {
    'without an encoding': (text) => text,
    'with percent-encoding': encodeURIComponent,
    'with percent-encoding of all characters': (text) =>
      Buffer.from(text).toString('hex').replace(/../g, '%$&'),
    'as the value of a form': (text) => String(new URLSearchParams({ v: text })).slice(2),
    'as unparsed JSON': (text) => JSON.stringify(text).slice(1, -1),
    'as HTML': (text) => text.replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? ''),
    'as HTML in decimal': (text) => text.replace(/\W/g, (character) => `&#${character.charCodeAt(0)};`),
    'as HTML in hexadecimal': (text) =>
      text.replace(/\W/g, (character) => `&#x${character.charCodeAt(0).toString(16).padStart(4, '0')};`),
    'in base64': (text) => Buffer.from(text).toString('base64'),
    'in base64 after one other byte': (text) => Buffer.from(`x${text}`).toString('base64'),
    'in base64url after two other bytes': (text) => Buffer.from(`xy${text}; next`).toString('base64url'),
    'in percent-encoded base64': (text) => encodeURIComponent(Buffer.from(`${text}?`).toString('base64')),
  }
  for (const [name, value, echoes] of headers)
    for (const [description, encode] of Object.entries(encodings))
      it(`should redact the header ${name}: ${value} if the server echoes it or a part ${description}`, () => {
        for (const echo of echoes) {
          const encoded = encode(echo)
          const body = { error: { message: `got <${encoded}>.` } }
          const result = redactEchoes(right({ httpStatus: 403, body }), secretsInHeaders({ [name]: value }))
          const text = JSON.stringify(result)
          expect(text).to.contain('got <').and.contain('…').and.contain('>.')
          // In base64, up to three characters at each end also depend on other bytes.
          expect(text).to.not.contain(encoded.slice(3, -4))
        }
      })

  it('should not redact the billed project, the name of a cookie or a parameter, or short values', () => {
    const body = 'my-project-1, sessionid, signature and short'
    const noSecrets = {
      'x-goog-user-project': 'my-project-1',
      cookie: 'sessionid=1; signature=2',
      'x-a': 'short',
    }
    const result = right({ httpStatus: 200, body })
    expect(redactEchoes(result, secretsInHeaders(noSecrets))).to.equal(result)
  })
})
