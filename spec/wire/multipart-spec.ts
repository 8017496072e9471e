import { expect } from 'chai'
import fc from 'fast-check'
import { readParts, writeParts } from '../../lib/wire/multipart.js'

const ENDPOINT = 'https://e.googleapis.com'
const COMMON_HEADERS = { accept: 'application/json', 'x-goog-user-project': 'p' }
function pollRequest(name: string, headers: Readonly<Record<string, string>> = COMMON_HEADERS) {
  return { method: 'GET', url: `${ENDPOINT}/v3/operations/${name}?quotaUser=u`, headers } as const
}
function part(idHeader: string, body: string, status = '200 OK'): string {
  return `--b\r\nContent-Type: application/http\r\n${idHeader}\r\nHTTP/1.1 ${status}\r\nContent-Type: application/json\r\nX-Other: 1\r\n\r\n${body}\r\n`
}
const MIXED_TYPE = 'multipart/mixed; boundary=b'
function requestIndexes(text: string, type = MIXED_TYPE) {
  return readParts(type, text)?.map(({ requestIndex }) => requestIndex)
}

describe('wire/multipart', () => {
  describe('writeParts', () => {
    it('should return a part for each request, without the host and the common headers', () => {
      const text = writeParts(
        [pollRequest('a'), pollRequest('b', { ...COMMON_HEADERS, accept: 'text/plain' })],
        COMMON_HEADERS,
        'x1',
      )
      expect(text.split('\r\n')).to.deep.equal([
        '--x1',
        'Content-Type: application/http',
        'Content-ID: <0>',
        '',
        'GET /v3/operations/a?quotaUser=u HTTP/1.1',
        '',
        '',
        '--x1',
        'Content-Type: application/http',
        'Content-ID: <1>',
        '',
        'GET /v3/operations/b?quotaUser=u HTTP/1.1',
        'accept: text/plain',
        '',
        '',
        '--x1--',
        '',
      ])
    })
  })

  describe('readParts', () => {
    it('should return the status, the allowed headers and the JSON', () => {
      expect(
        readParts(MIXED_TYPE, `${part('Content-ID: <response-0>\r\n', '{"name":"a"}')}--b--\r\n`),
      ).to.deep.equal([
        {
          requestIndex: 0,
          response: { httpStatus: 200, headers: { 'content-type': 'application/json' }, body: { name: 'a' } },
          bytes: 12,
        },
      ])
    })

    const twoParts =
      part('Content-ID: <response-1>\r\n', '{"n":1}') +
      part('Content-ID: <response-0>\r\n', '{"n":0}', '404 Not Found')
    const bodies: readonly (readonly [string, string, string?])[] = [
      ['with parts in another order', `${twoParts}--b--`],
      ['with LF instead of CRLF', `${twoParts}--b--`.replaceAll('\r\n', '\n')],
      ['with LF and CRLF', `${twoParts}--b--`.replaceAll('\r\n', (end, at: number) => (at % 3 ? end : '\n'))],
      ['with a preamble and an epilogue', `before\r\n${twoParts}--b--\r\nafter`],
      ['without a closing boundary', twoParts],
      ['with a quoted boundary', `${twoParts}--b--`, 'multipart/mixed; charset=x; Boundary="b"'],
      ['whose content type has no boundary', `${twoParts}--b--`, ''],
      ['with ids without brackets', `${twoParts}--b--`.replace(/<|>/g, '')],
      ['with ids without the prefix', `${twoParts}--b--`.replaceAll('response-', '')],
      ['with header names in another case', `${twoParts}--b--`.replaceAll('Content-ID', 'CONTENT-id')],
      ['with folded headers', `${twoParts}--b--`.replaceAll('Content-ID: ', 'Content-ID:\r\n ')],
      ['with white space after the boundary', `${twoParts}--b--`.replaceAll('--b\r', '--b \t\r')],
    ]
    for (const [what, text, type] of bodies)
      it(`should return the parts of a body ${what}`, () => {
        const parts = readParts(type ?? MIXED_TYPE, text)
        expect(
          parts?.map(({ requestIndex, response }) => [requestIndex, response.httpStatus, response.body]),
        ).to.deep.equal([
          [1, 200, { n: 1 }],
          [0, 404, { n: 0 }],
        ])
      })

    it('should ignore lines that have other text after the boundary', () => {
      expect(
        requestIndexes(`${part('Content-ID: <response-0>\r\n', '"--b"\r\n--bc\r\n --b')}--b--`),
      ).to.deep.equal([0])
    })

    it('should omit a part that is not an HTTP response, and return a body that is not JSON as text', () => {
      const text = `--b\r\n\r\nnothing\r\n${part('Content-ID: <response-5>\r\n', '<html>', '502 Bad Gateway')}--b--`
      expect(readParts(MIXED_TYPE, text)).to.have.length(1)
      expect(readParts(MIXED_TYPE, text)?.[0]).to.have.nested.property('response.body', '<html>')
    })

    it('should return undefined as the request index if the Content-ID is absent, and -1 if the Content-ID is invalid', () => {
      expect(requestIndexes(`${part('', '{}')}--b--`)).to.deep.equal([undefined])
      for (const id of ['response-x', 'response--1', 'response-12345678'])
        expect(requestIndexes(`${part(`Content-ID: <${id}>\r\n`, '{}')}--b--`)).to.deep.equal([-1])
    })

    for (const [description, header] of [
      ['one long folded header', `Content-ID: <response-0\r\n${' x\r\n'.repeat(100_000)}`],
      ['many blank lines in a folded header', `Content-ID: <response-0>\r\n${' \t\r\n'.repeat(100_000)}`],
      ['one header that is repeated', 'Content-ID: <response-0>\r\n'.repeat(20_000)],
      ['a header of blanks', `Content-ID:${' '.repeat(400_000)}<response-0>\r\n`],
    ] as const)
      it(`should parse ${description} in less than a second`, () => {
        const startedAt = performance.now()
        const shortResult = readParts(MIXED_TYPE, `${part('Content-ID: <response-0>\r\n', '{}')}--b--`)
        const longResult = readParts(MIXED_TYPE, `${part(header, '{}')}--b--`)
        expect(performance.now() - startedAt).to.be.below(1_000)
        expect(longResult).to.have.lengthOf(shortResult?.length ?? 0)
      })

    for (const text of ['', '<html>', '{"error": {}}', '--c\r\n\r\nHTTP/1.1 200 OK\r\n\r\n{}\r\n--c--'])
      it(`should return undefined if the text is ${JSON.stringify(text)}`, () => {
        expect(readParts(MIXED_TYPE, text)).to.equal(undefined)
      })

    it('should return the JSON of each part, and not throw for any text', () => {
      fc.assert(
        fc.property(fc.array(fc.json(), { minLength: 1, maxLength: 5 }), (bodies) => {
          const text = bodies.map((body, index) => part(`Content-ID: <response-${index}>\r\n`, body)).join('')
          expect(
            readParts(MIXED_TYPE, `${text}--b--`)?.map(({ response }) => JSON.stringify(response.body)),
          ).to.deep.equal(bodies.map((body) => JSON.stringify(JSON.parse(body))))
        }),
      )
      fc.assert(fc.property(fc.string(), fc.string(), (type, text) => void readParts(type, `--b\n${text}`)))
    })
  })
})
