import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** The machine and the version of a run. The figures do not depend on the machine. */
export interface Environment {
  readonly machine: string
  readonly node: string
  readonly version: string
}

/** Returns this machine and the version of this checkout. */
export function environment(): Environment {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const version =
    typeof manifest === 'object' && manifest !== null && 'version' in manifest ? manifest.version : 'unknown'
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
    node: process.version,
    version: String(version),
  }
}
