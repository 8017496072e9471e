import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import axios from 'axios'
import { expect } from 'chai'
import { gaxios } from 'google-auth-library'
import { makeStartFailed } from '../../lib/messages/error-message.js'
import { factsOfError, factsOfResponse } from '../../lib/watch/start-failure.js'
import { read } from '../documents.js'
import { withHttpServer, withTcpServer } from '../loopback.js'

const TOKEN = 'S3CRET-token-of-the-caller'
const headers = { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' }
const body = '{"projectId":"p-1"}'

/** Sends a POST request, and resolves with the facts about its failure. */
type Send = (url: string, query?: string) => Promise<ReturnType<typeof factsOfError>>

const CLIENTS: Readonly<Record<string, Send>> = {
  gaxios: (url, query = '') =>
    gaxios
      .request({ url: url + query, method: 'POST', headers, body, retry: false })
      .then((response) => factsOfResponse(response, 'no failure'), factsOfError),
  axios: (url, query = '') =>
    axios
      .post(url, body, { headers, proxy: false, params: Object.fromEntries(new URLSearchParams(query)) })
      .then((response) => factsOfResponse(response, 'no failure'), factsOfError),
  'axios that accepts every status': (url, query = '') =>
    axios
      .post(url + query, body, { headers, proxy: false, validateStatus: () => true })
      .then((response) => factsOfResponse(response, 'no failure'), factsOfError),
  fetch: (url, query = '') =>
    fetch(url + query, { method: 'POST', headers, body }).then(
      async (response) =>
        factsOfResponse({ status: response.status, data: await response.json() }, 'no failure'),
      factsOfError,
    ),
}

function errorBody(code: number, status: string, message: string): string {
  return JSON.stringify({ error: { code, status, message } })
}

for (const [client, send] of Object.entries(CLIENTS))
  describe(`the failures of a start call with ${client}`, () => {
    for (const [httpStatus, status, mayHaveStarted] of [
      [400, 'INVALID_ARGUMENT', false],
      [403, 'PERMISSION_DENIED', false],
      [408, 'DEADLINE_EXCEEDED', true],
      [409, 'ALREADY_EXISTS', true],
      [429, 'RESOURCE_EXHAUSTED', false],
      [499, 'CANCELLED', true],
      [500, 'INTERNAL', true],
      [503, 'UNAVAILABLE', true],
    ] as const)
      it(`should state that an operation ${mayHaveStarted ? 'may have' : 'has not'} started after HTTP ${httpStatus}`, () =>
        withHttpServer(
          (_, response) => response.writeHead(httpStatus).end(errorBody(httpStatus, status, 'a message')),
          async (origin) => {
            const facts = await send(origin)
            expect(facts).to.include({ httpStatus, mayHaveStarted })
            expect(facts.status).to.include({ codeName: status, message: 'a message' })
          },
        ))

    // fetch converts a 407 to an error without its status. Source: https://fetch.spec.whatwg.org.
    if (client !== 'fetch')
      it('should state that the proxy returned HTTP 407, because only a proxy returns it', () =>
        withHttpServer(
          (_, response) => response.writeHead(407).end('{}'),
          async (origin) => {
            const facts = await send(origin)
            expect(facts).to.include({ httpStatus: 407, mayHaveStarted: false })
            expect(makeStartFailed('r-1', facts).message).to.equal(
              'The call with the request ID r-1 failed: the proxy returned HTTP 407 FAILED_PRECONDITION. No operation was started.',
            )
          },
        ))

    it('should contain no secret that the server echoes', () =>
      withHttpServer(
        ({ url, headers }, response) =>
          response
            .writeHead(403)
            .end(errorBody(403, 'PERMISSION_DENIED', `POST ${url} with ${headers.authorization} denied`)),
        async (origin) => {
          const facts = await send(origin, '?key=AIzaS3CRET-api-key-of-caller')
          expect(facts.status?.message).to.match(/^POST .* denied$/)
          expect(JSON.stringify(facts)).to.not.include('S3CRET')
        },
      ))

    it('should state that no operation was started if the connection is refused', async () => {
      const closedOrigin = await withTcpServer(
        () => undefined,
        async (origin) => origin,
      )
      expect(await send(closedOrigin)).to.include({ code: 'ECONNREFUSED', mayHaveStarted: false })
    })

    it('should state that an operation may have been started if the connection is lost', () =>
      withHttpServer(
        ({ socket }) => socket.destroy(),
        async (origin) => {
          const facts = await send(origin)
          expect(facts).to.include({ mayHaveStarted: true })
          expect(facts.reason).to.match(/^the call threw \w+ \((?:ECONNRESET|UND_ERR_SOCKET)\)$/)
        },
      ))

    it('should state that no operation was started if the certificate is rejected', async () => {
      let requests = 0
      const key = read('spec/certificates/server.key')
      const server = createServer({ key, cert: read('spec/certificates/server.pem') }, () => requests++)
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      try {
        const facts = await send(`https://127.0.0.1:${(server.address() as AddressInfo).port}`)
        expect(facts.mayHaveStarted).to.equal(false)
        expect(facts.reason).to.match(/^the certificate of the server was rejected \([A-Z_]+\)$/)
        expect(requests).to.equal(0)
      } finally {
        server.closeAllConnections()
        await new Promise((resolve) => server.close(resolve))
      }
    })
  })

describe('the failures of a start call', () => {
  it('should state that no operation was started if fetch throws the error of a proxy that opens no tunnel', () => {
    // The error of Node.js 24.
    const aborted = Object.assign(new Error('Proxy response (502) !== 200 when HTTP Tunneling'), {
      code: 'UND_ERR_ABORTED',
    })
    const cancelled = new DOMException('Request was cancelled.', { cause: aborted } as never)
    const facts = factsOfError(new TypeError('fetch failed', { cause: cancelled }))
    expect(facts).to.deep.equal({
      code: 'ERR_PROXY_TUNNEL',
      mayHaveStarted: false,
      reason: 'the proxy returned HTTP 502',
    })
  })

  const errorInfo = { reason: 'STOCKOUT', domain: 'googleapis.com', errorInfoMetadata: { zone: 'z' } }
  const inFirstAttempt = { config: { retryConfig: { currentRetryAttempt: 0 } } }
  const inSecondAttempt = { config: { retryConfig: { currentRetryAttempt: 1 } } }
  const rows: readonly (readonly [string, object | undefined, boolean, string?])[] = [
    ['gRPC INVALID_ARGUMENT', { code: 3, details: 'no parent' }, false, 'INVALID_ARGUMENT'],
    ['gRPC CANCELLED', { code: 1, details: '' }, true, 'CANCELLED'],
    ['gRPC UNKNOWN', { code: 2, details: '' }, true, 'UNKNOWN'],
    ['gRPC DEADLINE_EXCEEDED', { code: 4, message: 'Total timeout exceeded' }, true, 'DEADLINE_EXCEEDED'],
    ['gRPC ALREADY_EXISTS', { code: 6, details: 'exists' }, true, 'ALREADY_EXISTS'],
    ['gRPC RESOURCE_EXHAUSTED', { code: 8, details: 'quota', ...errorInfo }, false, 'RESOURCE_EXHAUSTED'],
    [
      'a large response',
      { code: 8, details: 'Received message larger than max' },
      true,
      'RESOURCE_EXHAUSTED',
    ],
    ['gRPC ABORTED', { code: 10, details: '' }, true, 'ABORTED'],
    ['gRPC UNAVAILABLE', { code: 14, details: 'no connection' }, true, 'UNAVAILABLE'],
    ['gRPC UNAUTHENTICATED', { code: 16, details: '' }, false, 'UNAUTHENTICATED'],
    ['an unknown host', { code: 'ENOTFOUND' }, false],
    ['a failed connect', { cause: { code: 'EHOSTUNREACH', syscall: 'connect' } }, false],
    ['a failed connect of node-fetch', { code: 'ETIMEDOUT', erroredSysCall: 'connect' }, false],
    ['a failed read', { code: 'EHOSTUNREACH', syscall: 'read' }, true],
    ['a failed connect in the first attempt', { code: 'ENOTFOUND', ...inFirstAttempt }, false],
    ['a failed connect in the second attempt', { code: 'ENOTFOUND', ...inSecondAttempt }, true],
    [
      'a rejection of the second attempt',
      { response: { status: 403 }, ...inSecondAttempt },
      true,
      'PERMISSION_DENIED',
    ],
    ['a missing credential', new Error('Could not load the default credentials. Browse to …'), false],
    ['an abort', new DOMException('aborted', 'AbortError'), true],
    ['an unknown error', new Error('S3CRET'), true],
    ['undefined', undefined, true],
    [
      'an object that cannot be read',
      new Proxy(
        {},
        {
          get: () => {
            throw new Error('S3CRET')
          },
        },
      ),
      true,
    ],
  ]
  for (const [what, thrown, mayHaveStarted, codeName] of rows)
    it(`should state that an operation ${mayHaveStarted ? 'may have' : 'has not'} started after ${what}`, () => {
      const facts = factsOfError(thrown)
      expect(facts.mayHaveStarted).to.equal(mayHaveStarted)
      expect(facts.status?.codeName).to.equal(codeName)
      expect(facts.reason ?? facts.status?.codeName).to.be.a('string')
      expect(JSON.stringify(facts)).to.not.include('S3CRET')
    })

  it('should contain the ErrorInfo of google-gax, and no token in its message', () => {
    const facts = factsOfError({
      code: 8,
      details: 'denied: ya29.S3CRET, Bearer S3CRET-123456',
      ...errorInfo,
    })
    expect(facts.status?.message).to.equal('denied: …, …')
    expect(facts.status?.details).to.deep.equal([
      {
        _tag: 'ErrorInfo',
        '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
        reason: 'STOCKOUT',
        domain: 'googleapis.com',
        metadata: { zone: 'z' },
      },
    ])
  })

  it('should decode the JSON of an HTTP error without its HTTP status', () => {
    const json = JSON.parse(errorBody(403, 'PERMISSION_DENIED', 'denied'))
    expect(factsOfResponse(json, 'not an operation')).to.deep.include({
      httpStatus: 403,
      mayHaveStarted: false,
    })
    expect(factsOfResponse([], 'not an operation')).to.deep.equal({
      mayHaveStarted: true,
      reason: 'not an operation',
    })
  })
})
