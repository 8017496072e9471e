import { expect } from 'chai'
import fc from 'fast-check'
import { formatValue, redactUrl } from '../../lib/messages/format-value.js'

describe('messages/format-value', () => {
  const rows: readonly (readonly [string, unknown, string])[] = [
    ['a string', 'v3', '"v3"'],
    ['an empty string', '', '""'],
    ['quotes and control characters', 'a"b\n\u001b', '"a\\"b\\n\\u001b"'],
    ['80 characters', 'x'.repeat(80), `"${'x'.repeat(80)}"`],
    ['81 characters', 'x'.repeat(81), `"${'x'.repeat(80)}…"`],
    [
      'a surrogate pair that the limit of 80 characters splits',
      `${'x'.repeat(79)}🚀`,
      `"${'x'.repeat(79)}\\ud83d…"`,
    ],
    ['a URL with a query', 'https://a.example/b?key=SECRET', '"https://a.example/b?…"'],
    ['a query with a line break', 'a?key=\nSECRET', '"a?…"'],
    ['a fragment', 'a#SECRET', '"a#…"'],
    ['percent-encoded text', 'a%53ECRET', '"a%…"'],
    ['a URL with a user', 'https://SECRET@a.example', '"https://…@a.example"'],
    ['a URL with a password', 'https://me:SECRET@a.example/b', '"https://…@a.example/b"'],
    ['a password with an @', 'https://me:SEC@RET@a.example', '"https://…@a.example"'],
    ['a password with a ?', 'https://me:SEC?RET@a.example', '"https://…"'],
    ['a query with an @', 'https://a.example/?q=@&key=SECRET', '"https://…"'],
    ['a password with a slash', 'https://me:SEC/RET@a.example', '"https://…@a.example"'],
    ['a URL with a user and no slashes', 'https:me:SECRET@a.example', '"https:…@a.example"'],
    ['a URL with a user after backslashes', 'https:\\\\me:SECRET@a.example', '"https:\\\\\\\\…@a.example"'],
    ['bidirectional controls', 'a\u202Eb\u009bc', '"a\\u{202e}b\\u{9b}c"'],
    ['a URL with a user and no scheme', '//me:SECRET@a.example', '"//…@a.example"'],
    ['a URL with a user after a blank', ' https://me:SECRET@a.example', '" https://…@a.example"'],
    ['a URL with a user after a tab', '\thttps://me:SECRET@a.example', '"\\thttps://…@a.example"'],
    [
      'a URL with a user after a no-break space',
      '\u00a0https:me:SECRET@a.example',
      '"\u00a0https:…@a.example"',
    ],
    ['a URL with a user after a BOM', '\ufeffhttps://me:SECRET@a.example', '"\\u{feff}https://…@a.example"'],
    ['a user and no scheme after a blank', ' //me:SECRET@a.example', '" //…@a.example"'],
    [
      'a URL with a user and a tab in its scheme',
      'ht\ttps://me:SECRET@a.example',
      '"ht\\ttps://…@a.example"',
    ],
    [
      'a URL with a user after other text',
      'a/b "https://me:SECRET@a.example"',
      '"a/b \\"https://…@a.example\\""',
    ],
    ['a user and a password without a scheme', 'me:SECRET@a.example', '"me:…@a.example"'],
    ['a query before a colon and an @', 'a?key=SECRET:SECRET@b', '"a?…"'],
    ['an @ before a port', 'a@b:80', '"a@b:80"'],
    ['an @ outside a URL', 'operations/a@b', '"operations/a@b"'],
    ['a number', 1.5, '1.5'],
    ['NaN', Number.NaN, 'NaN'],
    ['infinity', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['a boolean', false, 'false'],
    ['null', null, 'null'],
    ['undefined', undefined, 'undefined'],
    ['a bigint', 10n, '10n'],
    ['an array', ['SECRET'], 'an array'],
    ['an object', { token: 'SECRET' }, 'an object'],
    ['an object without a prototype', Object.create(null), 'an object'],
    ['a function', () => 'SECRET', 'a function'],
    ['a symbol', Symbol('SECRET'), 'a symbol'],
  ]
  for (const [what, value, formatted] of rows)
    it(`should format ${what} as ${formatted.length > 40 ? `${formatted.slice(0, 40)}…` : formatted}`, () => {
      expect(formatValue(value)).to.equal(formatted)
    })

  it('should not change or truncate a text without secrets in redactUrl', () => {
    const text = 'projects/example.com:p/locations/eu/operations/'.repeat(10)
    expect(redactUrl(text)).to.equal(text)
  })

  it('should omit queries, fragments, user names, passwords and the end of long texts', () => {
    const secret = fc.stringMatching(/^[A-Za-z\d_-]{16,40}$/)
    const template = fc.constantFrom<(hidden: string, text: string) => string>(
      (hidden, text) => `https://a.example/${text}?access_token=${hidden}`,
      (hidden, text) => `https://a.example/?q=${text}&key=${hidden}#${hidden}`,
      (hidden, text) => `${text}#${hidden}`,
      (hidden) => `https://${hidden}@a.example/b`,
      (hidden) => `http://me:${hidden}@a.example:8080/operations/x?key=${hidden}`,
      (hidden, text) => `${text}${'x'.repeat(80)}${hidden}`,
    )
    const text = fc.string().map((value) => value.replaceAll('//', ''))
    fc.assert(
      fc.property(secret, template, text, (hidden, fillTemplate, plainText) => {
        expect(formatValue(fillTemplate(hidden, plainText))).to.not.include(hidden)
      }),
    )
  })

  it('should return at most 483 characters for any value that is not a bigint', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        fc.pre(typeof value !== 'bigint')
        expect(formatValue(value)).to.have.length.within(1, 2 + 6 * 80 + 1)
      }),
    )
  })
})
