import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { type Emulator, type EmulatorEvent, startEmulator } from '../../lib/emulator/index.js'
import { sendRequest, startRequest } from './send-request.js'

/** Resolves with the next event that has the tag. */
function nextEvent(emulator: Emulator, tag: EmulatorEvent['_tag']): Promise<EmulatorEvent> {
  return firstValueFrom(emulator.events.pipe(filter((event) => event._tag === tag)))
}

/** Formats events as their tag and the number of the request or socket. */
function summarize(events: readonly EmulatorEvent[]): readonly string[] {
  return events.map((event) => `${event._tag} ${'request' in event ? event.request.id : event.socket}`)
}

describe('emulator/emulator', () => {
  // Cited in docs/COMPARISON.md as: response-headers
  it('should send the response headers of a Google front end', async () => {
    await using emulator = await startEmulator({ now: () => 0 })
    emulator.operations.add('operations/cp.1', [{}])
    const received = await sendRequest(emulator.endpoint, 'GET', '/v3/operations/cp.1')
    // `rawHeaders` contains a name at each even index, and the value of this name at the next index.
    const headersWithoutDate = received.rawHeaders.filter(
      (_, index) => received.rawHeaders[index - (index % 2)] !== 'Date',
    )
    expect(headersWithoutDate).to.deep.equal([
      ...['Content-Type', 'application/json; charset=UTF-8'],
      ...['Vary', 'Origin'],
      ...['Vary', 'X-Origin'],
      ...['Vary', 'Referer'],
      ...['Server', 'ESF'],
      ...['Cache-Control', 'private'],
      ...['X-Xss-Protection', '0'],
      ...['X-Frame-Options', 'SAMEORIGIN'],
      ...['X-Content-Type-Options', 'nosniff'],
      ...['Server-Timing', 'gfet4t7; dur=0'],
      ...['Content-Length', '32'],
      ...['Connection', 'close'],
    ])
    expect(Date.parse(received.headers.date ?? ''))
      .to.be.a('number')
      .that.is.greaterThan(0)
    expect(received.text).to.equal('{\n  "name": "operations/cp.1"\n}\n')
  })

  it('should send an HTML page without API headers if the path is unknown', async () => {
    await using emulator = await startEmulator()
    const received = await sendRequest(emulator.endpoint, 'GET', '/nothing')
    expect(received.status).to.equal(404)
    expect(Object.keys(received.headers)).to.have.members([
      'content-type',
      'date',
      'connection',
      'content-length',
    ])
    expect(received.headers['content-type']).to.equal('text/html; charset=UTF-8')
  })

  for (const [accepted, isCompressed] of [
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip;q=0.0, br', false],
    ['xgzip', false],
    ['identity', false],
  ] as const) {
    it(`should ${isCompressed ? '' : 'not '}compress the response if Accept-Encoding is ${accepted}`, async () => {
      await using emulator = await startEmulator()
      emulator.operations.add('operations/é', [{}])
      const headers = { 'Accept-Encoding': accepted }
      const received = await sendRequest(
        emulator.endpoint,
        'GET',
        '/v3/operations/%C3%A9?prettyPrint=false',
        { headers },
      )
      expect(received.headers['content-encoding']).to.equal(isCompressed ? 'gzip' : undefined)
      expect(received.headers['content-length']).to.equal(String(received.bytes.byteLength))
      expect((isCompressed ? gunzipSync(received.bytes) : received.bytes).toString('utf8')).to.equal(
        '{"name":"operations/é"}',
      )
    })
  }

  it('should send a raw response unchanged', async () => {
    await using emulator = await startEmulator()
    const headers = {
      'Retry-After': '30',
      'Server-Timing': 'own',
      'X-Many': ['1', '2'],
      'content-encoding': 'identity',
    }
    emulator.operations.add('operations/a', [
      { httpResponse: { httpStatus: 429, headers, body: { error: { code: 429 } } } },
      { polls: 2, httpResponse: { httpStatus: 204 } },
      { polls: 3, httpResponse: { httpStatus: 200, body: '{"name": "oper' } },
      { polls: 4, httpResponse: { httpStatus: 302, headers: { Location: '/elsewhere' }, body: '<p>' } },
    ])
    const get = (): ReturnType<typeof sendRequest> =>
      sendRequest(emulator.endpoint, 'GET', '/v1/operations/a?prettyPrint=false', {
        headers: { 'Accept-Encoding': 'gzip' },
      })
    const first = await get()
    expect([first.status, first.text]).to.deep.equal([429, '{"error":{"code":429}}'])
    expect(first.headers).to.include({
      'retry-after': '30',
      'server-timing': 'own',
      'x-many': '1, 2',
      'content-encoding': 'identity',
    })
    const second = await get()
    expect([second.status, second.text, second.headers['content-length']]).to.deep.equal([204, '', undefined])
    const third = await get()
    expect([third.status, gunzipSync(third.bytes).toString()]).to.deep.equal([200, '{"name": "oper'])
    const fourth = await get()
    expect([fourth.status, fourth.headers.location]).to.deep.equal([302, '/elsewhere'])
    expect(fourth.headers['content-type']).to.equal('text/html; charset=UTF-8')
    expect((await get()).status).to.equal(302)
  })

  it('should measure the duration in Server-Timing with the clock in the option `now`', async () => {
    let time = 0
    await using emulator = await startEmulator({
      now: () => time,
      duration: () => {
        time += 41.6
        return 0
      },
    })
    const body = { projectId: 'tokyo-rain' }
    const received = await sendRequest(emulator.endpoint, 'POST', '/v3/projects', { body })
    expect(received.headers['server-timing']).to.equal('gfet4t7; dur=42')
  })

  // Cited in docs/COMPARISON.md as: recorded-requests
  it('should record each request unchanged', async () => {
    let time = 100
    await using emulator = await startEmulator({ now: () => time })
    const { endpoint, requests } = emulator
    time = 107
    await sendRequest(
      endpoint,
      'GET',
      '/v3/operations/../a%2Fb?%24alt=json%3Benum-encoding%3Dint&$.xgafv=1',
      {
        headers: { Authorization: 'Bearer a', 'X-Goog-User-Project': 'p' },
      },
    )
    await sendRequest(endpoint, 'POST', '/v1/projects?', { body: { projectId: 'a' } })
    await sendRequest(endpoint, 'POST', '/v1/projects', { body: '{"projectId' })
    const [first, second, third] = requests
    expect(first).to.deep.include({
      id: 1,
      socket: 1,
      at: 7,
      method: 'GET',
      path: '/v3/operations/../a%2Fb',
      query: { $alt: 'json;enum-encoding=int', '$.xgafv': '1' },
    })
    expect(first).not.to.have.property('body')
    expect(first?.headers).to.include({ authorization: 'Bearer a', 'x-goog-user-project': 'p' })
    expect(second).to.deep.include({ id: 2, socket: 2, method: 'POST', query: {}, body: { projectId: 'a' } })
    expect(third).to.deep.include({ id: 3, body: '{"projectId' })
    expect(requests).to.have.length(3)
  })

  it('should record a body with more than 100 levels as a text, and reject it', async () => {
    await using emulator = await startEmulator({ services: ['compute'] })
    const body = `${'{"a":'.repeat(101)}1${'}'.repeat(101)}`
    for (const path of ['/v3/projects', '/compute/v1/projects/p/global/networks']) {
      const received = await sendRequest(emulator.endpoint, 'POST', path, { body })
      expect(received.status, path).to.equal(400)
    }
    expect(emulator.requests[0]).to.include({ body })
  })

  it('should read a GET with a long URL, which Google’s clients send as a POST with the query as body', async () => {
    await using emulator = await startEmulator()
    const headers = {
      'X-HTTP-Method-Override': 'GET',
      'Content-Type': 'application/x-www-form-urlencoded',
    }
    const body = 'filter=name%3Aa&pageSize=5'
    const received = await sendRequest(emulator.endpoint, 'POST', '/v1/projects', { body, headers })
    expect(received.status).to.equal(200)
    const query = { filter: 'name:a', pageSize: '5' }
    expect(emulator.requests[0]).to.deep.include({ method: 'GET', path: '/v1/projects', query })
  })

  it('should emit the events of connections, requests, responses and closed sockets in order', async () => {
    const emulator = await startEmulator()
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await sendRequest(emulator.endpoint, 'GET', '/v3/operations/a', { agent })
    const { headers } = await sendRequest(emulator.endpoint, 'GET', '/nothing', { agent })
    expect([headers.connection, headers['keep-alive']]).to.deep.equal(['keep-alive', undefined])
    expect(emulator.sockets).to.equal(1)
    const closed = nextEvent(emulator, 'Closed')
    agent.destroy()
    await closed
    expect(emulator.sockets).to.equal(0)
    await emulator.close()
    expect(summarize(await events)).to.deep.equal([
      'Connected 1',
      'Request 1',
      'Answered 1',
      'Request 2',
      'Answered 2',
      'Closed 1',
    ])
    expect(
      (await events).flatMap((event) => (event._tag === 'Answered' ? [event.httpStatus] : [])),
    ).to.deep.equal([404, 404])
  })

  it('should emit Aborted when the client abandons a stalled request', async () => {
    const emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ stall: true }])
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const requested = nextEvent(emulator, 'Request')
    const closed = nextEvent(emulator, 'Closed')
    const sent = startRequest(emulator.endpoint, 'GET', '/v1/operations/a')
    sent.on('error', () => {})
    await requested
    expect([emulator.sockets, emulator.operations.polls('operations/a')]).to.deep.equal([1, 1])
    sent.destroy()
    await closed
    expect(emulator.sockets).to.equal(0)
    await emulator.close()
    expect(summarize(await events)).to.deep.equal(['Connected 1', 'Request 1', 'Aborted 1', 'Closed 1'])
  })

  it('should emit Aborted only for the request whose client disconnected', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ stall: true }])
    const events: EmulatorEvent[] = []
    emulator.events.subscribe((event) => events.push(event))
    const first = nextEvent(emulator, 'Request')
    startRequest(emulator.endpoint, 'GET', '/v1/operations/a').on('error', () => {})
    await first
    const second = nextEvent(emulator, 'Request')
    const aborted = startRequest(emulator.endpoint, 'GET', '/v1/operations/a').on('error', () => {})
    await second
    const closed = nextEvent(emulator, 'Closed')
    aborted.destroy()
    await closed
    expect(summarize(events).slice(-2)).to.deep.equal(['Aborted 2', 'Closed 2'])
    expect(summarize(events)).not.to.include('Aborted 1')
  })

  it('should respond on another socket while a request is stalled', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ polls: 2 }, { stall: true }, { polls: 2 }])
    const requested = nextEvent(emulator, 'Request')
    startRequest(emulator.endpoint, 'GET', '/v1/operations/a').on('error', () => {})
    await requested
    expect((await sendRequest(emulator.endpoint, 'GET', '/v1/operations/a')).status).to.equal(200)
  })

  it('should emit no Request if the client disconnects before its request is complete', async () => {
    const emulator = await startEmulator()
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const connected = nextEvent(emulator, 'Connected')
    const closed = nextEvent(emulator, 'Closed')
    const socket = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1')
    socket.on('error', () => {})
    await connected
    await new Promise<void>((written) => {
      socket.write('POST /v1/projects HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"pro', () =>
        written(),
      )
    })
    socket.destroy()
    await closed
    await emulator.close()
    expect(summarize(await events)).to.deep.equal(['Connected 1', 'Closed 1'])
    expect(emulator.requests).to.deep.equal([])
  })

  it('should close idle sockets and stalled requests when the emulator is closed', async () => {
    const emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ stall: true }])
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const agent = new Agent({ keepAlive: true })
    await sendRequest(emulator.endpoint, 'GET', '/v1/operations/b', { agent })
    const connected = nextEvent(emulator, 'Connected')
    const idle = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1').on('error', () => {})
    await connected
    const requested = nextEvent(emulator, 'Request')
    const sent = request(`${emulator.endpoint}/v1/operations/a`)
    const failed = new Promise<Error>((resolve) => sent.on('error', resolve))
    sent.end()
    await requested
    expect(emulator.sockets).to.equal(3)
    const first = emulator.close()
    expect(emulator.close()).to.equal(first)
    await first
    expect(emulator.sockets).to.equal(0)
    expect(
      summarize(await events).filter((summary) => /^(Dropped|Closed|Aborted)/.test(summary)),
    ).to.have.members(['Dropped 2', 'Closed 1', 'Closed 2', 'Closed 3'])
    expect(await failed).to.have.property('code', 'ECONNRESET')
    idle.destroy()
    agent.destroy()
    const error = await sendRequest(emulator.endpoint, 'GET', '/').catch((error: unknown) => error)
    expect(error).to.have.property('code', 'ECONNREFUSED')
    await emulator.close()
  })

  it('should close the emulator at the end of an await using block', async () => {
    let endpoint = ''
    {
      await using emulator = await startEmulator()
      endpoint = emulator.endpoint
      expect((await sendRequest(endpoint, 'GET', '/')).status).to.equal(404)
    }
    const error = await sendRequest(endpoint, 'GET', '/').catch((error: unknown) => error)
    expect(error).to.have.property('code', 'ECONNREFUSED')
  })

  it('should listen on the port in the option `port`, and reject if the port is taken', async () => {
    const first = await startEmulator()
    const port = Number(new URL(first.endpoint).port)
    const error = await startEmulator({ port }).catch((error: unknown) => error)
    expect(error).to.have.property('code', 'EADDRINUSE')
    await first.close()
    await using second = await startEmulator({ port })
    expect(second.endpoint).to.equal(`http://127.0.0.1:${port}`)
  })

  it('should reject invalid options', async () => {
    for (const [options, message] of [
      [{ port: -1 }, 'port must be a whole number from 0 to 65535, got -1'],
      [{ port: 65536 }, 'port must be a whole number from 0 to 65535, got 65536'],
      [{ port: 0.5 }, 'port must be a whole number from 0 to 65535, got 0.5'],
      [{ duration: -5 }, 'duration must be a number of milliseconds from 0 to Infinity, got -5'],
    ] as const) {
      const error = await startEmulator(options).catch((error: unknown) => error)
      expect(error).to.be.instanceOf(RangeError).with.property('message', message)
    }
  })

  it('should reuse a connection, and respond to pipelined requests in order', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ metadata: 1 }, { polls: 2, metadata: 2 }])
    const socket = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1')
    const get = 'GET /v1/operations/a?prettyPrint=false HTTP/1.1\r\nHost: a\r\n'
    socket.write(`${get}\r\n${get}Connection: close\r\n\r\n`)
    const bodies = (await text(socket)).match(/\{.*\}/g)
    expect(bodies).to.deep.equal([
      '{"name":"operations/a","metadata":1}',
      '{"name":"operations/a","metadata":2}',
    ])
  })
})
