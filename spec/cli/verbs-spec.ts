import { expect } from 'chai'
import { filter, firstValueFrom } from 'rxjs'
import { run } from '../../lib/cli/program.js'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { FakeIo } from './fake.js'

const PARENT = 'projects/p/locations/l'
function operationName(id: string): string {
  return `${PARENT}/operations/${id}`
}

describe('cli, verbs of services', () => {
  let emulator: Emulator
  beforeEach(async () => {
    emulator = await startEmulator({ resourceManager: false })
  })
  afterEach(() => emulator.close())

  const runLro = async (...argv: readonly string[]) => {
    const io = new FakeIo()
    const code = await run(argv, io)
    return { code, stdout: io.stdout.written, stderr: io.stderr.written }
  }
  /** Runs a verb for the service batch, with the emulator as the endpoint. */
  const runBatch = (verb: string, ...rest: readonly string[]) =>
    runLro(verb, '--service', 'batch', '--endpoint', emulator.endpoint, ...rest)

  describe('list', () => {
    beforeEach(() => {
      emulator.operations.add(operationName('a'), [{ metadata: { progressPercent: 40 } }])
      emulator.operations.add(operationName('b'), [{ done: true, response: {} }])
      emulator.operations.add(operationName('c'), [
        { done: true, error: { code: 8, message: 'no \u001b[31mquota' } },
      ])
    })

    it('should print a line for each operation, and exit with 0 even if one failed', async () => {
      const { code, stdout, stderr } = await runBatch('list', PARENT)
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
      expect(stdout.split('\n')).to.have.length(4)
      expect(stdout).to.match(
        /\/a: running.*40.*\n.*\/b: succeeded\n.*\/c: failed: RESOURCE_EXHAUSTED: no \\u/,
      )
    })

    it('should print records if --json is set, and names if --quiet is set', async () => {
      const { stdout } = await runBatch('list', PARENT, '--json')
      const records = stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as { _tag: string })
      expect(records.map(({ _tag }) => _tag)).to.deep.equal(['Running', 'Succeeded', 'OperationFailed'])
      expect((await runBatch('list', PARENT, '--quiet')).stdout).to.equal(
        `${['a', 'b', 'c'].map(operationName).join('\n')}\n`,
      )
    })

    it('should request only the pages that --limit requires, and send the value of --filter', async () => {
      expect((await runBatch('list', PARENT, '--page-size', '1', '--limit', '2', '--quiet')).stdout).to.equal(
        `${operationName('a')}\n${operationName('b')}\n`,
      )
      expect(emulator.requests).to.have.length(2)
      expect((await runBatch('list', PARENT, '--filter', 'done=false', '--quiet')).stdout).to.equal(
        `${operationName('a')}\n`,
      )
    })

    describe('of an incomplete page', () => {
      const names = ['a', 'b'].map(operationName)
      const page = {
        operations: names.map((name) => ({ name })),
        unreachable: ['locations/m', 'locations/\u001b[31mn'],
      }
      beforeEach(async () => {
        await emulator.close()
        const fault = () => ({ httpResponse: { httpStatus: 200, body: page } })
        emulator = await startEmulator({ resourceManager: false, fault })
      })

      // Cited in docs/COMPARISON.md as: incomplete-list-output
      it('should print unreachable locations on standard error, and exit with 0', async () => {
        expect(await runBatch('list', PARENT, '--quiet')).to.deep.equal({
          code: 0,
          stdout: `${names.join('\n')}\n`,
          stderr: 'incomplete list, unreachable: locations/m, locations/\\u001b[31mn\n',
        })
      })

      it('should print a record if --json is set', async () => {
        const { code, stdout, stderr } = await runBatch('list', PARENT, '--json')
        const [record] = stdout.split('\n')
        expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
        expect(JSON.parse(record ?? '')).to.deep.equal({
          _tag: 'Incomplete',
          unreachable: page.unreachable,
          warnings: [],
        })
      })

      it('should not count the incomplete page as an operation, and send --return-partial-success', async () => {
        const { stdout } = await runBatch(
          'list',
          PARENT,
          '--quiet',
          '--limit',
          '1',
          '--return-partial-success',
        )
        expect(stdout).to.equal(`${names[0]}\n`)
        expect(emulator.requests[0]?.query).to.deep.equal({ returnPartialSuccess: 'true' })
      })
    })

    it('should print the warnings of a page on standard error', async () => {
      await emulator.close()
      const warning = {
        code: 'UNREACHABLE',
        message: 'a zone is down',
        data: [{ key: 'scope', value: 'zones/b' }],
      }
      const fault = () => ({ httpResponse: { httpStatus: 200, body: { items: [], warning } } })
      emulator = await startEmulator({ services: ['compute'], fault })
      const place = ['--service', 'compute', '--endpoint', emulator.endpoint]
      expect(await runLro('list', ...place, 'projects/p/zones/z')).to.deep.equal({
        code: 0,
        stdout: '',
        stderr: 'warning: UNREACHABLE: a zone is down: scope zones/b\nno operations\n',
      })
    })

    it('should accept a URL as the parent', async () => {
      const { code, stdout } = await runLro('list', `${emulator.endpoint}/v1/${PARENT}/operations`, '--quiet')
      expect([code, stdout.split('\n').length]).to.deep.equal([0, 4])
    })

    it('should print a note and exit with 0 if there are no operations', async () => {
      expect(await runBatch('list', 'projects/q/locations/l')).to.deep.equal({
        code: 0,
        stdout: '',
        stderr: 'no operations\n',
      })
    })

    it('should exit with 3 if the list cannot be read, and with 2 and no secret if the parent is invalid', async () => {
      expect((await runBatch('list', PARENT, '--filter', 'odd')).code).to.equal(3)
      const requestCount = emulator.requests.length
      for (const parent of ['folders/..', 'projects/p?key=S3CRET', `${emulator.endpoint}/v1/x?key=S3CRET`]) {
        const { code, stdout, stderr } = await runBatch('list', parent)
        expect(code, parent).to.equal(2)
        expect(stdout + stderr).to.not.include('S3CRET')
      }
      expect(emulator.requests).to.have.length(requestCount)
    })
  })

  it('should request the cancellation of each operation, and print each result or error', async () => {
    emulator.operations.add(operationName('a'), [{}])
    const { code, stdout } = await runBatch('cancel', operationName('a'), operationName('none'))
    expect(code).to.equal(3)
    expect(stdout)
      .to.include(`${operationName('a')}: cancellation requested`)
      .and.match(/none was not found/)
    expect((await runBatch('get', operationName('a'))).stdout).to.include('CANCELLED')
  })

  it('should cancel the operations whose names are on standard input, as `lro list --quiet` prints them', async () => {
    for (const id of ['a', 'b']) emulator.operations.add(operationName(id), [{}])
    const io = new FakeIo()
    io.stdin.end((await runBatch('list', PARENT, '--quiet')).stdout)
    const code = await run(
      ['cancel', '--service', 'batch', '--endpoint', emulator.endpoint, '-', '--json'],
      io,
    )
    expect(code).to.equal(0)
    const records = io.stdout.written
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).to.have.deep.members(
      ['a', 'b'].map((id) => ({ _tag: 'CancelRequested', name: operationName(id) })),
    )
  })

  it('should delete operations', async () => {
    emulator.operations.add(operationName('a'), [{ done: true }])
    expect(await runBatch('delete', operationName('a'), '--quiet')).to.deep.equal({
      code: 0,
      stdout: '',
      stderr: '',
    })
    expect((await runBatch('get', operationName('a'))).code).to.equal(3)
  })

  describe('wait', () => {
    const runWait = (...rest: readonly string[]) =>
      runLro('wait', '--service', 'run', '--endpoint', emulator.endpoint, ...rest)

    it('should exit with 0 if the operation succeeded, 1 if it failed and 124 if it is running', async () => {
      emulator.operations.add(operationName('a'), [{ done: true }])
      emulator.operations.add(operationName('b'), [{ done: true, error: { code: 3, message: 'bad' } }])
      emulator.operations.add(operationName('c'), [{}])
      const codes = [
        await runWait(operationName('a')),
        await runWait(operationName('b')),
        await runWait(operationName('c'), '--timeout', '20ms'),
      ]
      expect(codes.map(({ code }) => code)).to.deep.equal([0, 1, 124])
    })

    it('should exit with 130 on SIGINT and abort the request', async () => {
      emulator.operations.add(operationName('a'), [{}])
      const io = new FakeIo()
      const received = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Request')))
      const aborted = firstValueFrom(emulator.events.pipe(filter(({ _tag }) => _tag === 'Aborted')))
      const exitCode = run(
        ['wait', '--service', 'run', '--endpoint', emulator.endpoint, operationName('a')],
        io,
      )
      await received
      io.emit('SIGINT')
      expect(await exitCode).to.equal(130)
      await aborted
    })
  })

  it('should send wait requests if --long-poll is set', async () => {
    emulator.operations.add(operationName('a'), [{}, { polls: 2, done: true }])
    const { code } = await runLro(
      'watch',
      '--service',
      'run',
      '--endpoint',
      emulator.endpoint,
      '--long-poll',
      operationName('a'),
    )
    expect(code).to.equal(0)
    expect(emulator.requests.map(({ method }) => method)).to.deep.equal(['GET', 'POST'])
  })

  it('should exit with 2 and send no request for a name of another service without --service', async () => {
    const requestCount = emulator.requests.length
    for (const verb of ['get', 'watch']) {
      const { code, stdout, stderr } = await runLro(verb, 'projects/p/locations/l/operations/x')
      expect(code, verb).to.equal(2)
      expect(stdout + stderr).to.include(
        'Resource Manager operations are named "operations/**"; use --service, or a full URL',
      )
    }
    expect(emulator.requests).to.have.length(requestCount)
  })

  it('should print the documented names after the server has rejected a name of the service', async () => {
    const { code, stdout } = await runBatch('get', 'folders/1/operations/x')
    expect(code).to.equal(3)
    expect(stdout).to.include('The name matches no documented pattern: batch operations are named')
  })

  it('should exit with 2 and send no request if the service does not have the method', async () => {
    for (const argv of [
      ['cancel', 'operations/cp.1'],
      ['delete', 'operations/cp.1'],
      ['list', 'operations'],
      ['wait', 'operations/cp.1'],
    ]) {
      const { code, stdout, stderr } = await runLro(...argv)
      expect(code, argv[0]).to.equal(2)
      expect(stdout + stderr).to.match(
        new RegExp(
          `^No request was sent for operations(/cp.1)?: Resource Manager has no operations.${argv[0]}; use --service`,
        ),
      )
      expect(JSON.parse((await runLro(...argv, '--json')).stdout)).to.include({
        _tag: 'RequestRejected',
        httpStatus: 501,
      })
    }
    const { code, stdout } = await runBatch('wait', operationName('a'))
    expect(code).to.equal(2)
    expect(stdout).to.include('has no operations.wait')
    expect(emulator.requests).to.deep.equal([])
  })

  describe('a URL as name', () => {
    it('should send each request to the host of its URL, and no credentials to a loopback address', async () => {
      await using other = await startEmulator({ resourceManager: false })
      emulator.operations.add(operationName('a'), [{ done: true }])
      other.operations.add(operationName('b'), [{ done: true, error: { code: 5, message: 'gone' } }])
      const { code, stdout } = await runLro(
        'watch',
        '--json',
        `${emulator.endpoint}/v1/${operationName('a')}`,
        `${other.endpoint}/v2/${operationName('b')}`,
        'https://evil.example/v1/operations/x',
      )
      expect(code).to.equal(2)
      const tags = stdout
        .trim()
        .split('\n')
        .map((line) => (JSON.parse(line) as { _tag: string })._tag)
      expect(tags).to.have.members(['Succeeded', 'OperationFailed', 'InvalidName'])
      expect(emulator.requests.map(({ path }) => path)).to.deep.equal([`/v1/${operationName('a')}`])
      expect(other.requests.map(({ path }) => path)).to.deep.equal([`/v2/${operationName('b')}`])
      for (const { headers } of [...emulator.requests, ...other.requests])
        expect(headers).to.not.have.property('authorization')
    })

    for (const url of [
      `https://run.googleapis.com.evil.example/v2/${operationName('a')}`,
      `//evil.example/${operationName('a')}`,
      `http://run.googleapis.com/v2/${operationName('a')}`,
      `https://me:S3CRET@run.googleapis.com/v2/${operationName('a')}`,
      `https://run.googleapis.com/v2/${operationName('a')}?key=S3CRET`,
    ])
      it(`should be rejected if it is ${url.replaceAll('S3CRET', '…')}`, async () => {
        const { code, stdout, stderr } = await runLro('get', url)
        expect(code).to.equal(2)
        expect(stdout + stderr).to.not.include('S3CRET')
        expect(stdout).to.include('No request was sent')
      })

    it('should be repeated in the command to resume', async () => {
      const url = `${emulator.endpoint}/v1/${operationName('a')}`
      emulator.operations.add(operationName('a'), [{ stall: true }])
      const { code, stderr } = await runLro('watch', url, '--timeout', '100ms')
      expect(code).to.equal(124)
      expect(stderr).to.include(`to resume: lro watch ${url}`)
    })
  })

  describe('options', () => {
    it('should be sent with the request if they are valid', async () => {
      emulator.operations.add(operationName('a'), [{ done: true }])
      const { code } = await runBatch(
        'get',
        operationName('a'),
        '--quota-user',
        'u',
        '--fields',
        'name,done,error',
        '--header',
        'X-Reason: S3CRET',
        '--api-version',
        'v1',
      )
      expect(code).to.equal(0)
      const [request] = emulator.requests
      expect(request?.query).to.include({ quotaUser: 'u', fields: 'name,done,error' })
      expect(request?.headers).to.include({ 'x-reason': 'S3CRET' })
    })

    it('should send the location of Cloud Build in a header, together with the headers of --header', async () => {
      const buildName = 'operations/build/shop/aWQ='
      emulator.operations.add(buildName, [{}])
      await runLro(
        ...['get', buildName, '--service', 'cloudbuild', '--location', 'europe-west9'],
        ...['--endpoint', emulator.endpoint, '--header', 'X-Reason: audit'],
      )
      expect(emulator.requests.at(-1)?.headers).to.include({
        'x-goog-request-params': 'location=europe-west9',
        'x-reason': 'audit',
      })
    })

    const rejected: readonly (readonly [readonly string[], string])[] = [
      [['--service', 'runn'], 'unknown service "runn"; did you mean "run"?'],
      [['--service', 'deploymentmanager'], 'have a status and no done'],
      [['--service', 'run', '--api-version', 'v/9'], '"v2"'],
      [
        ['--location', 'l', '--endpoint', 'https://e.example'],
        '--location with --endpoint requires --service',
      ],
      [['--header', 'S3CRET'], "--header must be 'NAME: VALUE'"],
      [['--header', 'Authorization: S3CRET'], '--header must be different from the headers'],
      [['--client-cert', 'a.pem'], '--client-cert requires --client-key'],
      [
        ['--client-cert', '/none/a.pem', '--client-key', '/none/b.pem'],
        '--client-cert cannot be read: "/none/a.pem" (ENOENT)',
      ],
      [['--universe-domain', 'x'], 'universe-domain must be a domain'],
      [['--fields', 'done'], '--fields must be a field mask'],
    ]
    for (const [options, message] of rejected)
      it(`should be rejected if they are invalid: ${options.join(' ').replace('S3CRET', '…')}`, async () => {
        const { code, stdout, stderr } = await runLro('get', 'operations/x', ...options)
        expect([code, stdout]).to.deep.equal([2, ''])
        expect(stderr).to.include(message).and.not.include('S3CRET')
      })
  })
})
