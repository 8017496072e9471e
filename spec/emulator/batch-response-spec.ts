import { expect } from 'chai'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { type Received, sendRequest } from './send-request.js'

const HEADERS = { 'Content-Type': 'multipart/mixed; boundary=b1' }
const NAME = 'projects/p/locations/l/operations/a'

/** Sends a batch. Each part has a content ID, which may be empty, and a request. */
function send(
  { endpoint }: Emulator,
  parts: readonly (readonly [string, string])[],
  target = '/batch?prettyPrint=false',
): Promise<Received> {
  const texts = parts.map(([id, request]) => {
    const contentIdLine = id === '' ? '' : `Content-ID: ${id}\r\n`
    return `--b1\r\nContent-Type: application/http\r\n${contentIdLine}\r\n${request}\r\n\r\n`
  })
  return sendRequest(endpoint, 'POST', target, { body: `${texts.join('')}--b1--\r\n`, headers: HEADERS })
}

/** A part of a batch response: its content ID, and the status line and the body of the response in the part. */
interface Part {
  readonly id: string | undefined
  readonly status: string
  readonly body: string
}

/** Splits a batch response at its boundary. Every line must end with CRLF. */
function partsOf({ headers, text }: Received): readonly Part[] {
  const boundary = /^multipart\/mixed; boundary=(\S+)$/.exec(headers['content-type'] ?? '')?.[1]
  const pieces = text.split(`--${boundary}`)
  expect([pieces[0], pieces.at(-1)]).to.deep.equal(['', '--\r\n'])
  return pieces.slice(1, -1).map((piece) => {
    const [head = '', httpResponse = '', body = ''] = piece.split('\r\n\r\n')
    const length = /^Content-Length: (\d+)$/m.exec(httpResponse)?.[1]
    // The CRLF after the body is not part of `Content-Length`.
    expect(`${Buffer.byteLength(body) - 2}`).to.equal(length)
    expect(head).to.match(/^\r\nContent-Type: application\/http/)
    return {
      id: /^Content-ID: (.*)$/m.exec(head)?.[1],
      status: httpResponse.split('\r\n')[0] ?? '',
      body: body.trim(),
    }
  })
}

