import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** On what the bench ran, as far as it matters to what came out. */
export interface Machine {
  readonly machine: string
  readonly node: string
  /** The mean number of processes that ran or waited to run, in the minute before. */
  readonly load: number
  readonly packages: Readonly<Record<string, string>>
}

const OURS = ['axios', 'rxjs', 'fp-ts', 'bullmq', 'ioredis']
const PEERS = [
  '@googleapis/cloudresourcemanager',
  '@google-cloud/resource-manager',
  'google-gax',
  'google-auth-library',
]

/** Reads it from this machine and from what is installed. */
export function machine(): Machine {
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    load: loadavg()[0] ?? 0,
    packages: Object.fromEntries([
      ['rx-longrunning', versionIn('../../package.json')],
      ...OURS.map((name) => [name, versionIn(`../../node_modules/${name}/package.json`)]),
      ...PEERS.map((name) => [name, versionIn(`../node_modules/${name}/package.json`)]),
    ]),
  }
}

function versionIn(file: string): string {
  const read: unknown = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : 'unknown'
}

/** As the head of a report. */
export function machineText({ machine, node, load, packages }: Machine): string {
  return [
    `- Machine: ${machine}; load before the run ${load.toFixed(2)}; Node ${node}`,
    '- rx-longrunning runs compiled, as `npm run build` leaves it in `dist/`; all others as they are published',
    ...Object.entries(packages).map(([name, version]) => `- ${name} ${version}`),
  ].join('\n')
}
