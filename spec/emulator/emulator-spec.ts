import { Agent, request } from 'node:http'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { gunzipSync } from 'node:zlib'
import { expect } from 'chai'
import { filter, firstValueFrom, lastValueFrom, toArray } from 'rxjs'
import { type Emulator, type EmulatorEvent, startEmulator } from '../../lib/emulator/index.js'
import { ask, begin } from './send-request.js'

function next(emulator: Emulator, tag: EmulatorEvent['_tag']): Promise<EmulatorEvent> {
  return firstValueFrom(emulator.events.pipe(filter((event) => event._tag === tag)))
}

/** The events as short words: the tag, and the number of the request or the socket. */
function words(events: readonly EmulatorEvent[]): readonly string[] {
  return events.map((event) => `${event._tag} ${'request' in event ? event.request.id : event.socket}`)
}

describe('emulator/emulator', () => {
  it('should answer with the headers of a Google front end', async () => {
    await using emulator = await startEmulator({ now: () => 0 })
    emulator.operations.add('operations/cp.1', [{}])
    const got = await ask(emulator.endpoint, 'GET', '/v3/operations/cp.1')
    const sent = got.rawHeaders.filter(
      (_, index) => !['Date'].includes(got.rawHeaders[index - (index % 2)] ?? ''),
    )
    expect(sent).to.deep.equal([
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
    expect(Date.parse(got.headers.date ?? ''))
      .to.be.a('number')
      .that.is.greaterThan(0)
    expect(got.text).to.equal('{\n  "name": "operations/cp.1"\n}\n')
  })

  it('should answer an unknown path with a page and no header of the API', async () => {
    await using emulator = await startEmulator()
    const got = await ask(emulator.endpoint, 'GET', '/nothing')
    expect(got.status).to.equal(404)
    expect(Object.keys(got.headers)).to.have.members(['content-type', 'date', 'connection', 'content-length'])
    expect(got.headers['content-type']).to.equal('text/html; charset=UTF-8')
  })

  for (const [accepted, zipped] of [
    ['gzip', true],
    ['deflate, GZIP;q=0.5', true],
    ['gzip;q=0', false],
    ['gzip;q=0.0, br', false],
    ['xgzip', false],
    ['identity', false],
  ] as const) {
    it(`should ${zipped ? '' : 'not '}compress for Accept-Encoding: ${accepted}`, async () => {
      await using emulator = await startEmulator()
      emulator.operations.add('operations/é', [{}])
      const headers = { 'Accept-Encoding': accepted }
      const got = await ask(emulator.endpoint, 'GET', '/v3/operations/%C3%A9?prettyPrint=false', { headers })
      expect(got.headers['content-encoding']).to.equal(zipped ? 'gzip' : undefined)
      expect(got.headers['content-length']).to.equal(String(got.bytes.byteLength))
      expect((zipped ? gunzipSync(got.bytes) : got.bytes).toString('utf8')).to.equal(
        '{"name":"operations/é"}',
      )
    })
  }

  it('should send a raw answer as it is', async () => {
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
    const get = (): ReturnType<typeof ask> =>
      ask(emulator.endpoint, 'GET', '/v1/operations/a?prettyPrint=false', {
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

  it('should say how long it took, on its own clock', async () => {
    let time = 0
    await using emulator = await startEmulator({
      now: () => time,
      duration: () => {
        time += 41.6
        return 0
      },
    })
    const body = { projectId: 'tokyo-rain' }
    const got = await ask(emulator.endpoint, 'POST', '/v3/projects', { body })
    expect(got.headers['server-timing']).to.equal('gfet4t7; dur=42')
  })

  it('should record each request as it came', async () => {
    let time = 100
    await using emulator = await startEmulator({ now: () => time })
    const { endpoint, requests } = emulator
    time = 107
    await ask(endpoint, 'GET', '/v3/operations/../a%2Fb?%24alt=json%3Benum-encoding%3Dint&$.xgafv=1', {
      headers: { Authorization: 'Bearer a', 'X-Goog-User-Project': 'p' },
    })
    await ask(endpoint, 'POST', '/v1/projects?', { body: { projectId: 'a' } })
    await ask(endpoint, 'POST', '/v1/projects', { body: '{"projectId' })
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

  it('should tell connecting, requests, answers and closing in that order', async () => {
    const emulator = await startEmulator()
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    await ask(emulator.endpoint, 'GET', '/v3/operations/a', { agent })
    const { headers } = await ask(emulator.endpoint, 'GET', '/nothing', { agent })
    expect([headers.connection, headers['keep-alive']]).to.deep.equal(['keep-alive', undefined])
    expect(emulator.sockets).to.equal(1)
    const closed = next(emulator, 'Closed')
    agent.destroy()
    await closed
    expect(emulator.sockets).to.equal(0)
    await emulator.close()
    expect(words(await events)).to.deep.equal([
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

  it('should tell that the client went away from a stalled request', async () => {
    const emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ stall: true }])
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const seen = next(emulator, 'Request')
    const closed = next(emulator, 'Closed')
    const sent = begin(emulator.endpoint, 'GET', '/v1/operations/a')
    sent.on('error', () => {})
    await seen
    expect([emulator.sockets, emulator.operations.polls('operations/a')]).to.deep.equal([1, 1])
    sent.destroy()
    await closed
    expect(emulator.sockets).to.equal(0)
    await emulator.close()
    expect(words(await events)).to.deep.equal(['Connected 1', 'Request 1', 'Aborted 1', 'Closed 1'])
  })

  it('should tell only of the request whose client went away', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ stall: true }])
    const told: EmulatorEvent[] = []
    emulator.events.subscribe((event) => told.push(event))
    const first = next(emulator, 'Request')
    begin(emulator.endpoint, 'GET', '/v1/operations/a').on('error', () => {})
    await first
    const second = next(emulator, 'Request')
    const leaving = begin(emulator.endpoint, 'GET', '/v1/operations/a').on('error', () => {})
    await second
    const closed = next(emulator, 'Closed')
    leaving.destroy()
    await closed
    expect(words(told).slice(-2)).to.deep.equal(['Aborted 2', 'Closed 2'])
    expect(words(told)).not.to.include('Aborted 1')
  })

  it('should answer other sockets while one is stalled', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ polls: 2 }, { stall: true }, { polls: 2 }])
    const seen = next(emulator, 'Request')
    begin(emulator.endpoint, 'GET', '/v1/operations/a').on('error', () => {})
    await seen
    expect((await ask(emulator.endpoint, 'GET', '/v1/operations/a')).status).to.equal(200)
  })

  it('should tell of a client that leaves before its request is whole only that it is gone', async () => {
    const emulator = await startEmulator()
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const connected = next(emulator, 'Connected')
    const closed = next(emulator, 'Closed')
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
    expect(words(await events)).to.deep.equal(['Connected 1', 'Closed 1'])
    expect(emulator.requests).to.deep.equal([])
  })

  it('should end idle sockets and stalled requests when it is closed', async () => {
    const emulator = await startEmulator()
    emulator.operations.add('operations/a', [{ stall: true }])
    const events = lastValueFrom(emulator.events.pipe(toArray()))
    const agent = new Agent({ keepAlive: true })
    await ask(emulator.endpoint, 'GET', '/v1/operations/b', { agent })
    const silent = next(emulator, 'Connected')
    const idle = connect(Number(new URL(emulator.endpoint).port), '127.0.0.1').on('error', () => {})
    await silent
    const seen = next(emulator, 'Request')
    const sent = request(`${emulator.endpoint}/v1/operations/a`)
    const failed = new Promise<Error>((resolve) => sent.on('error', resolve))
    sent.end()
    await seen
    expect(emulator.sockets).to.equal(3)
    const first = emulator.close()
    expect(emulator.close()).to.equal(first)
    await first
    expect(emulator.sockets).to.equal(0)
    expect(words(await events).filter((word) => /^(Dropped|Closed|Aborted)/.test(word))).to.have.members([
      'Dropped 2',
      'Closed 1',
      'Closed 2',
      'Closed 3',
    ])
    expect(await failed).to.have.property('code', 'ECONNRESET')
    idle.destroy()
    agent.destroy()
    const refused = await ask(emulator.endpoint, 'GET', '/').catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'ECONNREFUSED')
    await emulator.close()
  })

  it('should close at the end of a block', async () => {
    let endpoint = ''
    {
      await using emulator = await startEmulator()
      endpoint = emulator.endpoint
      expect((await ask(endpoint, 'GET', '/')).status).to.equal(404)
    }
    const refused = await ask(endpoint, 'GET', '/').catch((error: unknown) => error)
    expect(refused).to.have.property('code', 'ECONNREFUSED')
  })

  it('should listen on the port it is given, and reject when that is taken', async () => {
    const first = await startEmulator()
    const port = Number(new URL(first.endpoint).port)
    const taken = await startEmulator({ port }).catch((error: unknown) => error)
    expect(taken).to.have.property('code', 'EADDRINUSE')
    await first.close()
    await using second = await startEmulator({ port })
    expect(second.endpoint).to.equal(`http://127.0.0.1:${port}`)
  })

  it('should refuse bad options', async () => {
    for (const [options, message] of [
      [{ port: -1 }, 'port must be a whole number from 0 to 65535, given -1'],
      [{ port: 65536 }, 'port must be a whole number from 0 to 65535, given 65536'],
      [{ port: 0.5 }, 'port must be a whole number from 0 to 65535, given 0.5'],
      [{ duration: -5 }, 'duration must be a number of ms from 0, given -5'],
    ] as const) {
      const refused = await startEmulator(options).catch((error: unknown) => error)
      expect(refused).to.be.instanceOf(RangeError).with.property('message', message)
    }
  })

  it('should keep a connection for many requests, and answer pipelined ones in order', async () => {
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
