import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** On what the schedules were played; no figure depends on it but by the arithmetic of Node. */
export interface Surroundings {
  readonly machine: string
  readonly node: string
  readonly version: string
}

/** Reads it from this machine and this checkout. */
export function surroundings(): Surroundings {
  const read: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
  const version = typeof read === 'object' && read !== null && 'version' in read ? read.version : 'unknown'
  return {
    machine: `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores`,
    node: process.version,
    version: String(version),
  }
}
