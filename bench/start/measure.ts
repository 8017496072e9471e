import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LRO, OURS } from '../ours.ts'
import { type Quartiles, quartiles } from '../quantile.ts'

/** Cold starts, each a process of its own, by turns; milliseconds. */
export interface Starts {
  readonly runs: number
  readonly importOurs: Quartiles
  readonly importGax: Quartiles
  /** Of each turn: ours as many times as google-gax. */
  readonly importTimes: Quartiles
  /** From the start of the process to its end. */
  readonly lroGet: Quartiles
  readonly tenLines: Quartiles
  readonly getTimes: Quartiles
  /** Packages that importing the core loads, in any file of theirs. */
  readonly loaded: readonly string[]
}

function file(name: string): string {
  return fileURLToPath(new URL(name, import.meta.url))
}
const GAX = new URL('../../node_modules/google-gax/build/src/index.js', import.meta.url).href

/** Measures with a server that answers at once. */
export function measureStarts(endpoint: string, runs: number): Starts {
  const importing = (url: string): number => {
    const said: { readonly took: number } = JSON.parse(run([file('./import.js'), url]).said)
    return said.took
  }
  const lro = fileURLToPath(LRO)
  const contenders = {
    importOurs: () => importing(OURS),
    importGax: () => importing(GAX),
    lroGet: () => run([lro, 'get', 'operations/cp.1', '--endpoint', endpoint, '--anonymous']).took,
    tenLines: () => run([file('./ten-lines.js'), `${endpoint}/v3/operations/cp.1`]).took,
  }
  type Name = keyof typeof contenders
  const names = Object.keys(contenders) as readonly Name[]
  const took: Record<Name, number[]> = { importOurs: [], importGax: [], lroGet: [], tenLines: [] }
  for (let n = -WARM_UP; n < runs; n += 1)
    for (const place of names.keys()) {
      const name = names[(place + n + WARM_UP) % names.length]
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
    loaded: loadedBy(OURS),
  }
}

/** Turns that fill the disk's cache. */
const WARM_UP = 2

function run(args: readonly string[]): {
  readonly took: number
  readonly said: string
  readonly noted: string
} {
  const began = performance.now()
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  const took = performance.now() - began
  if (status !== 0 || stdout === '') throw new Error(`${args.join(' ')} ended with ${status}: ${stderr}`)
  return { took, said: stdout, noted: stderr }
}

/** By the hooks of Node for what is imported, and by the cache of what is required. */
function loadedBy(url: string): readonly string[] {
  const { said, noted } = run([
    '--import',
    new URL('./loads.js', import.meta.url).href,
    file('./import.js'),
    url,
  ])
  const { required }: { readonly required: readonly string[] } = JSON.parse(said)
  const packages = [...noted.split('\n'), ...required].flatMap((path) => {
    const [, name] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path) ?? []
    return name === undefined ? [] : [name]
  })
  const loaded = [...new Set(packages)].sort()
  if (!loaded.includes('rxjs')) throw new Error('the hooks saw nothing')
  return loaded
}