describe('emulator/http/batch-response', () => {
  it('should send the exact bytes of a batch response', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/cp.1', [{}])
    const received = await send(emulator, [
      ['<item1>', 'GET /v1/operations/cp.1'],
      ['', 'GET /nothing'],
    ])
    expect(received.status).to.equal(200)
    const boundary = /^multipart\/mixed; boundary=(batch_\d{19})$/.exec(
      received.headers['content-type'] ?? '',
    )?.[1]
    const [first] = received.text.split(`--${boundary}\r\nContent-Type: application/http\r\n\r\n`)
    expect(first).to.equal(
      [
        `--${boundary}`,
        'Content-Type: application/http',
        'Content-ID: <response-item1>',
        '',
        'HTTP/1.1 200 OK',
        'Content-Type: application/json; charset=UTF-8',
        'Vary: Origin',
        'Vary: X-Origin',
        'Vary: Referer',
        'Server: ESF',
        'Cache-Control: private',
        'X-Xss-Protection: 0',
        'X-Frame-Options: SAMEORIGIN',
        'X-Content-Type-Options: nosniff',
        'Content-Length: 26',
        '',
        '{"name":"operations/cp.1"}',
        '',
      ].join('\r\n'),
    )
    expect(received.text.endsWith(`</ins>\n\r\n--${boundary}--\r\n`)).to.equal(true)
  })

  it('should contain all responses and errors in the order of the parts, with prefixed content IDs', async () => {
    await using emulator = await startEmulator()
    const { operations } = emulator
    operations.add('operations/a', [{ done: true }])
    operations.add('operations/b', [{ httpResponse: { httpStatus: 429, headers: { 'Retry-After': '3' } } }])
    const received = await send(emulator, [
      ['<uuid + 2>', 'GET /v3/operations/a HTTP/1.1\r\nAccept: application/json'],
      ['item3', 'GET /v1/operations/no?$.xgafv=1'],
      ['', 'GET /v3/operations/b'],
      ['<item5>', 'GET https://cloudresourcemanager.googleapis.com/v3/operations/a'],
      [
        '<item6>',
        'POST /v3/projects HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"projectId":"tokyo-rain"}',
      ],
      ['<item7>', 'GET /v3/operations/a?prettyPrint=true'],
      ['<item8>', 'POST /batch'],
    ])
    const name = operations.names().at(-1)
    const parts = partsOf(received)
    expect(parts.slice(0, 6)).to.deep.equal([
      { id: '<response-uuid + 2>', status: 'HTTP/1.1 200 OK', body: '{"name":"operations/a","done":true}' },
      {
        id: 'response-item3',
        status: 'HTTP/1.1 404 Not Found',
        body:
          '{"error":{"code":404,"message":"Requested entity was not found.","errors":[{"message":' +
          '"Requested entity was not found.","domain":"global","reason":"notFound"}],"status":"NOT_FOUND"}}',
      },
      { id: undefined, status: 'HTTP/1.1 429 Too Many Requests', body: '' },
      {
        id: '<response-item5>',
        status: 'HTTP/1.1 400 Bad Request',
        body:
          '{"error":{"code":400,"message":"A part must begin with a method and a path; a full URL is not allowed.",' +
          '"status":"INVALID_ARGUMENT"}}',
      },
      { id: '<response-item6>', status: 'HTTP/1.1 200 OK', body: `{"name":"${name}"}` },
      {
        id: '<response-item7>',
        status: 'HTTP/1.1 200 OK',
        body: '{\n  "name": "operations/a",\n  "done": true\n}',
      },
    ])
    expect(parts[6]?.status).to.equal('HTTP/1.1 404 Not Found')
    expect(received.text).to.contain('\r\nRetry-After: 3\r\n')
  })

  it('should count each part as a poll, and record the batch as one request with parts', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ metadata: 1 }, { polls: 2, metadata: 2 }])
    const received = await send(emulator, [
      ['<1>', 'GET /v3/operations/a'],
      ['<2>', 'GET /v3/operations/a\r\nX-Own: 2'],
      ['<3>', 'not a request'],
    ])
    expect(partsOf(received).map(({ body }) => JSON.parse(body).metadata)).to.deep.equal([1, 2, undefined])
    expect(emulator.operations.polls('operations/a')).to.equal(2)
    expect(emulator.requests).to.have.length(1)
    const [request] = emulator.requests
    expect(request).to.include({ method: 'POST', path: '/batch' })
    expect(request?.parts?.map(({ contentId, path }) => [contentId, path])).to.deep.equal([
      ['<1>', '/v3/operations/a'],
      ['<2>', '/v3/operations/a'],
    ])
    expect(request?.parts?.[1]?.headers).to.include({ 'x-own': '2' }).and.not.have.property('content-type')
    expect(request?.parts?.[1]?.query).to.deep.equal({ prettyPrint: 'false' })
  })

  const failing: readonly (readonly [Frame, string, string])[] = [
    [{ stall: true }, 'HTTP/1.1 504 Gateway Timeout', 'DEADLINE_EXCEEDED'],
    [{ fault: 'reset' }, 'HTTP/1.1 503 Service Unavailable', 'UNAVAILABLE'],
    [{ fault: 'gzip-bomb' }, 'HTTP/1.1 503 Service Unavailable', 'UNAVAILABLE'],
  ]
  for (const [frame, status, code] of failing) {
    it(`should send ${status} only for the part with the frame ${JSON.stringify(frame)}`, async () => {
      await using emulator = await startEmulator()
      emulator.operations.add('operations/a', [frame])
      emulator.operations.add('operations/b', [{}])
      const parts = partsOf(
        await send(emulator, [
          ['<1>', 'GET /v3/operations/a'],
          ['<2>', 'GET /v3/operations/b'],
        ]),
      )
      expect(parts[0]?.status).to.equal(status)
      expect(JSON.parse(parts[0]?.body ?? '').error.status).to.equal(code)
      expect(parts[1]?.body).to.equal('{"name":"operations/b"}')
    })
  }

  it('should send the batch response when the slowest part has a response', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [{}, { polls: 2, done: true }])
    emulator.operations.add('operations/b', [{}])
    const parts = partsOf(
      await send(emulator, [
        ['<1>', `POST /v2/${NAME}:wait\r\n\r\n{"timeout":"20s"}`],
        ['<2>', `POST /v2/${NAME}:wait\r\n\r\n{"timeout":"0.02s"}`],
        ['<3>', 'GET /v3/operations/b'],
      ]),
    )
    const done = `{"name":"${NAME}","done":true}`
    expect(parts.map(({ body }) => body)).to.deep.equal([done, done, '{"name":"operations/b"}'])
  })

  it('should compress the batch response if the client accepts gzip', async () => {
    await using emulator = await startEmulator()
    const body = '--b1\r\nContent-Type: application/http\r\n\r\nGET /v3/operations/a\r\n--b1--'
    const headers = { ...HEADERS, 'Accept-Encoding': 'gzip' }
    const received = await sendRequest(emulator.endpoint, 'POST', '/batch', { body, headers })
    expect(received.headers['content-encoding']).to.equal('gzip')
  })

  for (const [condition, body, headers] of [
    ['the body is not multipart', '{}', { 'Content-Type': 'application/json' }],
    ['the batch has more than 1000 parts', `${'--b1\r\n'.repeat(1001)}--b1--`, HEADERS],
    ['the batch has no final boundary', '--b1\r\nContent-Type: application/http\r\n', HEADERS],
  ] as const) {
    it(`should send 400 if ${condition}`, async () => {
      await using emulator = await startEmulator()
      const received = await sendRequest(emulator.endpoint, 'POST', '/batch', { body, headers })
      expect(received.status).to.equal(400)
      expect(JSON.parse(received.text).error).to.include({ code: 400, status: 'INVALID_ARGUMENT' })
      expect(emulator.requests[0]).not.to.have.property('parts')
    })
  }

  it('should call the fault option only once for a batch', async () => {
    const paths: string[] = []
    await using emulator = await startEmulator({
      fault: ({ path }) => {
        paths.push(path)
        return paths.length === 1 ? { httpResponse: { httpStatus: 502, body: '<html>' } } : undefined
      },
    })
    emulator.operations.add('operations/a', [{}])
    expect((await send(emulator, [['<1>', 'GET /v3/operations/a']])).status).to.equal(502)
    expect(emulator.operations.polls('operations/a')).to.equal(0)
    expect((await send(emulator, [['<1>', 'GET /v3/operations/a']])).status).to.equal(200)
    expect(paths).to.deep.equal(['/batch', '/batch'])
  })

  it('should send the 404 page if the option `batch` is false, or if a request has another method or path', async () => {
    await using withoutBatch = await startEmulator({ batch: false })
    await using withBatch = await startEmulator()
    const part: readonly (readonly [string, string])[] = [['<1>', 'GET /v3/operations/a']]
    for (const received of [
      await send(withoutBatch, part),
      await sendRequest(withBatch.endpoint, 'GET', '/batch'),
      await send(withBatch, part, '/batch/v1'),
    ]) {
      expect([received.status, received.headers['content-type']]).to.deep.equal([
        404,
        'text/html; charset=UTF-8',
      ])
    }
    expect(withoutBatch.requests[0]).not.to.have.property('parts')
  })
})
