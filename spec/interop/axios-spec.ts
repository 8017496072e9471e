import { createRequire } from 'node:module'
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http'
import { BasicTracerProvider, InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-base'
import axios from 'axios'
import axios0 from 'axios-0'
import axios1 from 'axios-1.2'
import MockAdapter from 'axios-mock-adapter'
import axiosRetry from 'axios-retry'
import { expect } from 'chai'
import nock from 'nock'
import { lastValueFrom, map, toArray } from 'rxjs'
import { type ClientOptions, constant, OperationsClient } from '../../lib/index.js'
import { withHttpServer } from '../loopback.js'
import { installedVersion } from './installed-version.js'

const NAME = 'operations/cp.1'
const RUNNING = { name: NAME }
const DONE = { name: NAME, done: true, response: {} }
const auth = { getRequestHeaders: async () => ({ authorization: 'Bearer a-token' }) }

/** Watches an operation to its end, and returns the tag of each emission and the number of polls. */
async function tagsOf(options: ClientOptions) {
  const client = new OperationsClient({ auth, ...options })
  const watch = client.watch(NAME, { schedule: constant({ interval: 1 }), maxRetryTime: 5_000 })
  const emissions = await lastValueFrom(
    watch.pipe(
      map((emission) => (emission._tag === 'Left' ? emission.left : emission.right)),
      toArray(),
    ),
  )
  client.close()
  return emissions.map((emission) => [emission._tag, 'attempt' in emission ? emission.attempt : 0])
}

describe('interop/axios', () => {
  for (const { title, instance } of [
    { title: installedVersion('axios'), instance: axios.create() },
    { title: installedVersion('axios-1.2'), instance: axios1.create() },
    { title: installedVersion('axios-0'), instance: (axios0 as unknown as typeof axios1).create() },
  ])
    it(`should watch an operation through an instance of axios ${title}`, async () => {
      instance.interceptors.request.use((config: { headers?: unknown }) => {
        Object.assign(config.headers as object, { 'x-trace': 'a', authorization: 'other' })
        return config as never
      })
      let polls = 0
      const received: unknown[] = []
      const tags = await withHttpServer(
        ({ headers }, response) => {
          received.push([headers['x-trace'], headers.authorization])
          response.end(JSON.stringify(polls++ === 0 ? RUNNING : DONE))
        },
        (endpoint) => tagsOf({ endpoint, axios: instance }),
      )
      expect(tags).to.deep.equal([
        ['Running', 1],
        ['Succeeded', 2],
      ])
      expect(received).to.deep.equal([
        ['a', 'Bearer a-token'],
        ['a', 'Bearer a-token'],
      ])
    })

  it('should receive the responses and the failures of axios-mock-adapter', async () => {
    const instance = axios.create()
    const mock = new MockAdapter(instance as never)
    mock
      .onGet(`https://cloudresourcemanager.googleapis.com/v3/${NAME}`)
      .networkErrorOnce()
      .onGet()
      .replyOnce(200, RUNNING)
      .onGet()
      .reply(200, DONE)
    expect(await tagsOf({ axios: instance })).to.deep.equal([
      ['Running', 2],
      ['Succeeded', 3],
    ])
    expect(mock.history).to.have.length(3)
    expect(mock.history).to.have.nested.property('[0].headers.authorization', 'Bearer a-token')
  })

  it('should count the retries of axios-retry as one poll', async () => {
    const instance = axios.create()
    axiosRetry(instance, { retries: 3 })
    let requests = 0
    const tags = await withHttpServer(
      ({ socket }, response) => {
        if (requests++ < 2) socket.destroy()
        else response.end(JSON.stringify(DONE))
      },
      (endpoint) => tagsOf({ endpoint, axios: instance }),
    )
    expect(requests).to.equal(3)
    expect(tags).to.deep.equal([['Succeeded', 1]])
  })

  it('should send each request through nock', async () => {
    const scope = nock('https://cloudresourcemanager.googleapis.com', {
      reqheaders: { authorization: 'Bearer a-token' },
    })
      .get(`/v3/${NAME}`)
      .reply(200, RUNNING)
      .get(`/v3/${NAME}`)
      .reply(200, DONE)
    try {
      expect(await tagsOf({})).to.deep.equal([
        ['Running', 1],
        ['Succeeded', 2],
      ])
      scope.done()
    } finally {
      nock.restore()
    }
  })

  it('should have a span of the HTTP instrumentation of OpenTelemetry for each request', async () => {
    const exporter = new InMemorySpanExporter()
    const instrumentation = new HttpInstrumentation({ ignoreIncomingRequestHook: () => true })
    instrumentation.setTracerProvider(
      new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] }),
    )
    // The instrumentation replaces the functions when the module is next required.
    createRequire(import.meta.url)('node:http')
    try {
      let polls = 0
      await withHttpServer(
        (_, response) => response.end(JSON.stringify(polls++ === 0 ? RUNNING : DONE)),
        (endpoint) => tagsOf({ endpoint }),
      )
      const spans = exporter.getFinishedSpans()
      expect(spans.map(({ name }) => name)).to.deep.equal(['GET', 'GET'])
    } finally {
      instrumentation.disable()
    }
  })
})
