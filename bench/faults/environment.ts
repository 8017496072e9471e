import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { PACKAGES } from './libraries.ts'

/** The machine and the packages of a run. */
export interface Environment {
  readonly machine: string
  readonly node: string
  readonly packages: Readonly<Record<string, string>>
}

/** Returns this machine and the installed packages. */
export function environment(): Environment {
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
  const manifest: unknown = JSON.parse(readFileSync(new URL(file, import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest
    ? String(manifest.version)
    : 'unknown'
}
