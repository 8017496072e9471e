import { expect } from 'chai'
import { type Batch, parseBatch } from '../../lib/emulator/http/batch-request.js'

const CONTENT_TYPE = 'multipart/mixed; boundary=b1'

/** Parses the body of a batch. */
function parse(body: string, type = CONTENT_TYPE, headers: Readonly<Record<string, string>> = {}): Batch {
  return parseBatch({ query: { prettyPrint: 'false' }, headers: { ...headers, 'content-type': type }, body })
}

/** Creates a body with one part. */
function bodyWithPart(part: string): string {
  return `--b1\r\n${part}\r\n--b1--\r\n`
}
const PART_HEADER = 'Content-Type: application/http\r\n'

describe('emulator/http/batch-request', () => {
  for (const [ending, lineEnd] of [
    ['CRLF', '\r\n'],
    ['LF', '\n'],
  ] as const) {
    it(`should parse requests in their order if lines end with ${ending}`, () => {
      const lines = [
        'a preamble',
        '--b1',
        'content-type: application/http; charset=utf-8',
        'Content-Transfer-Encoding: binary',
        'Content-ID:',
        '  <a + 1>',
        '',
        'GET /v1/operations/cp.1?a=1&b=%2F HTTP/1.1',
        'Accept: application/json',
        'X-Folded: one',
        '\ttwo',
        '',
        '--b1  ',
        'Content-Type: application/http',
        '',
        'POST /v3/projects',
        'Content-Type: application/json',
        'Content-Length: 19',
        '',
        '{"projectId":',
        ' "é"}',
        '--b1--',
        'an epilogue',
      ]
      expect(parse(lines.join(lineEnd))).to.deep.equal({
        parts: [
          {
            contentId: '<a + 1>',
            method: 'GET',
            path: '/v1/operations/cp.1',
            query: { prettyPrint: 'false', a: '1', b: '/' },
            headers: { accept: 'application/json', 'x-folded': 'one two' },
          },
          {
            method: 'POST',
            path: '/v3/projects',
            query: { prettyPrint: 'false' },
            headers: { 'content-type': 'application/json', 'content-length': '19' },
            body: { projectId: 'é' },
          },
        ],
      })
    })
  }

  it('should parse a request that has no headers, follows empty lines, or has a body that is not JSON', () => {
    const withoutHeaders = parse(bodyWithPart(`${PART_HEADER}\r\nGET /v1/operations/a`))
    expect(withoutHeaders).to.have.nested.property('parts[0].path', '/v1/operations/a')
    const afterEmptyLines = parse(
      bodyWithPart(`${PART_HEADER}\r\n\r\n\r\nGET /v1/operations/a HTTP/1.1\r\n\r\n`),
    )
    expect(afterEmptyLines).to.have.nested.property('parts[0].path', '/v1/operations/a')
    expect(afterEmptyLines).not.to.have.nested.property('parts[0].body')
    const text = parse(bodyWithPart(`${PART_HEADER}\r\nPOST /v1/projects\r\n\r\n{"a`))
    expect(text).to.have.nested.property('parts[0].body', '{"a')
  })

  for (const [title, lines] of [
    ['a header of blanks', `X-Blank:${' '.repeat(200_000)}x`],
    ['a header of tabs', `X-Blank:${'\t'.repeat(200_000)}x`],
    ['a header name of blanks', `${' '.repeat(200_000)}X: y`],
    ['a header with blanks at its end', `X-Blank: a${' '.repeat(200_000)}\u00a0b`],
    ['a header that is folded many times', `X-Folded: a${'\r\n b'.repeat(50_000)}`],
    ['a header that is folded into blanks', `X-Folded: a${'\r\n  '.repeat(50_000)}b`],
    ['a header without a colon', 'a'.repeat(200_000)],
    ['a request line with many blanks', `${' '.repeat(200_000)}x`],
  ] as const) {
    it(`should parse ${title} in linear time`, () => {
      const startedAt = performance.now()
      const inRequest = `${PART_HEADER}\r\nGET /a HTTP/1.1\r\n${lines}\r\n`
      expect(parse(bodyWithPart(inRequest))).to.have.nested.property('parts[0].path', '/a')
      parse(bodyWithPart(`${lines}\r\n${PART_HEADER}\r\nGET /a`))
      parse(bodyWithPart(`${PART_HEADER}\r\nGET /a${lines}\r\n`))
      // Quadratic time takes longer than two seconds.
      expect(performance.now() - startedAt).to.be.below(2_000)
    })
  }

  it('should keep the blanks inside a header value, remove the blanks around it, and ignore a line without a valid name', () => {
    const part = `${PART_HEADER}\r\nGET /a\r\nX-A: \t a  b \t\r\nX-Empty:\r\nX B: c\r\n: d\r\n`
    expect(parse(bodyWithPart(part))).to.have.deep.nested.property('parts[0].headers', {
      'x-a': 'a  b',
      'x-empty': '',
    })
  })

  it('should inherit the outer query and headers, except Content-* and headers that the part overrides', () => {
    const outer = { authorization: 'Bearer outer', 'x-goog-user-project': 'p', 'content-length': '5' }
    const part = `${PART_HEADER}\r\nGET /a?prettyPrint=true HTTP/1.1\r\nAuthorization: Bearer inner\r\n`
    expect(parse(bodyWithPart(part), CONTENT_TYPE, outer)).to.deep.nested.include({
      'parts[0].headers': { authorization: 'Bearer inner', 'x-goog-user-project': 'p' },
      'parts[0].query': { prettyPrint: 'true' },
    })
  })

  for (const type of [
    'multipart/mixed; boundary="b1"',
    'Multipart/Mixed;boundary=b1',
    'multipart/mixed; charset=utf-8; Boundary=b1; a=b',
  ]) {
    it(`should parse the boundary in ${type}`, () => {
      expect(parse(bodyWithPart(`${PART_HEADER}\r\nGET /a`), type)).to.have.property('parts')
    })
  }

  it('should not interpret a boundary as a regular expression', () => {
    const body = '--a.+b\r\nContent-Type: application/http\r\n\r\nGET /a\r\n--axxb\r\n--a.+b--'
    expect(parse(body, 'multipart/mixed; boundary="a.+b"')).to.have.property('parts').with.length(1)
  })

  const emptyParts = (count: number): string => `${'--b1\r\n'.repeat(count)}--b1--`
  for (const [property, body, type, reason] of [
    ['with another content type', bodyWithPart(''), 'application/json', 'must be multipart/mixed'],
    ['without a boundary', bodyWithPart(''), 'multipart/mixed', 'must be multipart/mixed'],
    ['with an empty boundary', bodyWithPart(''), 'multipart/mixed; boundary=', 'must be multipart/mixed'],
    ['without a final boundary', `--b1\r\n${PART_HEADER}\r\nGET /a\r\n`, CONTENT_TYPE, 'does not end'],
    ['with another boundary', bodyWithPart(''), 'multipart/mixed; boundary=b2', 'does not end'],
    ['without a body', '', CONTENT_TYPE, 'does not end'],
    ['without parts', '--b1--', CONTENT_TYPE, 'no parts'],
    ['with more than 1000 parts', emptyParts(1001), CONTENT_TYPE, '1001 parts'],
  ] as const) {
    it(`should reject a batch ${property}`, () => {
      const batch = parse(body, type)
      expect(batch).to.have.property('reason').that.contains(reason)
    })
  }

  it('should parse 1000 parts', () => {
    expect(parse(emptyParts(1000)))
      .to.have.property('parts')
      .with.length(1000)
  })

  it('should reject a batch if its body is JSON', () => {
    const batch = parseBatch({ query: {}, headers: { 'content-type': CONTENT_TYPE }, body: { a: 1 } })
    expect(batch).to.have.property('reason')
  })

  for (const [property, part, reason] of [
    [
      'has a content type other than application/http',
      'Content-Type: text/plain\r\n\r\nGET /a',
      'application/http',
    ],
    ['has no content type', '\r\nGET /a', 'application/http'],
    [
      'has a full URL',
      `${PART_HEADER}\r\nGET http://a.example/v1/operations/a HTTP/1.1`,
      'a full URL is not allowed',
    ],
    [
      'has a URL without its scheme',
      `${PART_HEADER}\r\nGET //a.example/v1/operations/a`,
      'a full URL is not allowed',
    ],
    ['has no request', PART_HEADER, 'must begin'],
    ['has a method in lower case', `${PART_HEADER}\r\nget /a`, 'must begin'],
    ['has a path with a space', `${PART_HEADER}\r\nGET /a b`, 'must begin'],
  ] as const) {
    it(`should reject only the part that ${property}`, () => {
      const batch = parse(`--b1\r\nContent-ID: 1\r\n${part}\r\n--b1\r\n${PART_HEADER}\r\nGET /good\r\n--b1--`)
      expect(batch).to.have.nested.property('parts[0].reason').that.contains(reason)
      expect(batch).to.have.nested.property('parts[1].path', '/good')
    })
  }
})
