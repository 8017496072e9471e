import { once } from 'node:events'
import { Agent, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { inspect } from 'node:util'
import axios, { AxiosError, type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'
import { expect } from 'chai'
import { firstValueFrom } from 'rxjs'
import { type ClientOptions, InvalidOption, OperationsClient, watchOperation } from '../../lib/index.js'
import { withHttpServer } from '../loopback.js'
import { NAME } from '../virtual.js'

const TOKEN = 'ya29.TOKEN-OF-THE-CLIENT'
const auth = { getRequestHeaders: async () => ({ authorization: `Bearer ${TOKEN}` }) }
const RUNNING = JSON.stringify({ name: NAME })
const respond: RequestListener = (_, response) => response.end(RUNNING)

/** Calls `get` once, with a server that responds with `listener`. Returns the result and the received requests. */
async function getWith(
  options: ClientOptions,
  listener: RequestListener = respond,
): Promise<{ result: object; urls: string[]; headers: IncomingHttpHeaders[] }> {
  const urls: string[] = []
  const headers: IncomingHttpHeaders[] = []
  const result = await withHttpServer(
    (request, response) => {
      urls.push(request.url ?? '')
      headers.push(request.headers)
      listener(request, response)
    },
    async (endpoint) => {
      await using client = new OperationsClient({ endpoint, auth, ...options })
      return await firstValueFrom(client.get(NAME))
    },
  )
  return { result, urls, headers }
}

/** Returns an instance with one request interceptor. */
function intercepted(interceptor: (config: InternalAxiosRequestConfig) => unknown): AxiosInstance {
  const instance = axios.create()
  instance.interceptors.request.use(async (config) => {
    await interceptor(config)
    return config
  })
  return instance
}

describe('transport/axios-option', () => {
  describe('validation', () => {
    const agent = new Agent()
    const rows: readonly (readonly [object, string])[] = [
      [{ axios: 'S3CRET' }, 'axios must be an axios instance, or a plain object, got a string'],
      [{ axios: new Map() }, 'axios must be an axios instance, or a plain object, got an object'],
      [{ axios, transport: () => undefined }, 'axios must be undefined if transport is set, got a function'],
      [
        { axios: { proxy: { host: 'S3CRET' } } },
        'axios must be an object without proxy, because the option proxy of the client replaces it, got an object',
      ],
      [
        { axios: { httpsAgent: agent }, proxy: false },
        'axios must be an object without agents if proxy or clientCertificate is set, got an object',
      ],
      [
        { axios: axios.create({ httpAgent: agent }), proxy: 'http://proxy.example' },
        'axios must be an object without agents if proxy or clientCertificate is set, got a function',
      ],
    ]
    for (const [options, message] of rows)
      it(`should throw "${message}"`, () =>
        expect(() => new OperationsClient(options)).to.throw(InvalidOption, message))
  })

  it('should run the interceptors of an instance, which can read the token and add headers', async () => {
    let token: unknown
    const instance = intercepted((config) => {
      token = config.headers.get('Authorization')
      config.headers.set('x-trace', 'trace-1')
    })
    instance.interceptors.response.use((response) => ({ ...response, status: 404, data: '{}' }))
    const { result, headers } = await getWith({ axios: instance })
    expect(token).to.equal(`Bearer ${TOKEN}`)
    expect(headers).to.have.nested.property('[0].x-trace', 'trace-1')
    expect(result).to.have.nested.property('left._tag', 'RequestRejected')
  })

  it('should use the headers of a configuration, but not those of axios.defaults', async () => {
    axios.defaults.headers.common['x-leak'] = 'SECRET'
    try {
      const { result, headers } = await getWith({ axios: { headers: { 'x-tenant': 'a' } } })
      expect(result).to.have.nested.property('right._tag', 'Running')
      expect(headers).to.have.nested.property('[0].x-tenant', 'a')
      expect(headers).to.not.have.nested.property('[0].x-leak')
    } finally {
      delete axios.defaults.headers.common['x-leak']
    }
  })

  describe('a setting of the client', () => {
    it('should take precedence if an interceptor changes the URL or the credentials', () =>
      withHttpServer(
        () => expect.fail('a request was sent to the other server'),
        async (otherOrigin) => {
          const instance = intercepted((config) => {
            Object.assign(config, { url: '/x', baseURL: otherOrigin, params: { a: 1 } })
            Object.assign(config, { auth: { username: 'a', password: 'b' } })
            config.headers.set('Authorization', 'Bearer other')
          })
          const { urls, headers } = await getWith({ axios: instance })
          expect(urls).to.deep.equal([`/v3/${NAME}`])
          expect(headers[0]?.authorization).to.equal(`Bearer ${TOKEN}`)
        },
      ))

    it('should take precedence if the instance has a default for it', async () => {
      const instance = axios.create({
        baseURL: 'http://other.invalid/',
        params: { a: 1 },
        allowAbsoluteUrls: false,
      })
      instance.defaults.headers.common.authorization = 'Bearer other'
      instance.defaults.auth = { username: 'a', password: 'b' }
      const { urls, headers } = await getWith({ axios: instance, auth: false })
      expect(urls).to.deep.equal([`/v3/${NAME}`])
      expect(headers[0]).to.not.have.property('authorization')
    })

    for (const adapter of [undefined, 'http', 'fetch'] as const)
      describe(`with the adapter ${adapter ?? 'of the library'}`, () => {
        const instance = axios.create({ ...(adapter && { adapter }), maxRedirects: 5, timeout: 1 })

        it('should disable redirects', async () => {
          const { result, urls } = await getWith({ axios: instance }, (_, response) =>
            response.writeHead(302, { location: '/other' }).end(),
          )
          expect(urls).to.have.length(1)
          expect(result).to.have.nested.property('left.httpStatus', 302)
        })

        it('should limit the size of the response', async () => {
          const limited = intercepted((config) => Object.assign(config, { maxContentLength: 1e6 }))
          Object.assign(limited.defaults, adapter && { adapter })
          const { result } = await getWith({ axios: limited, maxResponseBytes: 1_000 }, (_, response) =>
            response.end('x'.repeat(10_000)),
          )
          expect(result).to.have.nested.property('left._tag', 'MalformedResponse')
        })

        it('should not reject an HTTP error before the library has read its headers', async () => {
          instance.defaults.validateStatus = (status) => status === 200
          const { result } = await getWith({ axios: instance }, (_, response) =>
            response.writeHead(503, { 'retry-after': '7' }).end('{}'),
          )
          expect(result).to.have.deep.nested.property('left.last.retryAfter', 7_000)
        })

        it('should abort the request when it is unsubscribed', async () => {
          let closed: Promise<unknown> | undefined
          await withHttpServer(
            ({ socket }) => {
              closed = once(socket, 'close')
            },
            async (endpoint) => {
              await using client = new OperationsClient({ endpoint, axios: instance })
              const subscription = client.get(NAME).subscribe()
              while (closed === undefined) await setTimeout(1)
              subscription.unsubscribe()
              await closed
            },
          )
        })
      })

    it('should abort the signal that an interceptor waits for', async () => {
      let signal: AbortSignal | undefined
      const instance = intercepted(async (config) => {
        signal = config.signal as AbortSignal
        await once(signal, 'abort')
      })
      await using client = new OperationsClient({ endpoint: 'http://127.0.0.1:1', axios: instance })
      const subscription = client.get(NAME).subscribe()
      while (signal === undefined) await setTimeout(1)
      subscription.unsubscribe()
      expect(signal.aborted).to.equal(true)
    })
  })

  it('should use the adapter of an instance, also if it is set after the first request', async () => {
    const instance = axios.create()
    const { result } = await getWith({ axios: instance })
    expect(result).to.have.nested.property('right._tag', 'Running')
    instance.defaults.adapter = async (config) => {
      const data = { name: NAME, done: true, response: {} }
      return { data, status: 200, statusText: 'OK', headers: { 'Retry-After': '1' }, config }
    }
    const second = await getWith({ axios: instance }, () => expect.fail('a request was sent to the server'))
    expect(second.result).to.have.nested.property('right._tag', 'Succeeded')
  })

  it('should pass only strings as headers to the adapter, because axios 0 would send false as text', async () => {
    const received: object[] = []
    const adapter = async (config: { readonly headers: object }) => {
      received.push({ ...config.headers })
      return { data: RUNNING, status: 200 }
    }
    await getWith({ axios: { adapter } })
    await getWith({ axios: { adapter }, auth: false })
    expect(received.map((headers) => Object.keys(headers))).to.deep.equal([
      ['authorization', 'accept', 'user-agent'],
      ['accept', 'user-agent'],
    ])
  })

  it('should send headers that an interceptor sets to numbers or lists', async () => {
    const instance = intercepted((config) =>
      Object.assign(config.headers, { 'x-a': 12_345_678, 'x-b': ['b', 'c'] }),
    )
    const { result, headers } = await getWith({ axios: instance })
    expect(result).to.have.nested.property('right._tag', 'Running')
    expect(headers[0]).to.include({ 'x-a': '12345678', 'x-b': 'b, c' })
  })

  it('should send no request if it was unsubscribed while an interceptor with another signal was running', async () => {
    let resume = (): void => undefined
    const resumed = new Promise<void>((resolve) => {
      resume = resolve
    })
    let config: InternalAxiosRequestConfig | undefined
    const instance = intercepted((intercepting) => {
      config = Object.assign(intercepting, { signal: undefined })
      return resumed
    })
    let isSent = false
    instance.defaults.adapter = () => {
      isSent = true
      return Promise.reject(new Error())
    }
    const client = new OperationsClient({ endpoint: 'http://127.0.0.1:1', axios: instance })
    const subscription = client.get(NAME).subscribe()
    while (config === undefined) await setTimeout(1)
    subscription.unsubscribe()
    resume()
    await setTimeout(1)
    expect(isSent).to.equal(false)
  })

  it('should read Retry-After of an adapter whose header names are not in lower case', async () => {
    const response = { data: '{}', status: 503, headers: { 'Retry-After': '7' } }
    const { result } = await getWith({ axios: { adapter: async () => response } })
    expect(result).to.have.nested.property('left.last.retryAfter', 7_000)
  })

  it('should use the fetch function of an instance with the adapter fetch', async () => {
    const fetch = async () => new Response(RUNNING)
    const { result, urls } = await getWith({ axios: { adapter: 'fetch', env: { fetch } } })
    expect(result).to.have.nested.property('right._tag', 'Running')
    expect(urls).to.have.length(0)
  })

  it('should send a request once more through the instance after a stale socket', async () => {
    let requestCount = 0
    const instance = intercepted(() => requestCount++)
    await withHttpServer(
      ({ socket }, response) => response.end(RUNNING, () => setTimeout(1).then(() => socket.destroy())),
      async (endpoint) => {
        await using client = new OperationsClient({ endpoint, axios: instance })
        await firstValueFrom(client.get(NAME))
        const end = performance.now() + 30
        while (performance.now() < end);
        expect(await firstValueFrom(client.get(NAME))).to.have.nested.property('right._tag', 'Running')
      },
    )
    expect(requestCount).to.be.at.least(2)
  })

  it('should use the agents of the instance, and leave their sockets open when the client is closed', async () => {
    const httpAgent = new Agent({ keepAlive: true })
    const { result } = await getWith({ axios: { httpAgent } })
    expect(result).to.have.nested.property('right._tag', 'Running')
    expect(Object.values(httpAgent.freeSockets).flat()).to.have.length(1)
    httpAgent.destroy()
  })

  it('should pass the protocol to the agents of the instance, because agents of proxies need it', async () => {
    const httpAgent = new Agent()
    const { createConnection } = httpAgent
    let protocol: unknown
    httpAgent.createConnection = (options, ...rest) => {
      protocol = options.protocol
      return createConnection.call(httpAgent, options, ...rest)
    }
    await getWith({ axios: { httpAgent } })
    expect(protocol).to.equal('http:')
  })

  it('should not be used for a loopback endpoint that comes from a resume token', async () => {
    const instance = intercepted(() => expect.fail('the instance was used'))
    await withHttpServer(
      (_, response) => response.end(JSON.stringify({ name: NAME, done: true, response: {} })),
      async (endpoint) => {
        const token = { name: NAME, endpoint, apiVersion: 'v3' }
        const result = await firstValueFrom(watchOperation(token, { axios: instance, auth }))
        expect(result).to.have.nested.property('right._tag', 'Succeeded')
      },
    )
  })

  describe('a secret', () => {
    const SECRET = 'S3CRET-of-an-interceptor'

    it('should not be printed if an interceptor throws an error with it', async () => {
      for (const error of [new Error(SECRET), new AxiosError(SECRET, 'ERR_BAD'), SECRET, { code: SECRET }]) {
        const instance = intercepted(() => {
          throw error
        })
        const { result } = await getWith({ axios: instance })
        expect(result).to.have.nested.property('left._tag', 'Unreachable')
        expect(inspect(result, { depth: null, showHidden: true })).to.not.include(SECRET)
      }
    })

    it('should not be printed if the instance throws an error with it, as axios 0 does', async () => {
      const instance = axios.create()
      instance.request = () => {
        throw new Error(SECRET)
      }
      const { result } = await getWith({ axios: instance })
      expect(result).to.have.nested.property('left._tag', 'Unreachable')
      expect(inspect(result, { depth: null, showHidden: true })).to.not.include(SECRET)
    })

    it('should not be printed if a response interceptor returns the data', async () => {
      const instance = axios.create()
      instance.interceptors.response.use((response) => response.data)
      const error = await getWith({ axios: instance }, (_, response) => response.end(SECRET)).catch(
        (thrown: unknown) => thrown,
      )
      expect(error).to.be.instanceOf(TypeError)
      expect(inspect(error, { depth: null, showHidden: true })).to.not.include(SECRET)
    })

    it('should be redacted if the server echoes it in the headers of a response that is not complete', async () => {
      const instance = intercepted((config) => config.headers.set('x-key', SECRET))
      for (const isTruncated of [true, false]) {
        const { result } = await getWith({ axios: instance, requestTimeout: 2_000 }, ({ socket }) =>
          socket.write(
            `HTTP/1.1 429 No\r\nRetry-After: 7\r\nContent-Type: ${SECRET}\r\nContent-Length: 9\r\n\r\n{`,
            () => isTruncated && socket.end(),
          ),
        )
        expect(result).to.have.nested.property('left.last.headers.content-type', '…')
      }
    })

    it('should be redacted if the server echoes a header that an interceptor has added', async () => {
      const instance = intercepted((config) => config.headers.set('x-key', SECRET))
      const { result } = await getWith({ axios: instance }, ({ headers }, response) =>
        response.end(JSON.stringify({ name: NAME, metadata: { echo: headers['x-key'] } })),
      )
      expect(result).to.have.nested.property('right.metadata.echo', '…')
    })
  })
})
