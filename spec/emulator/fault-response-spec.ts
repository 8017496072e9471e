import { expect } from 'chai'
import { startEmulator } from '../../lib/emulator/index.js'
import { ask } from './send-request.js'

describe('emulator/fault-reaction', () => {
  it('should give a request its fault in place of its answer, unseen by the operation', async () => {
    await using emulator = await startEmulator({
      fault: ({ id, method, path }) => {
        if (id === 1) return { fault: 'reset' }
        return method === 'POST' || path === '/v3/operations/b'
          ? { httpResponse: { httpStatus: 503 } }
          : undefined
      },
    })
    for (const name of ['operations/a', 'operations/b']) emulator.operations.add(name, [{}])
    const lost = await ask(emulator.endpoint, 'GET', '/v3/operations/a').catch((error: unknown) => error)
    expect(lost).to.have.property('code', 'ECONNRESET')
    expect(emulator.operations.polls('operations/a')).to.equal(0)
    expect((await ask(emulator.endpoint, 'GET', '/v3/operations/a')).status).to.equal(200)
    expect((await ask(emulator.endpoint, 'GET', '/v3/operations/b')).status).to.equal(503)
    expect((await ask(emulator.endpoint, 'POST', '/v3/projects', { body: {} })).status).to.equal(503)
    expect(emulator.operations.polls('operations/a')).to.equal(1)
    expect(emulator.operations.polls('operations/b')).to.equal(0)
    expect(emulator.operations.names()).to.deep.equal(['operations/a', 'operations/b'])
  })

  for (const [given, message] of [
    ['{}', 'the fault of request 1 must be an object with httpResponse, stall or fault, given {}'],
    ['503', 'the fault of request 1 must be an object, given 503'],
    ['{"stall": true, "polls": 2}', 'the fault of request 1: polls must be absent: it takes stall, given 2'],
    [
      '{"fault": "cut"}',
      "the fault of request 1: fault must be one of reset, reset-in-body, cut-short, drip, endless, gzip-bomb, given 'cut'",
    ],
  ] as const)
    it(`should answer 500 with what is wrong with ${given}`, async () => {
      await using emulator = await startEmulator({ fault: () => JSON.parse(given) })
      const { status, text } = await ask(emulator.endpoint, 'GET', '/v3/operations/a')
      expect(status).to.equal(500)
      expect(JSON.parse(text)).to.have.nested.property(
        'error.message',
        `The emulator failed: RangeError: ${message}`,
      )
    })
})
