import { once } from 'node:events'
import { expect } from 'chai'
import { filter, firstValueFrom } from 'rxjs'
import { type Emulator, type Frame, startEmulator } from '../../lib/emulator/index.js'
import { lro, records, startLro } from './lro.js'

const RUNNING: readonly Frame[] = [{}]
const SUCCEEDING: readonly Frame[] = [{}, { polls: 2, done: true, response: { name: 'projects/1' } }]
const FAILING: readonly Frame[] = [
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
  /** Resolves when the emulator has sent a response for an operation whose name ends with `name`. */
  const responseSent = (name: string): Promise<unknown> =>
    firstValueFrom(
      emulator.events.pipe(filter((event) => event._tag === 'Answered' && event.request.path.endsWith(name))),
    )
  const endpointOption = (): readonly string[] => ['--endpoint', emulator.endpoint]

  before(async () => {
    emulator = await startEmulator()
    emulator.operations.add('operations/runs', RUNNING)
    emulator.operations.add('operations/fails', FAILING)
    emulator.operations.add('operations/forbidden', FORBIDDEN)
  })
  after(() => emulator.close())

  it('should exit with 0, and print JSON records on standard output and transient failures on standard error', async () => {
    emulator.operations.add('operations/json', [
      { metadata: { progressPercent: 10 } },
      { polls: 2, httpResponse: { httpStatus: 503 } },
      { polls: 3, done: true },
    ])
    const result = await lro('watch', 'operations/json', ...endpointOption(), '--json')
    expect(records(result).map(({ _tag, name }) => [_tag, name])).to.deep.equal([
      ['Running', 'operations/json'],
      ['Succeeded', 'operations/json'],
    ])
    expect(result.stderr).to.match(/^operations\/json: HTTP 503 UNAVAILABLE, next poll in \d\.\d s\n$/)
    expect(result.code).to.equal(0)
  })

  it('should exit with 1 and print the details if an operation failed', async () => {
    const result = await lro('watch', 'operations/fails', ...endpointOption())
    expect(result.stdout).to.match(
      /^operations\/fails: failed \(watched for \d\.\d s\): RESOURCE_EXHAUSTED: Too many \\u001b\[31mprojects\.\n {4}quota user:a: used up\n$/,
    )
    expect(result.stderr).to.match(/^1 operation: 1 failed, in \d\.\d s\n$/)
    expect(result.code).to.equal(1)
  })

  it('should exit with 2 and print no secret if a name is invalid', async () => {
    const result = await lro('watch', 'operations/x?key=SECRET', ...endpointOption(), '--quiet')
    expect(result.stdout).to.equal('"operations/x?…" is not a valid operation name: it contains "?".\n')
    expect([result.stderr, result.code]).to.deep.equal(['', 2])
  })

  it('should exit with 2 and print no secret if an option is invalid', async () => {
    const result = await lro('watch', 'operations/x', '--endpoint', 'https://me:SECRET@example.com')
    expect(result.stdout).to.equal('')
    expect(result.stderr)
      .to.match(/^lro watch: --endpoint must be .*; see lro watch --help\n$/)
      .and.not.contain('SECRET')
    expect(result.code).to.equal(2)
  })

  it('should exit with 3 and print the command to resume if the state of an operation is unknown', async () => {
    const result = await lro('watch', 'operations/forbidden', ...endpointOption())
    expect(result.stdout).to.equal(
      'Request for operations/forbidden failed: HTTP 403 PERMISSION_DENIED: No.\n',
    )
    expect(result.stderr).to.contain(
      `to resume: lro watch --endpoint ${emulator.endpoint} operations/forbidden\n`,
    )
    expect(result.code).to.equal(3)
  })

  it('should exit with 124 if the timeout elapses', async () => {
    const result = await lro('watch', 'operations/runs', ...endpointOption(), '--timeout', '300ms', '--json')
    expect(records(result).at(-1)).to.include({ _tag: 'TimedOut', timeout: 300 })
    expect(result.code).to.equal(124)
  })

  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`should, on ${signal}, exit with ${code} and print that the operation continues`, async () => {
      emulator.operations.add(`operations/${signal}`, RUNNING)
      const { child, result } = startLro(['watch', `operations/${signal}`, ...endpointOption()])
      await once(child.stdout, 'data')
      child.kill(signal)
      const { stderr, ...rest } = await result
      expect(stderr).to.match(
        /^1 operation: 1 unfinished, in .*\nstopped watching; the operation continues\nto resume: lro watch /,
      )
      expect(rest).to.include({ code, signal: null })
      expect(
        emulator.requests.filter(({ path }) => path.endsWith(signal)).map(({ method }) => method),
      ).to.deep.equal(['GET'])
    })
  }

  it('should exit with 3 and print no error when the reader closes the pipe of standard output', async () => {
    emulator.operations.add('operations/head', [{}, { polls: 3, done: true }])
    const { child, result } = startLro(['watch', 'operations/head', ...endpointOption(), '--json'])
    const [firstRecord] = await once(child.stdout, 'data')
    child.stdout.destroy()
    expect(JSON.parse(String(firstRecord))).to.include({ _tag: 'Running' })
    expect(await result).to.include({ code: 3, signal: null, stderr: '' })
  })

  it('should watch a name from standard input before the end of the input', async () => {
    emulator.operations.add('operations/first', SUCCEEDING)
    emulator.operations.add('operations/second', SUCCEEDING)
    const { child, result } = startLro(['watch', '-', ...endpointOption(), '--quiet'])
    const firstPolled = responseSent('first')
    child.stdin.write('\n  operations/first\n')
    await firstPolled
    child.stdin.end('operations/second\r\noperations/first\n')
    const { stdout, stderr, code } = await result
    expect(
      stdout
        .replace(/\d\.\d s/g, 'x s')
        .split('\n')
        .sort(),
    ).to.deep.equal([
      '',
      'operations/first: succeeded (watched for x s)',
      'operations/second: succeeded (watched for x s)',
    ])
    expect([stderr, code]).to.deep.equal(['', 0])
  })

  it('should not wait for standard input after SIGINT', async () => {
    const { child, result } = startLro(['watch', '-', 'operations/runs', ...endpointOption()])
    await once(child.stdout, 'data')
    child.kill('SIGINT')
    expect(await result).to.include({ code: 130, signal: null })
  })

  it('should print one snapshot for lro get, and exit with 0, although the operation is running', async () => {
    const result = await lro('get', 'operations/runs', ...endpointOption())
    expect(result).to.include({ stdout: 'operations/runs: running\n', stderr: '', code: 0 })
  })

  it('should run an emulator until SIGINT, and reject a port that is in use', async () => {
    const { child, result } = startLro(['emulator'])
    const [firstOutput] = await once(child.stdout, 'data')
    const endpoint = /^listening on (http:\/\/127\.0\.0\.1:\d+)\n/.exec(String(firstOutput))?.[1]
    const response = await fetch(`${endpoint}/v3/projects`, {
      method: 'POST',
      body: '{"projectId": "my-project"}',
    })
    expect(await response.json()).to.have.property('name')
    const inUse = await lro('emulator', '--port', new URL(`${endpoint}`).port)
    expect([inUse.code, inUse.stdout]).to.deep.equal([2, ''])
    expect(inUse.stderr).to.match(/^lro emulator: port \d+ is in use; .*\n$/)
    child.kill('SIGINT')
    const { stderr, code } = await result
    expect(stderr)
      .to.contain('CLOUDRESOURCEMANAGER_EMULATOR_HOST=127.0.0.1:')
      .and.contain('POST /v3/projects 200\n')
    expect(code).to.equal(130)
  })

  it('should print no warning of google-auth-library about the metadata server, but print other warnings', async () => {
    const code = `process.once('beforeExit', () => {
      process.emitWarning('not shown', 'MetadataLookupWarning')
      process.emitWarning('shown', 'OtherWarning')
    })`
    const env = { NODE_OPTIONS: `--import data:text/javascript,${encodeURIComponent(code)}` }
    const { stderr } = await startLro(['help'], env).result
    expect(stderr)
      .to.match(/OtherWarning: shown/)
      .and.not.match(/MetadataLookupWarning/)
  })

  it('should print the next steps at the end of the demo', async () => {
    const { code, stdout, stderr } = await lro('demo')
    expect(code).to.equal(0)
    expect(stdout).to.contain('"projectId": "weather"')
    expect(stderr).to.match(/\n3 operations: .*\n\nNext steps:\n(?: {2}npx lro .*\n){3}$/)
  })

  it('should run a demo with two operations that succeed, one that fails, and one transient failure', async () => {
    const result = await lro('demo', '--json')
    const lastTags = new Map(records(result).map(({ name, _tag }) => [name, _tag]))
    expect([...lastTags.values()].sort()).to.deep.equal(['OperationFailed', 'Succeeded', 'Succeeded'])
    expect(result.stderr).to.match(/^projects\/\S+: HTTP 503 UNAVAILABLE, next poll in \d\.\d s\n$/)
    expect(result.code).to.equal(0)
  })
})
