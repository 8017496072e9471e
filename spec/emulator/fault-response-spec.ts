import { expect } from 'chai'
import { startEmulator } from '../../lib/emulator/index.js'
import { sendRequest } from './send-request.js'

describe('emulator/operations/operation-response: option fault', () => {
  it('should respond with the fault that the option `fault` returns, and count no poll', async () => {
    await using emulator = await startEmulator({
      fault: ({ id, method, path }) => {
        if (id === 1) return { fault: 'reset' }
        return method === 'POST' || path === '/v3/operations/b'
          ? { httpResponse: { httpStatus: 503 } }
          : undefined
      },
    })
    for (const name of ['operations/a', 'operations/b']) emulator.operations.add(name, [{}])
    const error = await sendRequest(emulator.endpoint, 'GET', '/v3/operations/a').catch(
      (error: unknown) => error,
    )
    expect(error).to.have.property('code', 'ECONNRESET')
    expect(emulator.operations.polls('operations/a')).to.equal(0)
    expect((await sendRequest(emulator.endpoint, 'GET', '/v3/operations/a')).status).to.equal(200)
    expect((await sendRequest(emulator.endpoint, 'GET', '/v3/operations/b')).status).to.equal(503)
    expect((await sendRequest(emulator.endpoint, 'POST', '/v3/projects', { body: {} })).status).to.equal(503)
    expect(emulator.operations.polls('operations/a')).to.equal(1)
    expect(emulator.operations.polls('operations/b')).to.equal(0)
    expect(emulator.operations.names()).to.deep.equal(['operations/a', 'operations/b'])
  })

  for (const [fault, message] of [
    ['{}', 'the fault of request 1 must be an object with httpResponse, stall or fault, got {}'],
    ['503', 'the fault of request 1 must be an object, got 503'],
    [
      '{"stall": true, "polls": 2}',
      'the fault of request 1: polls must be absent (allowed members: stall), got 2',
    ],
    [
      '{"fault": "cut"}',
      "the fault of request 1: fault must be one of reset, reset-in-body, cut-short, drip, endless, gzip-bomb, got 'cut'",
    ],
  ] as const)
    it(`should send 500 with the reason if the fault is ${fault}`, async () => {
      await using emulator = await startEmulator({ fault: () => JSON.parse(fault) })
      const { status, text } = await sendRequest(emulator.endpoint, 'GET', '/v3/operations/a')
      expect(status).to.equal(500)
      expect(JSON.parse(text)).to.have.nested.property(
        'error.message',
        `The emulator failed: InvalidOption: ${message}`,
      )
    })
})
