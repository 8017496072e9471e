import { once } from 'node:events'
import { expect } from 'chai'
import { filter, firstValueFrom } from 'rxjs'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { lro, records, startLro } from './lro.js'

const RUNS: readonly Frame[] = [{}]
const SUCCEEDS: readonly Frame[] = [{}, { polls: 2, done: true, response: { name: 'projects/1' } }]
const FAILS: readonly Frame[] = [
  {
    done: true,
    error: {
      code: 8,
      message: 'Too many \u001b[31mprojects.',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
          violations: [{ subject: 'user:a', description: 'used up' }],
        },
      ],
    },
  },
]
const FORBIDDEN: readonly Frame[] = [
  {
    httpResponse: {
      httpStatus: 403,
      body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.' } },
    },
  },
]

describe('cli/bin', function () {
  this.timeout(30_000)
  let emulator: Emulator
  const answered = (name: string): Promise<unknown> =>
    firstValueFrom(
      emulator.events.pipe(filter((event) => event._tag === 'Answered' && event.request.path.endsWith(name))),
    )
  const at = (): readonly string[] => ['--endpoint', emulator.endpoint]

  before(async () => {
    emulator = await startEmulator()
    emulator.operations.add('operations/runs', RUNS)
    emulator.operations.add('operations/fails', FAILS)
    emulator.operations.add('operations/forbidden', FORBIDDEN)
  })
  after(() => emulator.close())

  it('should exit with 0, print records as JSON, and print transient failures on standard error if all succeeded', async () => {
    emulator.operations.add('operations/json', [
      { metadata: { progressPercent: 10 } },
      { polls: 2, httpResponse: { httpStatus: 503 } },
      { polls: 3, done: true },
    ])
    const ended = await lro('watch', 'operations/json', ...at(), '--json')
    expect(records(ended).map(({ _tag, name }) => [_tag, name])).to.deep.equal([
      ['Running', 'operations/json'],
      ['Succeeded', 'operations/json'],
    ])
    expect(ended.stderr).to.match(/^operations\/json: HTTP 503 UNAVAILABLE, next poll in \d\.\d s\n$/)
    expect(ended.code).to.equal(0)
  })

  it('should exit with 1 and print the details if an operation failed', async () => {
    const ended = await lro('watch', 'operations/fails', ...at())
    expect(ended.stdout).to.match(
      /^operations\/fails: failed after \d\.\d s: RESOURCE_EXHAUSTED: Too many \\u001b\[31mprojects\.\n {4}quota user:a: used up\n$/,
    )
    expect(ended.stderr).to.match(/^1 operation: 1 failed, in \d\.\d s\n$/)
    expect(ended.code).to.equal(1)
  })

  it('should exit with 2 and print no secret if a name is invalid', async () => {
    const ended = await lro('watch', 'operations/x?key=SECRET', ...at(), '--quiet')
    expect(ended.stdout).to.equal('"operations/x?…" is not a valid operation name: it contains "?".\n')
    expect([ended.stderr, ended.code]).to.deep.equal(['', 2])
  })

  it('should exit with 2 and print no secret if an option is invalid', async () => {
    const ended = await lro('watch', 'operations/x', '--endpoint', 'https://me:SECRET@example.com')
    expect(ended.stdout).to.equal('')
    expect(ended.stderr)
      .to.match(/^lro watch: --endpoint must be .*; see lro watch --help\n$/)
      .and.not.contain('SECRET')
    expect(ended.code).to.equal(2)
  })

  it('should exit with 3 and print the command to resume if an outcome is unknown', async () => {
    const ended = await lro('watch', 'operations/forbidden', ...at())
    expect(ended.stdout).to.equal(
      'Request for operations/forbidden failed: HTTP 403 PERMISSION_DENIED: No.\n',
    )
    expect(ended.stderr).to.contain(
      `to resume: lro watch --endpoint ${emulator.endpoint} operations/forbidden\n`,
    )
    expect(ended.code).to.equal(3)
  })

  it('should exit with 124 if the timeout elapses', async () => {
    const ended = await lro('watch', 'operations/runs', ...at(), '--timeout', '300ms', '--json')
    expect(records(ended).at(-1)).to.include({ _tag: 'TimedOut', timeout: 300 })
    expect(ended.code).to.equal(124)
  })

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`should exit with ${code} and print that the operation continues on ${signal}`, async () => {
      emulator.operations.add(`operations/${signal}`, RUNS)
      const { child, ended } = startLro(['watch', `operations/${signal}`, ...at()])
      await once(child.stdout, 'data')
      child.kill(signal)
      const { stderr, ...rest } = await ended
      expect(stderr).to.match(
        /^1 operation: 1 unfinished, in .*\nstopped watching; the operation continues\nto resume: lro watch /,
      )
      expect(rest).to.include({ code, signal: null })
      expect(
        emulator.requests.filter(({ path }) => path.endsWith(signal)).map(({ method }) => method),
      ).to.deep.equal(['GET'])
    })
  }

  it('should exit without output when the reader closes the pipe', async () => {
    emulator.operations.add('operations/head', [{}, { polls: 3, done: true }])
    const { child, ended } = startLro(['watch', 'operations/head', ...at(), '--json'])
    const [first] = await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(JSON.parse(String(first))).to.include({ _tag: 'Running' })
    expect(await ended).to.include({ code: 3, signal: null, stderr: '' })
  })

  it('should watch a name from standard input as soon as it is read', async () => {
    emulator.operations.add('operations/first', SUCCEEDS)
    emulator.operations.add('operations/second', SUCCEEDS)
    const { child, ended } = startLro(['watch', '-', ...at(), '--quiet'])
    const first = answered('first')
    child.stdin.write('\n  operations/first\n')
    await first
    child.stdin.end('operations/second\r\noperations/first\n')
    const { stdout, stderr, code } = await ended
    expect(
      stdout
        .replace(/\d\.\d s/g, 'x s')
        .split('\n')
        .sort(),
    ).to.deep.equal(['', 'operations/first: succeeded after x s', 'operations/second: succeeded after x s'])
    expect([stderr, code]).to.deep.equal(['', 0])
  })

  it('should not wait for standard input after SIGINT', async () => {
    const { child, ended } = startLro(['watch', '-', 'operations/runs', ...at()])
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await ended).to.include({ code: 130, signal: null })
  })

  it('should get one snapshot and exit with 0 if the operation runs', async () => {
    const ended = await lro('get', 'operations/runs', ...at())
    expect(ended).to.include({ stdout: 'operations/runs: running\n', stderr: '', code: 0 })
  })

  it('should run an emulator until SIGINT', async () => {
    const { child, ended } = startLro(['emulator'])
    const [first] = await once(child.stdout, 'data')
    const endpoint = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(String(first))?.[1]
    const answer = await fetch(`${endpoint}/v3/projects`, {
      method: 'POST',
      body: '{"projectId": "my-project"}',
    })
    expect(await answer.json()).to.have.property('name')
    const inUse = await lro('emulator', '--port', new URL(`${endpoint}`).port)
    expect([inUse.code, inUse.stdout]).to.deep.equal([2, ''])
    expect(inUse.stderr).to.match(/^lro emulator: port \d+ is in use; .*\n$/)
    child.kill('SIGINT')
    const { stderr, code } = await ended
    expect(stderr)
      .to.contain('CLOUDRESOURCEMANAGER_EMULATOR_HOST=127.0.0.1:')
      .and.contain('POST /v3/projects 200\n')
    expect(code).to.equal(130)
  })

  it('should run the demo as scripted', async () => {
    const ended = await lro('demo', '--json')
    const last = new Map(records(ended).map(({ name, _tag }) => [name, _tag]))
    expect([...last.values()].sort()).to.deep.equal(['OperationFailed', 'Succeeded', 'Succeeded'])
    expect(ended.stderr).to.match(/^projects\/\S+: HTTP 503 UNAVAILABLE, next poll in \d\.\d s\n$/)
    expect(ended.code).to.equal(0)
  })
})
