import { expect } from 'chai'
import { filter, firstValueFrom } from 'rxjs'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { refusal, rig } from './rig.js'
import { ask, begin } from './send-request.js'

const NAME = 'projects/p/locations/l/operations/a'
const WAIT = `/v2/${NAME}:wait?prettyPrint=false`

/** Resolves when the emulator has taken the next request. */
function taken(emulator: Emulator): Promise<unknown> {
  return firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Request')))
}

async function took(answer: Promise<unknown>): Promise<number> {
  const began = performance.now()
  await answer
  return performance.now() - began
}

describe('emulator/wait-operation', () => {
  it('should answer at once what is done, as one poll', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [{ polls: 1, done: true, response: { a: 1 } }])
    const got = await ask(emulator.endpoint, 'POST', WAIT, { body: { timeout: '10s' } })
    expect([got.status, got.text]).to.deep.equal([200, `{"name":"${NAME}","done":true,"response":{"a":1}}`])
    expect(emulator.operations.polls(NAME)).to.equal(1)
  })

  it('should answer as soon as time has brought it to its end, and not before', async () => {
    await using emulator = await startEmulator()
    const began = performance.now()
    emulator.operations.add(NAME, [{}, { after: 20, metadata: 1 }, { after: 60, done: true }])
    const answer = await ask(emulator.endpoint, 'POST', WAIT, { body: { timeout: '20s' } })
    expect(answer.text).to.equal(`{"name":"${NAME}","done":true}`)
    expect(performance.now() - began).to.be.within(59, 10_000)
    expect(emulator.operations.polls(NAME)).to.equal(1)
  })

  for (const [where, target, body] of [
    ['body', WAIT, { timeout: '0.03s' }],
    ['query', `${WAIT}&timeout=0.03s`, undefined],
    ['body rather than in the query', `${WAIT}&timeout=20s`, { timeout: '0.03s' }],
  ] as const) {
    it(`should answer what still runs when the timeout in the ${where} is over`, async () => {
      await using at = await rig()
      at.emulator.operations.add(NAME, [{ metadata: 1 }, { after: 1000, done: true }])
      const answer = ask(at.emulator.endpoint, 'POST', target, body ? { body } : {})
      expect(await took(answer)).to.be.within(25, 10_000)
      expect((await answer).text).to.equal(`{"name":"${NAME}","metadata":1}`)
    })
  }

  it('should hold no longer than the emulator does, whatever is asked', async () => {
    await using emulator = await startEmulator({ maxWait: 30 })
    emulator.operations.add(NAME, [{}])
    for (const body of [{}, { timeout: '3600s' }]) {
      const got = await ask(emulator.endpoint, 'POST', WAIT, { body })
      expect(got.text).to.equal(`{"name":"${NAME}"}`)
    }
    expect(emulator.operations.polls(NAME)).to.equal(2)
  })

  const ends: readonly (readonly [string, readonly Frame[], (emulator: Emulator) => unknown, string])[] = [
    [
      'it is cancelled',
      [{}],
      ({ endpoint }) => ask(endpoint, 'POST', `/v2/${NAME}:cancel`),
      `{"name":"${NAME}","done":true,"error":{"code":1,"message":"The operation was cancelled."}}`,
    ],
    [
      'a poll of another brings it to its end',
      [{}, { polls: 2, done: true }],
      ({ endpoint }) => ask(endpoint, 'GET', `/v2/${NAME}`),
      `{"name":"${NAME}","done":true}`,
    ],
    [
      'it is deleted',
      [{}],
      ({ endpoint }) => ask(endpoint, 'DELETE', `/v2/${NAME}`),
      '{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}',
    ],
    [
      'all are forgotten',
      [{}],
      ({ operations }) => operations.clear(),
      '{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}',
    ],
    [
      'a raw answer takes its place',
      [{}, { polls: 2, httpResponse: { httpStatus: 503, body: 'down' } }],
      ({ endpoint }) => ask(endpoint, 'GET', `/v2/${NAME}`),
      'down',
    ],
  ]
  for (const [what, frames, act, text] of ends) {
    it(`should answer when ${what}`, async () => {
      await using emulator = await startEmulator()
      emulator.operations.add(NAME, frames)
      emulator.operations.add('projects/p/locations/l/operations/other', [{}])
      const seen = taken(emulator)
      const answer = ask(emulator.endpoint, 'POST', WAIT, { body: {} })
      await seen
      await ask(emulator.endpoint, 'POST', `/v2/projects/p/locations/l/operations/other:cancel`)
      await act(emulator)
      expect((await answer).text).to.equal(text)
    })
  }

  it('should refuse a timeout that is no duration', async () => {
    await using at = await rig()
    at.emulator.operations.add(NAME, [{}])
    for (const timeout of ['10', '-1s', '1m', '1.0000000001s', 10]) {
      const got = await at.send('POST', `/v2/${NAME}:wait`, { timeout })
      expect(refusal(got), String(timeout)).to.deep.equal([400, 'timeout'])
    }
  })

  it('should let go when the client goes away, and take the next request of the emulator', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [{}, { after: 3_600_000, done: true }])
    const before = timers()
    const seen = taken(emulator)
    const sent = begin(emulator.endpoint, 'POST', WAIT).on('error', () => {})
    await seen
    const held = timers()
    const gone = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
    const closed = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Closed')))
    sent.destroy()
    await Promise.all([gone, closed])
    expect(held).to.be.greaterThan(before)
    expect(timers()).to.equal(before)
  })

  it('should let go when the emulator is closed', async () => {
    const emulator = await startEmulator()
    emulator.operations.add(NAME, [{}])
    const before = timers()
    const seen = taken(emulator)
    const answer = ask(emulator.endpoint, 'POST', WAIT).catch((error: unknown) => error)
    await seen
    expect(timers()).to.be.greaterThan(before)
    await emulator.close()
    expect(await answer).to.have.property('code', 'ECONNRESET')
    expect(timers()).to.equal(before)
  })

  it('should refuse a bad longest wait', async () => {
    for (const maxWait of [-1, Number.NaN, 2 ** 31]) {
      const refused = await startEmulator({ maxWait: maxWait }).catch((error: unknown) => error)
      expect(refused)
        .to.be.instanceOf(RangeError)
        .with.property('message', `maxWait must be a number of ms from 0 to 2147483647, given ${maxWait}`)
    }
  })
})

/** How many timers keep the process alive. */
function timers(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}
