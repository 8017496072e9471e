import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { BULLMQ, LIBRARY, LRO } from '../ours.ts'
import { measureRounds, type Rounds, recordOf } from '../rounds.ts'
import { TRUST } from '../server-process.ts'

/** The programs that print the time of an import, or of an import and a poll. */
export const TIMED = [
  'importOurs',
  'importBullmq',
  'importGax',
  'pollOurs',
  'pollGoogleapis',
  'pollGax',
] as const

type Timed = (typeof TIMED)[number]
export type Program = 'node' | 'lroHelp' | 'lroVerbHelp' | 'lroGet' | 'tenLines' | Timed

/** The programs, in the order of the table. The first one runs no code. */
export const PROGRAMS: readonly Program[] = ['node', 'lroHelp', 'lroVerbHelp', 'lroGet', 'tenLines', ...TIMED]

/** The times of cold starts in milliseconds. Each start is its own process. */
export interface Starts {
  /** From the start of the process to its exit. */
  readonly processes: Rounds<Program>
  /** The times that the programs print. */
  readonly printed: Pick<Rounds<Timed>, 'names' | 'values'>
  /** The packages with at least one file that an import of the core loads. */
  readonly loaded: readonly string[]
}

const GAX = new URL('../../node_modules/google-gax/build/src/index.js', import.meta.url).href

/** Measures cold starts against servers that respond without delay. The http server is also the metadata server. */
export async function measureStarts(
  { http, https }: Readonly<Record<'http' | 'https', string>>,
  rounds: number,
  onRound: (done: number, total: number) => void,
): Promise<Starts> {
  const lro = fileURLToPath(LRO)
  const args: Readonly<Record<Program, readonly string[]>> = {
    node: ['-e', '0'],
    lroHelp: [lro, '--help'],
    lroVerbHelp: [lro, 'watch', '--help'],
    lroGet: [lro, 'get', 'operations/cp.1', '--endpoint', http, '--anonymous'],
    tenLines: [pathOf('./ten-lines.js'), `${http}/v3/operations/cp.1`],
    importOurs: [pathOf('./import.js'), LIBRARY],
    importBullmq: [pathOf('./import.js'), BULLMQ],
    importGax: [pathOf('./import.js'), GAX],
    pollOurs: [pathOf('./first-poll.js'), 'ours', https],
    pollGoogleapis: [pathOf('./first-poll.js'), 'googleapis', https],
    pollGax: [pathOf('./first-poll.js'), 'gax', https],
  }
  // Only the polls need it, and a certificate could delay the start of Node.js.
  const environment = { ...process.env, ...TRUST, GCE_METADATA_HOST: new URL(http).host }
  const printed = new Map(TIMED.map((program): [Program, number[]] => [program, []]))
  const processes = await measureRounds(
    PROGRAMS,
    { rounds, maxWarmUp: 5 },
    (program) => {
      const { took, stdout } = run(args[program], program.startsWith('poll') ? environment : process.env)
      printed.get(program)?.push(JSON.parse(stdout).took)
      return took
    },
    onRound,
  )
  const values = recordOf(TIMED, (program) => printed.get(program)?.slice(processes.warmUp) ?? [])
  return { processes, printed: { names: TIMED, values }, loaded: packagesLoadedBy(LIBRARY) }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

function run(
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): {
  readonly took: number
  readonly stdout: string
  readonly stderr: string
} {
  const startedAt = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  const took = performance.now() - startedAt
  if (status !== 0) throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`)
  return { took, stdout, stderr }
}

/** Returns packages that are imported, from a module hook, and packages that are required, from the require cache. */
function packagesLoadedBy(url: string): readonly string[] {
  const { stdout, stderr } = run([
    '--import',
    new URL('./loads.js', import.meta.url).href,
    pathOf('./import.js'),
    url,
  ])
  const { required }: { readonly required: readonly string[] } = JSON.parse(stdout)
  const packages = [...stderr.split('\n'), ...required].flatMap((path) => {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
    return name === undefined ? [] : [name]
  })
  const loaded = [...new Set(packages)].sort()
  if (!loaded.includes('rxjs')) throw new Error('the module hook reported no import of rxjs')
  return loaded
}
