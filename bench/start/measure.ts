import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LIBRARY, LRO } from '../ours.ts'
import { type Quartiles, quartiles } from '../quantile.ts'

/** The times of cold starts in milliseconds. Each start is its own process. */
export interface Starts {
  readonly runs: number
  readonly importOurs: Quartiles
  readonly importGax: Quartiles
  /** The ratio to google-gax within a round. */
  readonly importTimes: Quartiles
  /** From the start of the process to its exit. */
  readonly lroGet: Quartiles
  readonly tenLines: Quartiles
  readonly getTimes: Quartiles
  /** The packages with at least one file that an import of the core loads. */
  readonly loaded: readonly string[]
}

/** The number of additional rounds at the start that fill the disk cache. */
const WARM_UP = 2

const GAX = new URL('../../node_modules/google-gax/build/src/index.js', import.meta.url).href

/** Measures cold starts against a server that responds without delay. */
export function measureStarts(endpoint: string, runs: number): Starts {
  const timeImport = (url: string): number => {
    const result: { readonly took: number } = JSON.parse(run([pathOf('./import.js'), url]).stdout)
    return result.took
  }
  const lro = fileURLToPath(LRO)
  const contenders = {
    importOurs: () => timeImport(LIBRARY),
    importGax: () => timeImport(GAX),
    lroGet: () => run([lro, 'get', 'operations/cp.1', '--endpoint', endpoint, '--anonymous']).took,
    tenLines: () => run([pathOf('./ten-lines.js'), `${endpoint}/v3/operations/cp.1`]).took,
  }
  type Name = keyof typeof contenders
  const names = Object.keys(contenders) as readonly Name[]
  const took: Record<Name, number[]> = { importOurs: [], importGax: [], lroGet: [], tenLines: [] }
  for (let n = -WARM_UP; n < runs; n += 1)
    for (const index of names.keys()) {
      const name = names[(index + n + WARM_UP) % names.length]
      if (name === undefined) continue
      const milliseconds = contenders[name]()
      if (n >= 0) took[name].push(milliseconds)
    }
  const times = (one: Name, other: Name): Quartiles =>
    quartiles(took[one].map((milliseconds, n) => milliseconds / (took[other][n] ?? Number.NaN)))
  return {
    runs,
    importOurs: quartiles(took.importOurs),
    importGax: quartiles(took.importGax),
    importTimes: times('importOurs', 'importGax'),
    lroGet: quartiles(took.lroGet),
    tenLines: quartiles(took.tenLines),
    getTimes: times('lroGet', 'tenLines'),
    loaded: packagesLoadedBy(LIBRARY),
  }
}

function pathOf(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}

function run(args: readonly string[]): {
  readonly took: number
  readonly stdout: string
  readonly stderr: string
} {
  const startedAt = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const took = performance.now() - startedAt
  if (status !== 0 || stdout === '') throw new Error(`${args.join(' ')} exited with ${status}: ${stderr}`)
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
