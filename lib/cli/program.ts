import { createRequire } from 'node:module'
import { formatValue } from '../messages/format-value.js'
import { suggestion } from '../messages/similar-text.js'
import { DEFECT, USAGE } from './exit-code.js'
import { escapeHidden } from './output/terminal-text.js'
import { flush, type Output, type ProcessIo } from './process-io.js'
import { isUsageError, UsageError } from './usage-error.js'
import type { Verb } from './verb.js'

/** The summary of a verb, and a function that imports its module. Only the verb that runs is imported. */
type VerbEntry = readonly [summary: string, load: () => Promise<{ readonly verb: Verb }>]

/** The verbs, in the order of the help. */
export const VERBS: ReadonlyMap<string, VerbEntry> = new Map<string, VerbEntry>([
  ['watch', ['watch operations until all are done', () => import('./verbs/watch-verb.js')]],
  ['track', ['hand operations over to polling workers', () => import('./verbs/track-verb.js')]],
  ['worker', ['run a polling worker', () => import('./verbs/worker-verb.js')]],
  ['get', ['get one snapshot of an operation', () => import('./verbs/get-verb.js')]],
  ['list', ['list the operations of a parent', () => import('./verbs/list-verb.js')]],
  ['wait', ['send one request that waits for an operation', () => import('./verbs/wait-verb.js')]],
  ['cancel', ['request the cancellation of operations', () => import('./verbs/cancel-verb.js')]],
  ['delete', ['delete operation records', () => import('./verbs/delete-verb.js')]],
  ['emulator', ['run an emulator on 127.0.0.1 until ^C', () => import('./verbs/emulator-verb.js')]],
  ['demo', ['watch three operations of a built-in emulator', () => import('./verbs/demo-verb.js')]],
  ['explain', ['show the polls of a schedule', () => import('./verbs/explain-verb.js')]],
  [
    'completion',
    ['print a completion script for bash, zsh or fish', () => import('./verbs/completion-verb.js')],
  ],
])

const HELP = `\
lro: watch Google Cloud long-running operations until they are done

${[...VERBS].map(([name, [summary]]) => `  lro ${name.padEnd(20)}${summary}`).join('\n')}

  lro help VERB           the options of a verb and an example, as lro VERB --help
  lro --version           the version, as lro -V

Example:
  lro watch operations/cp.6403723248945195918
  lro watch https://run.googleapis.com/v2/projects/p/locations/europe-west1/operations/x
`

/** Runs the program and resolves with the exit code, after all output has been written. */
export async function run(argv: readonly string[], io: ProcessIo): Promise<number> {
  const writeErrors = collectWriteErrors(io)
  const code = await runCommandLine(argv, io)
  await flush(io.stdout)
  const isOutputLost = writeErrors.size > 0
  if (isOutputLost) io.stderr.write(`lro: output was lost: ${[...writeErrors].join(', ')}\n`)
  await flush(io.stderr)
  return isOutputLost ? DEFECT : code
}

async function runCommandLine(argv: readonly string[], io: ProcessIo): Promise<number> {
  const { stdout, stderr } = io
  const [name = '', ...rest] = argv
  try {
    if (name === '--help' || name === '-h') return print(stdout, HELP)
    if (name === 'help') return print(stdout, await helpOf(rest))
    if (name === '--version' || name === '-V') return print(stdout, `${version()}\n`)
    if (name === '') return print(stderr, HELP, USAGE)
    const verb = await loadVerb(name)
    return requestsHelp(rest) ? print(stdout, verb.help) : await verb.run(rest, io)
  } catch (thrown) {
    const message = usageMessage(thrown)
    if (message === undefined) return print(stderr, `lro: internal error: ${defectMessage(thrown)}\n`, DEFECT)
    const command = VERBS.has(name) ? `lro ${name}` : 'lro'
    const see = message.endsWith('?') ? ' See' : '; see'
    return print(stderr, `${command}: ${escapeHidden(message)}${see} ${command} --help\n`, USAGE)
  }
}

/**
 * Returns a set, and adds the code of each later error on standard output to this set. Ignores a closed pipe or
 * socket, and a disconnected terminal.
 */
function collectWriteErrors({ stdout, stderr }: ProcessIo): ReadonlySet<string> {
  const codes = new Set<string>()
  // An error without a listener would end the process with a stack trace.
  stderr.on('error', () => undefined)
  stdout.on('error', ({ code = 'unknown' }) => {
    if (!/^(?:EPIPE|ECONNRESET|EIO)$/.test(code)) codes.add(code)
  })
  return codes
}

function print(output: Output, text: string, code = 0): number {
  output.write(text)
  return code
}

async function loadVerb(name: string): Promise<Verb> {
  const [, load] = VERBS.get(name) ?? []
  if (load !== undefined) return (await load()).verb
  if (name.startsWith('-'))
    throw new UsageError(`unknown option ${formatValue(name)}; the options of a verb follow the verb`)
  const isName = name.includes('operations/')
  const hint = isName ? '; to watch it, use lro watch NAME' : suggestion(name, [...VERBS.keys()], 'lro ')
  throw new UsageError(`unknown verb ${formatValue(name)}${hint}`)
}

/** Returns the output of `lro help` with the given arguments. */
async function helpOf([name, ...others]: readonly string[]): Promise<string> {
  if (others.length > 0) throw new UsageError('help accepts one verb')
  return name === undefined || name.startsWith('-') || name === 'help' ? HELP : (await loadVerb(name)).help
}

function requestsHelp(argv: readonly string[]): boolean {
  const optionsEnd = argv.indexOf('--')
  const options = optionsEnd === -1 ? argv : argv.slice(0, optionsEnd)
  return options.some((option) => option === '--help' || option === '-h')
}

/** Returns the message of a usage error, with the command line names of options; undefined for any other error. */
function usageMessage(thrown: unknown): string | undefined {
  if (isUsageError(thrown)) return thrown.message
  if (!(thrown instanceof RangeError && thrown.name === 'InvalidOption')) return undefined
  return (
    thrown.message
      .replace(
        /^[a-z][A-Za-z.]*(?= must be )/,
        (option) => OPTION_NAMES[option] ?? `--${toKebabCase(option)}`,
      )
      .replace('unless auth is false', 'unless --anonymous is given')
      .replace('must be false or', 'must be')
      // On a command line, Redis can be given only as a URL, not as a client or as options.
      .replace(', an ioredis client or its options', '')
      // A message shows only the type of a secret value. The type has no meaning on a command line.
      .replace(/, got (?:undefined|an object|a string)$/, '')
  )
}

function toKebabCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** The command line names of the library options for which `toKebabCase` returns another name. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  apiKey: 'the key in --api-key-file',
  clientCertificate: '--client-cert and --client-key',
  connection: '--redis',
  headers: '--header',
  'rateLimit.per': '--per',
  'rateLimit.requests': '--max',
  services: '--service',
  version: '--api-version',
}

function defectMessage(thrown: unknown): string {
  return escapeHidden(thrown instanceof Error ? `${thrown.name}: ${thrown.message}` : String(thrown))
}

// A relative path to the manifest would differ between the sources and the build.
function version(): string {
  return createRequire(import.meta.url)('rx-longrunning/package.json').version
}
