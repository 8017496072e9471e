import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { PACKAGES } from './libraries.ts'

/** On what the bench ran, as far as it matters to what came out. */
export interface Surroundings {
  readonly machine: string
  readonly node: string
  readonly packages: Readonly<Record<string, string>>
}

/** Reads it from this machine and from what is installed. */
export function surroundings(): Surroundings {
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
    node: process.version,
    packages: Object.fromEntries(
      Object.values(PACKAGES)
        .flat()
        .map((name) => [name, versionOf(name)]),
    ),
  }
}

function versionOf(name: string): string {
  const file = name === 'rx-longrunning' ? '../../package.json' : `../node_modules/${name}/package.json`
  const read: unknown = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  return typeof read === 'object' && read !== null && 'version' in read ? String(read.version) : 'unknown'
}
