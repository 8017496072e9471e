import { readFileSync } from 'node:fs'
import { cpus, loadavg, totalmem } from 'node:os'

/** The machine and the packages of a run. */
export interface Machine {
  readonly machine: string
  readonly node: string
  /** The load average of the minute before the run. */
  readonly load: number
  readonly packages: Readonly<Record<string, string>>
}

const DEPENDENCIES = ['axios', 'rxjs', 'fp-ts', 'bullmq', 'ioredis']
const PEERS = [
  '@googleapis/cloudresourcemanager',
  '@google-cloud/resource-manager',
  'google-gax',
  'google-auth-library',
]

/** Returns this machine and the installed packages. */
export function machine(): Machine {
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    node: process.version,
    load: loadavg()[0] ?? 0,
    packages: Object.fromEntries([
      ['rx-longrunning', versionIn('../../package.json')],
      ...DEPENDENCIES.map((name) => [name, versionIn(`../../node_modules/${name}/package.json`)]),
      ...PEERS.map((name) => [name, versionIn(`../node_modules/${name}/package.json`)]),
    ]),
  }
}

function versionIn(file: string): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}

/** Returns the machine and the packages as a Markdown list. */
export function machineText({ machine, node, load, packages }: Machine): string {
  return [
    `- Machine: ${machine}; load before the run ${load.toFixed(2)}; Node ${node}`,
    '- rx-longrunning runs from `dist/` after `npm run build`; all other packages run as published',
    ...Object.entries(packages).map(([name, version]) => `- ${name} ${version}`),
  ].join('\n')
}
