import { expect } from 'chai'
import fc from 'fast-check'
import { formatValue, redactUrl } from '../../lib/messages/format-value.js'

describe('model/shown', () => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['a string in quotes', 'v3', '"v3"'],
    ['the empty string', '', '""'],
    ['quotes and control characters escaped', 'a"b\n\u001b', '"a\\"b\\n\\u001b"'],
    ['80 characters whole', 'x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['81 characters cut at 80', 'x'.repeat(81), `"${'x'.repeat(80)}…"`],
    ['a character that the cut halves', `${'x'.repeat(79)}🚀`, `"${'x'.repeat(79)}\\ud83d…"`],
    ['no query', 'https://a.example/b?key=SECRET', '"https://a.example/b?…"'],
    ['no second line of a query', 'a?key=\nSECRET', '"a?…"'],
    ['no fragment', 'a#SECRET', '"a#…"'],
    ['nothing percent-encoded', 'a%53ECRET', '"a%…"'],
    ['no user', 'https://SECRET@a.example', '"https://…@a.example"'],
    ['no password', 'https://me:SECRET@a.example/b', '"https://…@a.example/b"'],
    ['no password with an @', 'https://me:SEC@RET@a.example', '"https://…@a.example"'],
    ['no password with a ?', 'https://me:SEC?RET@a.example', '"https://…"'],
    ['no query with an @', 'https://a.example/?q=@&key=SECRET', '"https://…"'],
    ['no password with a slash', 'https://me:SEC/RET@a.example', '"https://…@a.example"'],
    ['no user of a URL without slashes', 'https:me:SECRET@a.example', '"https:…@a.example"'],
    ['no user behind backslashes', 'https:\\\\me:SECRET@a.example', '"https:\\\\\\\\…@a.example"'],
    ['what rearranges a text as an escape', 'a\u202Eb\u009bc', '"a\\u{202e}b\\u{9b}c"'],
    ['no user without a scheme', '//me:SECRET@a.example', '"//…@a.example"'],
    ['an @ that follows no user', 'operations/a@b', '"operations/a@b"'],
    ['a number', 1.5, '1.5'],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['a boolean', false, 'false'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a bigint', 10n, '10n'],
    ['an array by its kind', ['SECRET'], 'an array'],
    ['an object by its kind', { token: 'SECRET' }, 'an object'],
    ['an object without a prototype', Object.create(null), 'an object'],
    ['a function by its kind', () => 'SECRET', 'a function'],
    ['a symbol by its kind', Symbol('SECRET'), 'a symbol'],
  ]
  for (const [what, value, drawn] of rows)
    it(`should draw ${what}: ${drawn.length > 40 ? `${drawn.slice(0, 40)}…` : drawn}`, () => {
      expect(formatValue(value)).to.equal(drawn)
    })

  it('should leave a text without secrets as it is, however long', () => {
    const text = 'projects/example.com:p/locations/eu/operations/'.repeat(10)
    expect(redactUrl(text)).to.equal(text)
  })

  it('should never let a query, a fragment, a user or the end of a long text through', () => {
    const secret = fc.stringMatching(/^[A-Za-z\d_-]{16,40}$/)
    const place = fc.constantFrom<(hidden: string, text: string) => string>(
      (hidden, text) => `https://a.example/${text}?access_token=${hidden}`,
      (hidden, text) => `https://a.example/?q=${text}&key=${hidden}#${hidden}`,
      (hidden, text) => `${text}#${hidden}`,
      (hidden) => `https://${hidden}@a.example/b`,
      (hidden) => `http://me:${hidden}@a.example:8080/operations/x?key=${hidden}`,
      (hidden, text) => `${text}${'x'.repeat(80)}${hidden}`,
    )
    const text = fc.string().map((given) => given.replaceAll('//', ''))
    fc.assert(
      fc.property(secret, place, text, (hidden, write, around) => {
        expect(formatValue(write(hidden, around))).to.not.include(hidden)
      }),
    )
  })

  it('should draw anything at all, short', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        fc.pre(typeof value !== 'bigint')
        expect(formatValue(value)).to.have.length.within(1, 2 + 6 * 80 + 1)
      }),
    )
  })
})
