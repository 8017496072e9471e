import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { run } from '../../lib/cli/program.js'
import { FakeIo } from './fake.js'

async function runLro(...argv: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const io = new FakeIo()
  const code = await run(argv, io)
  return { code, stdout: io.stdout.written, stderr: io.stderr.written }
}

const THIS_FILE = fileURLToPath(import.meta.url)

// Joined here, because this file is also used as a file that is not in PEM format.
const PEM_HEADER = `-----${'BEGIN'} PRIVATE KEY-----`

describe('cli/program', () => {
  it('should print the verbs if --help is set', async () => {
    const { code, stdout, stderr } = await runLro('--help')
    expect([code, stderr]).to.deep.equal([0, ''])
    expect(stdout).to.contain('lro watch').and.contain('Example:')
  })

  it('should print the help on standard error if there is no verb', async () => {
    const { code, stdout, stderr } = await runLro()
    expect([code, stdout]).to.deep.equal([2, ''])
    expect(stderr).to.equal((await runLro('--help')).stdout)
  })

  it('should print the version for --version and -V', async () => {
    expect((await runLro('--version')).stdout).to.match(/^\d+\.\d+\.\d+\S*\n$/)
    expect(await runLro('-V')).to.deep.equal(await runLro('--version'))
  })

  it('should print the same for `lro help VERB` and `lro VERB --help`', async () => {
    expect(await runLro('help')).to.deep.equal(await runLro('--help'))
    expect(await runLro('help', 'help')).to.deep.equal(await runLro('--help'))
    expect(await runLro('help', '--help')).to.deep.equal(await runLro('--help'))
    for (const verb of ['watch', 'completion'])
      expect(await runLro('help', verb)).to.deep.equal(await runLro(verb, '--help'))
    const unknown = await runLro('help', 'explan')
    expect([unknown.code, unknown.stdout]).to.deep.equal([2, ''])
    expect(unknown.stderr).to.equal('lro: unknown verb "explan"; did you mean lro explain? See lro --help\n')
    expect((await runLro('help', 'get', 'list')).stderr).to.equal(
      'lro: help accepts one verb; see lro --help\n',
    )
  })

  for (const verb of [
    'watch',
    'track',
    'worker',
    'get',
    'list',
    'wait',
    'cancel',
    'delete',
    'emulator',
    'demo',
    'explain',
    'completion',
  ])
    it(`should print the help of ${verb} with an example, in at most 110 columns, even if other options are invalid`, async () => {
      const { code, stdout, stderr } = await runLro(verb, '--nonsense', '--help')
      expect([code, stderr]).to.deep.equal([0, ''])
      expect(stdout).to.match(new RegExp(`^lro ${verb}.*Example:\n  lro ${verb}.*\n$`, 's'))
      expect(Math.max(...stdout.split('\n').map((line) => line.length))).to.be.at.most(110)
    })

  const rejected: readonly (readonly [readonly string[], string | RegExp])[] = [
    [['wach'], 'lro: unknown verb "wach"; did you mean lro watch? See lro --help'],
    [
      ['https://u:S3CRET@h/operations/x'],
      'lro: unknown verb "https://…@h/operations/x"; to watch it, use lro watch NAME; see lro --help',
    ],
    [
      ['worker', '\u00a0https://u:S3CRET@h'],
      'lro worker: unexpected argument "\u00a0https://…@h"; see lro worker --help',
    ],
    [
      ['watch', 'x', '--https://u:S3CRET@h'],
      'lro watch: unknown option "--https://…@h"; see lro watch --help',
    ],
    [
      ['explain', 'https://u:S3CRET@h'],
      'lro explain: DURATION must be a duration such as 500ms, 90s, 10m or 2h, got "https://…@h"; see lro explain --help',
    ],
    [['--json'], 'lro: unknown option "--json"; the options of a verb follow the verb; see lro --help'],
    [['\u001b[2J'], 'lro: unknown verb "\\u001b[2J"; see lro --help'],
    [['watch'], 'lro watch: missing NAME...; use - to read names from standard input; see lro watch --help'],
    [
      ['watch', '--timeout', 'operations/cp.1'],
      'lro watch: --timeout requires a value before the name "operations/cp.1"; see lro watch --help',
    ],
    [
      ['get', '--service', 'projects/p/locations/l/operations/x'],
      'lro get: --service requires a value before the name "projects/p/locations/l/operations/x"; see lro get --help',
    ],
    [
      ['watch', '--timout', '3', 'operations/x'],
      'lro watch: unknown option "--timout"; did you mean --timeout? See lro watch --help',
    ],
    [['get', 'x', '--qiet'], 'lro get: unknown option "--qiet"; did you mean --quiet? See lro get --help'],
    [
      ['operations/cp.1'],
      'lro: unknown verb "operations/cp.1"; to watch it, use lro watch NAME; see lro --help',
    ],
    [
      ['--timeout', 'operations/cp.1'],
      'lro: unknown option "--timeout"; the options of a verb follow the verb; see lro --help',
    ],
    [
      ['emulator', '--port', '65536'],
      'lro emulator: --port must be a whole number from 0 to 65535, got 65536; see lro emulator --help',
    ],
    [['completion'], 'lro completion: missing SHELL: bash, zsh or fish; see lro completion --help'],
    [['completion', 'bash', 'zsh'], 'lro completion: expected one SHELL, got 2; see lro completion --help'],
    [
      ['completion', 'tcsh'],
      'lro completion: SHELL must be bash, zsh or fish, got "tcsh"; see lro completion --help',
    ],
    [['watch', 'x', '--bogus'], 'lro watch: unknown option "--bogus"; see lro watch --help'],
    [['watch', 'x', '--timeout'], 'lro watch: --timeout requires a value; see lro watch --help'],
    [
      ['watch', 'x', '--timeout', '-5'],
      'lro watch: --timeout requires a value; write a value with a dash as --timeout=VALUE; see lro watch --help',
    ],
    [['watch', 'x', '--json=1'], 'lro watch: --json takes no value; see lro watch --help'],
    [['watch', 'x', "--it's"], 'lro watch: unknown option "--it\'s"; see lro watch --help'],
    [['watch', 'x', '-t'], 'lro watch: unknown option "-t"; see lro watch --help'],
    [
      ['watch', 'x', '--timeout', '5x'],
      'lro watch: --timeout must be unlimited or a duration such as 500ms, 90s, 10m or 2h, got "5x"; see lro watch --help',
    ],
    [['watch', 'x', '--xgafv', '3'], 'lro watch: --xgafv must be "1" or "2", got "3"; see lro watch --help'],
    [
      ['watch', 'x', '--api-version', '3'],
      'lro watch: --api-version must be a version such as "v3", got "3"; see lro watch --help',
    ],
    [
      ['watch', 'x', '--endpoint', 'http://example.com'],
      'lro watch: --endpoint must be https, or a loopback host, unless --anonymous is given, got "http://example.com"; see lro watch --help',
    ],
    [['get', 'a', 'b'], 'lro get: expected one NAME, got 2; see lro get --help'],
    [['emulator', 'x'], 'lro emulator: unexpected argument "x"; see lro emulator --help'],
    [
      ['emulator', '--port', '70000'],
      'lro emulator: --port must be a whole number from 0 to 65535, got 70000; see lro emulator --help',
    ],
    [
      ['emulator', '--service', 'run'],
      'lro emulator: --service must be "compute" or "container" or "sqladmin", got "run"; see lro emulator --help',
    ],
    [
      ['emulator', '--operation', 'x'],
      /^lro emulator: --operation: the name of an operation must be .*, got 'x'; see lro emulator --help$/,
    ],
    [['list'], 'lro list: expected one PARENT, got 0; see lro list --help'],
    [
      ['list', 'p', '--limit', '0'],
      'lro list: --limit must be a number from 1 to 9007199254740991, got 0; see lro list --help',
    ],
    [
      ['list', 'p', '--limit', '1.5'],
      'lro list: --limit must be a whole number, got "1.5"; see lro list --help',
    ],
    [
      ['list', 'projects/p/locations/l', '--service', 'run', '--page-size', '2147483648'],
      'lro list: --page-size must be a whole number from 1 to 2147483647, got 2147483648; see lro list --help',
    ],
    [['track', 'x'], 'lro track: --redis URL or REDIS_URL is required; see lro track --help'],
    [['track'], 'lro track: missing NAME...; use - to read names from standard input; see lro track --help'],
    [['worker', '--redis', '-'], 'lro worker: REDIS_URL is not set; see lro worker --help'],
    [['worker', 'x'], 'lro worker: unexpected argument "x"; see lro worker --help'],
    [
      ['worker', '--redis', 'http://:S3CRET@x'],
      'lro worker: --redis must be a URL such as "redis://127.0.0.1:6379"; see lro worker --help',
    ],
    [
      ['worker', '--redis', 'redis://x', '--max', '0'],
      'lro worker: --max must be a number from 1 to 1000000, got 0; see lro worker --help',
    ],
    [
      ['worker', '--redis', 'redis://x', '--max', '-1'],
      'lro worker: --max requires a value; write a value with a dash as --max=VALUE; see lro worker --help',
    ],
    [
      ['worker', '--redis', 'redis://x', '--concurrency', '10001'],
      'lro worker: --concurrency must be a number from 1 to 10000, got 10001; see lro worker --help',
    ],
    [
      ['worker', '--redis', 'redis://x', '--concurrency', '1e3'],
      'lro worker: --concurrency must be a whole number, got "1e3"; see lro worker --help',
    ],
    [
      ['worker', '--redis', 'redis://x', '--per', '0'],
      'lro worker: --per must be a finite number of milliseconds, at least 1, got 0; see lro worker --help',
    ],
    [
      ['watch', 'x', '--redis', 'redis://x', '--long-poll'],
      'lro watch: --max-retry-time and --long-poll have no effect with --redis; remove them; see lro watch --help',
    ],
    [
      ['cancel'],
      'lro cancel: missing NAME...; use - to read names from standard input; see lro cancel --help',
    ],
    [['wait', 'a', 'b'], 'lro wait: expected one NAME, got 2; see lro wait --help'],
    [
      ['get', 'x', '--service', 'deploymentmanager'],
      /^lro get: --service must be a supported service .*, got "deploymentmanager"; see lro get --help$/,
    ],
    [
      ['get', 'x', '--service', 'run', '--api-version', 'v/9'],
      'lro get: --api-version must be letters and digits, such as "v2", got "v/9"; see lro get --help',
    ],
    [
      ['get', 'x', '--location', 'l', '--endpoint', 'http://127.0.0.1:1'],
      'lro get: --location with --endpoint requires --service; see lro get --help',
    ],
    [
      ['get', 'x', '--service', 'aiplatform'],
      'lro get: --location must be set for aiplatform, which has a host for each location; see lro get --help',
    ],
    [
      ['get', 'x', `--client-cert=${PEM_HEADER}S3CRET`, '--client-key', '/no/file'],
      `lro get: --client-cert cannot be read: "${PEM_HEADER}…" (ENOENT); see lro get --help`,
    ],
    [
      ['get', 'x', '--client-cert=S3\nCRET', '--client-key', '/no/file'],
      'lro get: --client-cert cannot be read: "S3…" (ENOENT); see lro get --help',
    ],
    [
      ['get', 'x', '--header', 'S3CRET'],
      "lro get: --header must be 'NAME: VALUE' (the invalid value is not shown); see lro get --help",
    ],
    [
      ['get', 'x', '--header', 'Authorization: S3CRET'],
      'lro get: --header must be different from the headers that the client sets, got "Authorization"; see lro get --help',
    ],
    [
      ['get', 'x', '--header', 'a: S3CRET', '--header', 'A: S3CRET'],
      'lro get: --header A is given twice; see lro get --help',
    ],
    [
      ['get', 'x', '--api-key-file', 'AIzaS3CRET'],
      'lro get: --api-key-file cannot be read: … (ENOENT); see lro get --help',
    ],
    [
      ['get', 'x', '--api-key-file', THIS_FILE],
      'lro get: the key in --api-key-file must be 1 to 500 characters of printable ASCII, no spaces; see lro get --help',
    ],
    [
      ['get', 'x', '--api-key-file', THIS_FILE, '--anonymous'],
      'lro get: --api-key-file cannot be used with --anonymous; see lro get --help',
    ],
    [
      ['get', 'x', '--proxy', 'http://me:S3CRET@[bad'],
      'lro get: --proxy must be an http or https URL with only scheme, user, password, host and port; see lro get --help',
    ],
    [
      ['get', 'x', '--proxy', 'http://me:S3CRET@p', '--no-proxy'],
      'lro get: --proxy cannot be used with --no-proxy; see lro get --help',
    ],
    [['get', 'x', '--client-cert', 'c'], 'lro get: --client-cert requires --client-key; see lro get --help'],
    [
      ['get', 'x', '--client-cert', '/no/file', '--client-key', '/no/file'],
      'lro get: --client-cert cannot be read: "/no/file" (ENOENT); see lro get --help',
    ],
    [
      ['get', 'x', '--client-cert', THIS_FILE, '--client-key', THIS_FILE],
      'lro get: --client-cert and --client-key must be a cert and a key, both PEM; see lro get --help',
    ],
    [
      ['get', 'x', '--universe-domain', 'x'],
      'lro get: --universe-domain must be a domain such as "googleapis.com", got "x"; see lro get --help',
    ],
    [['demo', 'x'], 'lro demo: unexpected argument "x"; see lro demo --help'],
  ]
  for (const [argv, message] of rejected)
    it(`should reject ${JSON.stringify(argv)} with a message of one line`, async () => {
      const { code, stdout, stderr } = await runLro(...argv)
      expect([code, stdout]).to.deep.equal([2, ''])
      expect(stderr.endsWith('\n') && stderr.slice(0, -1)).to.match(
        typeof message === 'string'
          ? new RegExp(`^${message.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}$`)
          : message,
      )
    })

  it('should exit with 2 and print the command-line name of an option that the library rejects', async () => {
    const { code, stderr } = await runLro('watch', 'operations/x', '--timeout', '0', '--anonymous')
    expect(code).to.equal(2)
    expect(stderr).to.match(/^lro watch: --timeout must be .*, got 0; see lro watch --help\n$/)
  })

  it('should exit with 70 and print one line if there is an internal error', async () => {
    const io = new FakeIo()
    io.stdout.write = () => {
      throw new TypeError('bro\nken')
    }
    expect(await run(['--version'], io)).to.equal(70)
    expect(io.stderr.written).to.equal('lro: internal error: TypeError: bro\\nken\n')
  })
})
