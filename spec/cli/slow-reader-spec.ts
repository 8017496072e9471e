import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { EventEmitter, once } from 'node:events'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { expect } from 'chai'
import { withHttpServer } from '../loopback.js'
import { spawnLro } from './lro.js'

// These names and texts make the output longer than all buffers between two processes.
const NAMES = Array.from({ length: 50_000 }, (_, index) => `projects/p/locations/l/operations/${index}`)
const LIST = { operations: NAMES.map((name) => ({ name })) }
const LARGE_OPERATION = { name: NAMES[0], done: true, response: { text: 'x'.repeat(3_000_000) } }
const DEBUG_INFO = { '@type': 'type.googleapis.com/google.rpc.DebugInfo', stackEntries: NAMES }
const LARGE_ERROR = { error: { code: 403, message: 'No.', details: [DEBUG_INFO] } }

/**
 * Starts `lro` with a server that always returns `body`, and calls `read` when `lro` has no more work: one second after
 * `lro` has closed its connection, or when `lro` has exited.
 */
function withIdleLro<A>(
  argv: readonly string[],
  { httpStatus = 200, body }: { readonly httpStatus?: number; readonly body: object },
  read: (child: ChildProcessWithoutNullStreams) => Promise<A>,
): Promise<A> {
  const connection = new EventEmitter()
  return withHttpServer(
    (request, response) => {
      request.socket.once('close', () => connection.emit('close'))
      response.writeHead(httpStatus, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    },
    async (endpoint) => {
      const child = spawnLro([...argv, '--endpoint', endpoint])
      await once(connection, 'close')
      await Promise.race([once(child, 'exit'), setTimeout(1_000)])
      return read(child)
    },
  )
}

/** Resolves with standard output, standard error and the exit code. */
async function readAll(child: ChildProcessWithoutNullStreams): Promise<readonly [string, string, number]> {
  const end = once(child, 'close')
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  const [code] = await end
  return [stdout, stderr, code]
}

describe('cli: a slow reader', function () {
  this.timeout(30_000)

  it('should receive all names of lro list', async () => {
    const [stdout, stderr, code] = await withIdleLro(
      ['list', 'projects/p/locations/l', '--quiet'],
      { body: LIST },
      readAll,
    )
    expect(stdout.split('\n')).to.deep.equal([...NAMES, ''])
    expect([stderr, code]).to.deep.equal(['', 0])
  })

  it('should receive the complete record of lro get', async () => {
    const [stdout, stderr, code] = await withIdleLro(
      ['get', NAMES[0] ?? '', '--json'],
      { body: LARGE_OPERATION },
      readAll,
    )
    expect(JSON.parse(stdout)).to.have.nested.property('response.text.length', 3_000_000)
    expect([stderr, code]).to.deep.equal(['', 0])
  })

  it('should receive the complete error of lro list on standard error', async () => {
    const [stdout, stderr, code] = await withIdleLro(
      ['list', 'projects/p/locations/l'],
      { httpStatus: 403, body: LARGE_ERROR },
      readAll,
    )
    const lines = stderr.split('\n').map((line) => line.trim())
    // The first two lines contain the message and the heading of the stack entries.
    expect(lines.slice(2)).to.deep.equal([...NAMES, ''])
    expect([stdout, code]).to.deep.equal(['', 3])
  })

  it('should not prevent the exit of lro if the reader closes the pipe', async () => {
    const result = await withIdleLro(
      ['get', NAMES[0] ?? '', '--json'],
      { body: LARGE_OPERATION },
      (child) => {
        child.stdout.destroy()
        return Promise.all([once(child, 'close'), text(child.stderr)])
      },
    )
    expect(result).to.deep.equal([[0, null], ''])
  })
})
