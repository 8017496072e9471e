import { once } from 'node:events'
import http from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import zlib, { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import axios from 'axios'
import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import { firstValueFrom } from 'rxjs'
import { classifyWith } from '../../lib/polling/classify.js'
import { type AxiosTransportOptions, axiosTransport } from '../../lib/transport/axios-transport.js'
import { withHttpServer, withTcpServer } from '../loopback.js'

/** Sends one request over a new transport, and then closes the transport. */
async function send(url: string, options: Partial<AxiosTransportOptions> = {}) {
  const { transport, close } = axiosTransport({
    requestTimeout: 20_000,
    maxResponseBytes: 1_000_000,
    ...options,
  })
  const headers = { 'user-agent': 'spec', authorization: 'Bearer SECRET' }
  try {
    return await firstValueFrom(transport({ method: 'GET', url, headers }))
  } finally {
    close()
  }
}

describe('transport/axios-transport', () => {
  it('should return the status, the allowed headers and the JSON of a response', () =>
    withHttpServer(
      (_, response) => {
        response.setHeader('Retry-After', '7')
        response.setHeader('Set-Cookie', 'SECRET=1')
        response.setHeader('Date', 'Sun, 06 Nov 1994 08:49:37 GMT')
        response.writeHead(503, { 'content-type': 'application/json' }).end('{"error":{}}')
      },
      async (origin) => {
        expect(await send(origin)).to.deep.equal({
          _tag: 'Right',
          right: {
            httpStatus: 503,
            headers: {
              'retry-after': '7',
              date: 'Sun, 06 Nov 1994 08:49:37 GMT',
              'content-type': 'application/json',
            },
            body: { error: {} },
          },
        })
      },
    ))

  it('should return a body that is not JSON as text', () =>
    withHttpServer(
      (_, response) => response.end('<p>no'),
      async (origin) => expect(await send(origin)).to.have.nested.property('right.body', '<p>no'),
    ))

  it('should decode a compressed response with a byte order mark', () =>
    withHttpServer(
      (_, response) => {
        response.setHeader('content-encoding', 'gzip')
        response.end(gzipSync('\ufeff{"a":1}'))
      },
      async (origin) => expect(await send(origin)).to.have.deep.nested.property('right.body', { a: 1 }),
    ))

  const encodings: Readonly<Record<string, (text: string) => Buffer>> = {
    GZIP: gzipSync,
    'x-gzip': gzipSync,
    deflate: deflateSync,
    // Without the header of zlib.
    'deflate ': deflateRawSync,
    br: brotliCompressSync,
    ...('zstdCompressSync' in zlib && { zstd: zlib.zstdCompressSync as typeof gzipSync }),
    unknown: (text: string) => Buffer.from(text),
  }
  for (const [encoding, compress] of Object.entries(encodings))
    it(`should decode a response with the content encoding "${encoding}"`, () =>
      withHttpServer(
        (_, response) => {
          response.setHeader('content-encoding', encoding.trim())
          response.end(compress('{"a":1}'))
        },
        async (origin) => expect(await send(origin)).to.have.deep.nested.property('right.body', { a: 1 }),
      ))

  it('should return an empty body as empty text if its content encoding is gzip', () =>
    withHttpServer(
      (_, response) => response.writeHead(204, { 'content-encoding': 'gzip' }).end(),
      async (origin) => expect(await send(origin)).to.have.nested.property('right.body', ''),
    ))

  it('should call the request function of node:http that is set at the time of the request', () =>
    withHttpServer(
      (_, response) => response.end('{}'),
      async (origin) => {
        const { request } = http
        const calls: unknown[] = []
        const record = (...args: Parameters<typeof request>) => {
          calls.push(args)
          return request(...args)
        }
        const { transport, close } = axiosTransport({ requestTimeout: 20_000, maxResponseBytes: 100 })
        const response = transport({ method: 'GET', url: `${origin}/a?b=1`, headers: { accept: 'text/x' } })
        try {
          await firstValueFrom(response)
          // Test libraries and instrumentation replace the function.
          http.request = record as typeof request
          await firstValueFrom(response)
        } finally {
          http.request = request
          close()
        }
        expect(calls).to.have.length(1)
        expect(calls).to.have.nested.property('[0][0].path', '/a?b=1')
        expect(calls).to.have.nested.property('[0][0].headers.accept', 'text/x')
      },
    ))

  // Cited in docs/COMPARISON.md as: redirects
  it('should return a redirect without following it', async () => {
    let followedCount = 0
    await withHttpServer(
      (_, response) => response.end(String(followedCount++)),
      (redirectTarget) =>
        withHttpServer(
          (_, response) => response.writeHead(302, { location: redirectTarget }).end(),
          async (origin) => expect(await send(origin)).to.have.nested.property('right.httpStatus', 302),
        ),
    )
    expect(followedCount).to.equal(0)
  })

  it('should send the headers of the request, but no headers of axios.defaults', async () => {
    axios.defaults.headers.common['x-leak'] = 'SECRET'
    try {
      await withHttpServer(
        (request, response) => response.end(JSON.stringify(request.headers)),
        async (origin) => {
          const outcome = await send(`${origin}/v3/operations/x`)
          expect(outcome).to.have.nested.property('right.body.authorization', 'Bearer SECRET')
          expect(outcome).to.have.nested.property('right.body.user-agent', 'spec')
          expect(outcome).to.not.have.nested.property('right.body.x-leak')
        },
      )
    } finally {
      delete axios.defaults.headers.common['x-leak']
    }
  })

  it('should return JSON as text if it has more than 101 levels', () =>
    withHttpServer(
      (request, response) => {
        const depth = Number(request.url?.slice(1))
        response.end('['.repeat(depth) + ']'.repeat(depth))
      },
      async (origin) => {
        expect(await send(`${origin}/101`))
          .to.have.nested.property('right.body')
          .that.is.an('array')
        expect(await send(`${origin}/102`))
          .to.have.nested.property('right.body')
          .that.is.a('string')
        expect(await send(`${origin}/50000`))
          .to.have.nested.property('right.body')
          .that.is.a('string')
      },
    ))

  describe('failures', () => {
    it('should report a refused connection', async () => {
      const closedOrigin = await withHttpServer(
        (_, response) => response.end(),
        async (origin) => origin,
      )
      expect(await send(closedOrigin)).to.deep.equal(left({ _tag: 'ConnectionFailed', code: 'ECONNREFUSED' }))
    })

    it('should report a connection that is reset before the response headers', () =>
      withTcpServer(
        (socket) => socket.once('data', () => socket.resetAndDestroy()),
        async (origin) =>
          expect(await send(origin)).to.deep.equal(left({ _tag: 'ConnectionFailed', code: 'ECONNRESET' })),
      ))

    for (const ending of ['end', 'resetAndDestroy'] as const)
      it(`should report a body that the server truncates with ${ending}()`, () =>
        withTcpServer(
          (socket) =>
            socket.once('data', () =>
              socket.write('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"name":', () => socket[ending]()),
            ),
          async (origin) =>
            expect(await send(origin)).to.have.nested.property('left._tag', 'ConnectionFailed'),
        ))

    it('should keep the Retry-After of a response whose body is truncated', () =>
      withTcpServer(
        (socket) =>
          socket.once('data', () =>
            socket.write('HTTP/1.1 429 Slow\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\n{', () =>
              socket.end(),
            ),
          ),
        async (origin) => {
          const outcome = await send(origin)
          expect(outcome).to.have.nested.property('left.headers.retry-after', '7')
          expect(classifyWith(right, outcome, 0)).to.include({ _tag: 'Transient', retryAfter: 7_000 })
        },
      ))

    it('should report a response that is not HTTP', () =>
      withTcpServer(
        (socket) => socket.once('data', () => socket.end('SSH-2.0-OpenSSH_9.2\r\n')),
        async (origin) => expect(await send(origin)).to.have.nested.property('left._tag', 'ConnectionFailed'),
      ))

    it('should report a compressed body that is malformed', () =>
      withHttpServer(
        (_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end('not gzip'),
        async (origin) => expect(await send(origin)).to.have.nested.property('left._tag', 'ConnectionFailed'),
      ))

    it('should report a host name without an address', async () => {
      const outcome = await send('http://host.invalid/')
      expect(outcome).to.have.nested.property('left._tag', 'ConnectionFailed')
      expect(outcome)
        .to.have.nested.property('left.code')
        .that.matches(/^(ENOTFOUND|EAI_AGAIN)$/)
    })

    it('should report a rejected certificate', async () => {
      const server = createTlsServer(SELF_SIGNED, (_, response) => response.end())
      await once(server.listen(0, '127.0.0.1'), 'listening')
      try {
        const { port } = server.address() as AddressInfo
        expect(await send(`https://127.0.0.1:${port}`)).to.deep.equal(
          left({ _tag: 'CertificateRefused', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' }),
        )
      } finally {
        await new Promise((resolve) => server.close(resolve))
      }
    })

    it('should report a body over maxResponseBytes with the HTTP status, and stop reading', () =>
      withHttpServer(
        (_, response) => {
          response.writeHead(500)
          const writeMore = (): void => {
            while (!response.destroyed && response.write('x'.repeat(1_000)));
          }
          response.on('drain', writeMore)
          writeMore()
        },
        async (origin) =>
          expect(await send(origin, { maxResponseBytes: 10_000 })).to.deep.equal(
            left({ _tag: 'BodyTooLarge', maxResponseBytes: 10_000, httpStatus: 500 }),
          ),
      ))

    it('should compare the decompressed bytes with maxResponseBytes', () =>
      withHttpServer(
        (_, response) =>
          response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('x'.repeat(100_000))),
        async (origin) =>
          expect(await send(origin, { maxResponseBytes: 10_000 })).to.have.nested.property(
            'left._tag',
            'BodyTooLarge',
          ),
      ))

    it('should compare the compressed bytes with maxResponseBytes if an endless body decompresses to no data', () =>
      withTcpServer(
        (socket) => {
          socket.write('HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n\r\n')
          // A chunk of 10 bytes: the gzip header.
          socket.write('a\r\n\x1f\x8b\x08\0\0\0\0\0\0\x03\r\n', 'latin1')
          // Empty deflate blocks of 5 bytes each. A chunk contains 1,000 of them: 5,000 bytes, in hexadecimal 1388.
          const emptyBlocks = '\0\0\0\xff\xff'.repeat(1_000)
          const writeMore = (): void => {
            while (!socket.destroyed && socket.write(`1388\r\n${emptyBlocks}\r\n`, 'latin1'));
          }
          socket.on('drain', writeMore)
          writeMore()
        },
        async (origin) =>
          expect(await send(origin, { maxResponseBytes: 10_000 })).to.deep.equal(
            left({ _tag: 'BodyTooLarge', maxResponseBytes: 10_000, httpStatus: 200 }),
          ),
      ))

    it('should return the response if the timeouts exceed the maximum of a JavaScript timer', () =>
      withHttpServer(
        (_, response) => setImmediate(() => response.end('{}')),
        async (origin) => {
          const { transport, close } = axiosTransport({
            requestTimeout: 2 ** 31 - 1,
            maxResponseBytes: 1_000,
          })
          const url = `${origin}/v3/operations/x:wait`
          const request = { method: 'POST', url, headers: {}, body: '{}', serverTimeout: 2 ** 30 } as const
          expect(await firstValueFrom(transport(request))).to.have.nested.property('right.httpStatus', 200)
          close()
        },
      ))

    for (const [description, responseText, expectedFields] of [
      ['stalls before the response headers', undefined, {}],
      ['stalls in the body', 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{', { httpStatus: 200 }],
      [
        'stalls in the body after a Retry-After',
        'HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Length: 100\r\n\r\n{',
        { httpStatus: 429, headers: { 'retry-after': '7' } },
      ],
    ] as const)
      it(`should time out and close the socket if the response ${description}`, async () => {
        let socketClosed: Promise<unknown> | undefined
        await withTcpServer(
          (socket) => {
            socketClosed = once(socket, 'close')
            if (responseText) socket.write(responseText)
          },
          async (origin) => {
            expect(await send(origin, { requestTimeout: 100 })).to.deep.equal(
              left({ _tag: 'RequestTimedOut', requestTimeout: 100, ...expectedFields }),
            )
            await socketClosed
          },
        )
      })
  })

  it('should open no socket before subscription, and use one socket for consecutive requests', async () => {
    const sockets = new Set<unknown>()
    await withHttpServer(
      (request, response) => {
        sockets.add(request.socket)
        response.end('{}')
      },
      async (origin) => {
        const { transport, close } = axiosTransport({ requestTimeout: 20_000, maxResponseBytes: 100 })
        const responses = transport({ method: 'GET', url: origin, headers: {} })
        expect(sockets.size).to.equal(0)
        for (let n = 0; n < 3; n++) await firstValueFrom(responses)
        expect(sockets.size).to.equal(1)
        close()
      },
    )
  })

  it('should report a request that axios rejects before it is sent, without the message of the axios error', async () => {
    const { transport, close } = axiosTransport({ requestTimeout: 20_000, maxResponseBytes: 100 })
    const headers = { 'x-bad': 'S3CRET\u0100' }
    const outcome = await firstValueFrom(transport({ method: 'GET', url: 'http://127.0.0.1:1', headers }))
    expect(outcome).to.have.nested.property('left._tag', 'ConnectionFailed')
    expect(JSON.stringify(outcome)).to.not.include('S3CRET')
    close()
  })
})

/** A self-signed certificate for 127.0.0.1. The private key is not a secret. */
const SELF_SIGNED = {
  key: `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgpOSAKKtbIbbKXSlq
YFBXCud1VaGuDQFIRaOnXzjuHbChRANCAAQO1kY0aPgJd4u8sf93y26DwohYGNaP
085eCwRqlwhZOu9Jz+9dltJOQdBBiFr9W8ffwJNkq0gNwbnTx+/ZQxtg
-----END PRIVATE KEY-----
`,
  cert: `-----BEGIN CERTIFICATE-----
MIIBkTCCATagAwIBAgIUO9Su613+uGiyoYW3nBHglSiqCeowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTI2MTEyMjA5NDUxOFoYDzIxMjYxMDI5
MDk0NTE4WjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAAQO1kY0aPgJd4u8sf93y26DwohYGNaP085eCwRqlwhZOu9Jz+9dltJO
QdBBiFr9W8ffwJNkq0gNwbnTx+/ZQxtgo2QwYjAdBgNVHQ4EFgQUQ9EdG932hmgj
pkcFDjaiky8ksS4wHwYDVR0jBBgwFoAUQ9EdG932hmgjpkcFDjaiky8ksS4wDwYD
VR0TAQH/BAUwAwEB/zAPBgNVHREECDAGhwR/AAABMAoGCCqGSM49BAMCA0kAMEYC
IQD56QfUsVgS69pDSpaN1ueEjkvUEtvrU/OWKtu6FVGXAAIhALN4P74xBSCiI+CN
ir9bztVCBTYVPRkpQSfS75H1bbPL
-----END CERTIFICATE-----
`,
}
