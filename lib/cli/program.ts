import { createRequire } from 'node:module'
import { setImmediate } from 'node:timers/promises'
import { isUsageError, UsageError } from './arguments.js'
import { BUG, USAGE } from './exit-code.js'
import { visible } from './output/terminal-text.js'
import type { ProcessIo } from './process-io.js'

interface VerbEntry {
  readonly summary: string
  /** Loaded only when it is asked for, with the library behind it. */
  readonly load: () => Promise<Verb>
}

const VERBS: ReadonlyMap<string, VerbEntry> = new Map<string, VerbEntry>([
  ['watch', { summary: 'watch operations until all are done', load: () => import('./verbs/watch-verb.js') }],
  [
    'track',
    { summary: 'hand operations over to a fleet of workers', load: () => import('./verbs/track-verb.js') },
  ],
  ['worker', { summary: 'be one of a fleet that polls them', load: () => import('./verbs/worker-verb.js') }],
  ['get', { summary: 'ask for one snapshot of an operation', load: () => import('./verbs/get-verb.js') }],
  ['list', { summary: 'list the operations of a parent', load: () => import('./verbs/list-verb.js') }],
  [
    'wait',
    { summary: 'ask once, and let the server hold its answer', load: () => import('./verbs/wait-verb.js') },
  ],
  ['cancel', { summary: 'ask the server to end operations', load: () => import('./verbs/cancel-verb.js') }],
  ['delete', { summary: 'let the server forget operations', load: () => import('./verbs/delete-verb.js') }],
  [
    'emulator',
    {
      summary: 'serve an emulator on this machine, until ^C',
      load: () => import('./verbs/emulator-verb.js'),
    },
  ],
  [
    'demo',
    {
      summary: 'watch three operations of an emulator of its own',
      load: () => import('./verbs/demo-verb.js'),
    },
  ],
  [
    'explain',
    { summary: 'show the polls that a schedule would make', load: () => import('./verbs/explain-verb.js') },
  ],
])

const HELP = `\
lro: watch Google Cloud long-running operations to their end

${[...VERBS].map(([name, { summary }]) => `  lro ${name.padEnd(20)}${summary}`).join('\n')}

  lro VERB --help         its options and an example
  lro --version           the version

Example:
  lro watch operations/cp.6403723248945195918
  lro watch https://run.googleapis.com/v2/projects/p/locations/europe-west1/operations/x
`

/** The whole program: what to do, and the world to do it in; answers with the exit code. */
export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { stdout, stderr } = around
  const lost = writeErrors(around)
  const [first = '', ...rest] = argv
  try {
    if (first === '--help' || first === '-h') return print(stdout, HELP)
    if (first === '--version') return print(stdout, `${version()}\n`)
    if (first === '') return print(stderr, HELP, USAGE)
    const verb = await verbOf(first).load()
    if (asksForHelp(rest)) return print(stdout, verb.help)
    const code = await verb.run(rest, around)
    // The error of a write comes after the write.
    await setImmediate()
    return lost.size === 0 ? code : print(stderr, `lro: output was lost: ${[...lost].join(', ')}\n`, BUG)
  } catch (thrown) {
    const refusal = refusalOf(thrown)
    if (refusal === undefined) return print(stderr, `lro: a bug: ${oneLine(thrown)}\n`, BUG)
    const command = VERBS.has(first) ? `lro ${first}` : 'lro'
    return print(stderr, `${command}: ${visible(refusal)}; see ${command} --help\n`, USAGE)
  }
}

/** The codes of what standard output refused; a closed pipe, or a terminal that hung up, is none. */
function writeErrors({ stdout, stderr }: ProcessIo): ReadonlySet<string> {
  const codes = new Set<string>()
  // An error that nobody listens to would end the process loudly.
  stderr.on('error', () => undefined)
  stdout.on('error', ({ code = 'unknown' }) => {
    if (code !== 'EPIPE' && code !== 'EIO') codes.add(code)
  })
  return codes
}

function print(output: ProcessIo['stdout'], text: string, code = 0): number {
  output.write(text)
  return code
}

function verbOf(name: string): VerbEntry {
  const verb = VERBS.get(name)
  if (verb !== undefined) return verb
  const kind = name.startsWith('-') ? 'option' : 'verb'
  throw new UsageError(`there is no ${kind} ${JSON.stringify(name)}`)
}

function asksForHelp(argv: readonly string[]): boolean {
  const end = argv.indexOf('--')
  return argv.slice(0, end === -1 ? argv.length : end).some((word) => word === '--help' || word === '-h')
}

/** What a person did wrong; the options of the library are told as those of the command line. */
function refusalOf(thrown: unknown): string | undefined {
  if (isUsageError(thrown)) return thrown.message
  if (!(thrown instanceof RangeError && thrown.name === 'InvalidOption')) return undefined
  return thrown.message
    .replace(/^[a-z][A-Za-z]*(?= must be )/, (option) => ASKED_BY[option] ?? option)
    .replace(
      /^[a-z][A-Za-z]*(?= must be )/,
      (option) => `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
    )
    .replace('unless auth is false', 'unless --anonymous is given')
}

/** Options of the library that the command line asks for by another name than theirs. */
const ASKED_BY: Readonly<Record<string, string>> = {
  clientCertificate: '--client-cert and --client-key',
  connection: '--redis',
  headers: '--header',
  version: '--api-version',
}

function oneLine(thrown: unknown): string {
  return visible(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))
}

// By its own name, so that it is found from the sources and from what was built of them.
function version(): string {
  const manifest: unknown = createRequire(import.meta.url)('rx-longrunning/package.json')
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : ''
}

/** What follows `lro`: each is a file of its own, loaded when it is asked for. */
export interface Verb {
  /** What `lro VERB --help` prints. */
  readonly help: string
  /** Does it, and answers with the exit code; throws `UsageError` or `InvalidOption` where it was asked wrongly. */
  readonly run: (argv: readonly string[], around: ProcessIo) => Promise<number>
}
