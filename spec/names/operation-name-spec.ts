import { expect } from 'chai'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import { parseName } from '../../lib/names/operation-name.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'
import { snapshotRequest } from '../../lib/wire/request.js'

const { nameProblem, get } = LONGRUNNING

describe('names/operation-name', () => {
  const acceptedNames: readonly string[] = [
    'operations/cp.1',
    'operations/a/b',
    'operations/operations',
    'operations/operations/operations',
    'operations/...',
    'operations/.hidden',
    'operations/a..b',
    'operations/a:b@c;d=e&f+g,h!$*()~',
    "operations/it's",
    'operations/<b>|"x"^`{}[]',
    'operations/größe-日本-🚀',
    'operations/ﾊﾝｶｸ．．',
    'projects/example.com:p/locations/eu/operations/x',
    'organizations/1/locations/global/operations/x/y',
    'transferOperations/x',
    'v1/operations/x',
    'javascript:alert(1)/operations/x',
  ]
  for (const name of acceptedNames)
    it(`should return ${name} unchanged`, () => {
      expect(parseName(name, nameProblem)).to.deep.equal(right(name))
    })

  const URL_REASON = 'it is a URL'
  const rejectedNames: readonly (readonly [string, string, string])[] = [
    ['an empty string', '', 'it is empty'],
    ['an absolute URL', 'https://evil.example/operations/x', URL_REASON],
    ['a URL in upper case', 'HTTPS://evil.example/operations/x', URL_REASON],
    ['a URL with a scheme other than https', 'a1+b-c.d://operations/x', URL_REASON],
    ['a URL without a host', 'file:///operations/x', URL_REASON],
    ['a URL without a scheme', '//evil.example/operations/x', 'it begins with "/"'],
    ['a leading slash', '/operations/x', 'it begins with "/"'],
    ['a single slash', '/', 'it begins with "/"'],
    ['a percent sign', 'operations/%2e%2e/projects/x', 'it contains "%"'],
    ['an encoded slash', 'operations/a%2Fb', 'it contains "%"'],
    ['a query', 'operations/x?key=secret', 'it contains "?"'],
    ['a fragment', 'operations/x#secret', 'it contains "#"'],
    ['a backslash', 'operations\\x', 'it contains "\\"'],
    ['a NUL character', 'operations/\0', 'it contains the character U+0000'],
    ['a tab', 'operations/\tx', 'it contains the character U+0009'],
    ['a newline', 'operations/x\n', 'it contains the character U+000A'],
    ['a carriage return', 'operations/x\r', 'it contains the character U+000D'],
    ['an ESC character', 'operations/\u001b[31m', 'it contains the character U+001B'],
    ['a DEL character', 'operations/\u007f', 'it contains the character U+007F'],
    ['a C1 control', 'operations/\u009bx', 'it contains the character U+009B'],
    ['a space', 'operations/a b', 'it contains the character U+0020'],
    ['a leading space', ' operations/x', 'it contains the character U+0020'],
    ['a no-break space', 'operations/\u00a0', 'it contains the character U+00A0'],
    ['a zero-width space', 'operations/a\u200bb', 'it contains the character U+200B'],
    ['a right-to-left override', 'operations/\u202ex', 'it contains the character U+202E'],
    ['a line separator', 'operations/\u2028', 'it contains the character U+2028'],
    ['an ideographic space', 'operations/\u3000', 'it contains the character U+3000'],
    ['a byte order mark', '\ufeffoperations/x', 'it contains the character U+FEFF'],
    ['a tag character', 'operations/\u{e0041}', 'it contains the character U+E0041'],
    ['a lone high surrogate', 'operations/\ud800', 'it contains the character U+D800'],
    ['a lone low surrogate', 'operations/\udfffx', 'it contains the character U+DFFF'],
    ['surrogates in the wrong order', 'operations/\ude80\ud83d', 'it contains the character U+DE80'],
    ['an empty segment', 'operations//x', 'it has an empty segment'],
    ['a trailing slash', 'operations/x/', 'it has an empty segment'],
    ['a collection followed by a slash', 'operations/', 'it has an empty segment'],
    ['a dot', 'operations/.', 'it has a segment "."'],
    ['two dots', 'operations/..', 'it has a segment ".."'],
    ['two dots between other segments', 'operations/../projects/x', 'it has a segment ".."'],
    ['a dot before the collection', './operations/x', 'it has a segment "."'],
    ['an ID without a collection', 'cp.1', 'it has no segment "operations", as in "operations/cp.1"'],
    ['a resource that is not an operation', 'projects/x', 'it has no segment "operations"'],
    ['a collection in upper case', 'Operations/x', 'it has no segment "operations"'],
    ['a singular collection', 'operation/x', 'it has no segment "operations"'],
    ['a collection with a suffix', 'operationsX/x', 'it has no segment "operations"'],
    ['a collection with an upper-case initial', 'TransferOperations/x', 'it has no segment "operations"'],
    ['a collection with a digit', 'v2Operations/x', 'it has no segment "operations"'],
    ['no segment after the collection', 'operations', 'it has no segment after "operations"'],
    [
      'no segment after the collection of a project',
      'projects/p/operations',
      'it has no segment after "operations"',
    ],
    [
      'no segment after transferOperations',
      'a/transferOperations',
      'it has no segment after "transferOperations"',
    ],
  ]
  for (const [what, name, reason] of rejectedNames)
    it(`should reject ${what}: ${reason}`, () => {
      expect(parseName(name, nameProblem)).to.deep.equal(left(reason))
    })

  const nonStrings: readonly (readonly [unknown, string])[] = [
    [undefined, 'undefined'],
    [null, 'null'],
    [5, '5'],
    [true, 'true'],
    [5n, '5n'],
    [['operations/x'], 'an array'],
    [{ name: 'operations/x' }, 'an object'],
    [new String('operations/x'), 'an object'],
    [() => 'operations/x', 'a function'],
    [Symbol('operations/x'), 'a symbol'],
  ]
  for (const [value, formatted] of nonStrings)
    it(`should reject a value that is not a string: ${formatted}`, () => {
      expect(parseName(value, nameProblem)).to.deep.equal(
        left(`a name is a string such as "operations/cp.123", got ${formatted}`),
      )
    })

  it('should accept only names that leave the endpoint, the version and every segment of the URL unchanged', () => {
    const segment = fc.oneof(
      { arbitrary: fc.string({ unit: 'binary' }), weight: 2 },
      { arbitrary: fc.string(), weight: 2 },
      {
        arbitrary: fc.constantFrom('operations', '.', '..', '%2e', '/', '\\', '//evil.example', ''),
        weight: 1,
      },
      { arbitrary: fc.string({ unit: 'grapheme' }), weight: 4 },
    )
    const names = fc
      .tuple(fc.constantFrom('operations/', 'projects/p/operations/', 'rapidOperations/'), fc.array(segment))
      .map(([collection, segments]) => collection + segments.join('/'))
    const endpoint = 'https://cloudresourcemanager.googleapis.com'
    fc.assert(
      fc.property(names, (name) => {
        fc.pre(isRight(parseName(name, nameProblem)))
        const url = new URL(snapshotRequest(get(name), { endpoint, apiVersion: 'v3' }, {}).url)
        expect(url.origin).to.equal(endpoint)
        expect(url.search + url.hash).to.equal('')
        expect(url.pathname.split('/').map(decodeURIComponent)).to.deep.equal(['', 'v3', ...name.split('/')])
      }),
    )
  })

  it('should return the name or a reason for any value, and never throw', () => {
    fc.assert(
      fc.property(fc.anything({ withBigInt: true, withNullPrototype: true }), (value) => {
        const name = parseName(value, nameProblem)
        if (isRight(name)) expect(name.right).to.equal(value)
        else expect(name.left).to.be.a('string').and.not.equal('')
      }),
    )
  })
})
