import { expect } from 'chai'
import { filter, firstValueFrom } from 'rxjs'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { createRig, rejection } from './rig.js'
import { sendRequest, startRequest } from './send-request.js'

const NAME = 'projects/p/locations/l/operations/a'
const WAIT_TARGET = `/v2/${NAME}:wait?prettyPrint=false`

/** Resolves when the next request has arrived. */
function requestArrived(emulator: Emulator): Promise<unknown> {
  return firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Request')))
}

async function millisecondsUntil(response: Promise<unknown>): Promise<number> {
  const startedAt = performance.now()
  await response
  return performance.now() - startedAt
}

describe('emulator/operations/operation-methods: wait', () => {
  it('should respond immediately if the operation is done, and count one poll', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [{ polls: 1, done: true, response: { a: 1 } }])
    const received = await sendRequest(emulator.endpoint, 'POST', WAIT_TARGET, { body: { timeout: '10s' } })
    expect([received.status, received.text]).to.deep.equal([
      200,
      `{"name":"${NAME}","done":true,"response":{"a":1}}`,
    ])
    expect(emulator.operations.polls(NAME)).to.equal(1)
  })

  it('should respond only when the operation is done', async () => {
    await using emulator = await startEmulator()
    const startedAt = performance.now()
    emulator.operations.add(NAME, [{}, { after: 20, metadata: 1 }, { after: 60, done: true }])
    const response = await sendRequest(emulator.endpoint, 'POST', WAIT_TARGET, { body: { timeout: '20s' } })
    expect(response.text).to.equal(`{"name":"${NAME}","done":true}`)
    // A timer of Node.js can end up to one millisecond early.
    expect(performance.now() - startedAt).to.be.within(59, 10_000)
    expect(emulator.operations.polls(NAME)).to.equal(1)
  })

  for (const [source, target, body] of [
    ['body', WAIT_TARGET, { timeout: '0.03s' }],
    ['query', `${WAIT_TARGET}&timeout=0.03s`, undefined],
    ['body, which overrides the query,', `${WAIT_TARGET}&timeout=20s`, { timeout: '0.03s' }],
  ] as const) {
    it(`should send the running operation when the timeout in the ${source} has passed`, async () => {
      await using rig = await createRig()
      rig.emulator.operations.add(NAME, [{ metadata: 1 }, { after: 1000, done: true }])
      const response = sendRequest(rig.emulator.endpoint, 'POST', target, body ? { body } : {})
      expect(await millisecondsUntil(response)).to.be.within(25, 10_000)
      expect((await response).text).to.equal(`{"name":"${NAME}","metadata":1}`)
    })
  }

  it('should wait no longer than maxWait', async () => {
    await using emulator = await startEmulator({ maxWait: 30 })
    emulator.operations.add(NAME, [{}])
    for (const body of [{}, { timeout: '3600s' }]) {
      const received = await sendRequest(emulator.endpoint, 'POST', WAIT_TARGET, { body })
      expect(received.text).to.equal(`{"name":"${NAME}"}`)
    }
    expect(emulator.operations.polls(NAME)).to.equal(2)
  })

  const ends: readonly (readonly [string, readonly Frame[], (emulator: Emulator) => unknown, string])[] = [
    [
      'the operation is cancelled',
      [{}],
      ({ endpoint }) => sendRequest(endpoint, 'POST', `/v2/${NAME}:cancel`),
      `{"name":"${NAME}","done":true,"error":{"code":1,"message":"The operation was cancelled."}}`,
    ],
    [
      'the poll of another client ends the operation',
      [{}, { polls: 2, done: true }],
      ({ endpoint }) => sendRequest(endpoint, 'GET', `/v2/${NAME}`),
      `{"name":"${NAME}","done":true}`,
    ],
    [
      'the operation is deleted',
      [{}],
      ({ endpoint }) => sendRequest(endpoint, 'DELETE', `/v2/${NAME}`),
      '{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}',
    ],
    [
      'all operations are removed',
      [{}],
      ({ operations }) => operations.clear(),
      '{"error":{"code":404,"message":"Requested entity was not found.","status":"NOT_FOUND"}}',
    ],
    [
      'a raw response replaces the operation',
      [{}, { polls: 2, httpResponse: { httpStatus: 503, body: 'down' } }],
      ({ endpoint }) => sendRequest(endpoint, 'GET', `/v2/${NAME}`),
      'down',
    ],
  ]
  for (const [event, frames, trigger, text] of ends) {
    it(`should respond when ${event}`, async () => {
      await using emulator = await startEmulator()
      emulator.operations.add(NAME, frames)
      emulator.operations.add('projects/p/locations/l/operations/other', [{}])
      const arrived = requestArrived(emulator)
      const response = sendRequest(emulator.endpoint, 'POST', WAIT_TARGET, { body: {} })
      await arrived
      await sendRequest(emulator.endpoint, 'POST', `/v2/projects/p/locations/l/operations/other:cancel`)
      await trigger(emulator)
      expect((await response).text).to.equal(text)
    })
  }

  it('should send a 400 if the timeout is not a duration', async () => {
    await using rig = await createRig()
    rig.emulator.operations.add(NAME, [{}])
    for (const timeout of ['10', '-1s', '1m', '1.0000000001s', 10]) {
      const received = await rig.send('POST', `/v2/${NAME}:wait`, { timeout })
      expect(rejection(received), String(timeout)).to.deep.equal([400, 'timeout'])
    }
  })

  it('should stop the timer of a wait request when the client disconnects', async () => {
    await using emulator = await startEmulator()
    emulator.operations.add(NAME, [{}, { after: 3_600_000, done: true }])
    const timersBefore = timerCount()
    const arrived = requestArrived(emulator)
    const sent = startRequest(emulator.endpoint, 'POST', WAIT_TARGET).on('error', () => {})
    await arrived
    const timersDuring = timerCount()
    const aborted = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
    const closed = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Closed')))
    sent.destroy()
    await Promise.all([aborted, closed])
    expect(timersDuring).to.be.greaterThan(timersBefore)
    expect(timerCount()).to.equal(timersBefore)
  })

  it('should stop the timer of a wait request when the emulator is closed', async () => {
    const emulator = await startEmulator()
    emulator.operations.add(NAME, [{}])
    const timersBefore = timerCount()
    const arrived = requestArrived(emulator)
    const response = sendRequest(emulator.endpoint, 'POST', WAIT_TARGET).catch((error: unknown) => error)
    await arrived
    expect(timerCount()).to.be.greaterThan(timersBefore)
    await emulator.close()
    expect(await response).to.have.property('code', 'ECONNRESET')
    expect(timerCount()).to.equal(timersBefore)
  })

  it('should reject an invalid maxWait', async () => {
    for (const maxWait of [-1, Number.NaN, 2 ** 31]) {
      const error = await startEmulator({ maxWait }).catch((error: unknown) => error)
      expect(error)
        .to.be.instanceOf(RangeError)
        .with.property(
          'message',
          `maxWait must be a number of milliseconds from 0 to 2147483647, got ${maxWait}`,
        )
    }
  })
})

/** Returns the number of timers that keep the process alive. */
function timerCount(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
}
