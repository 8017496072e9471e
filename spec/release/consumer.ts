import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** What a program imports to come through each door. */
export const doors: readonly string[] = Object.keys(manifest.exports)
  .filter((door) => !door.endsWith('.json'))
  .map((door) => `rx-longrunning${door.slice(1)}`)

/** The packages that the package leaves to its user, optional ones too. */
const peers: readonly string[] = Object.keys(manifest.peerDependencies)

/** The newest version of a peer that its range allows. */
export function newest(range: string): string {
  return range
}

/** The oldest one. */
export function oldest(range: string): string {
  return /\d+(?:\.\d+)*/.exec(range)?.[0] ?? range
}

/** What a program printed, and how it ended. */
export interface Ended {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end, whatever that is. */
export function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  return promisify(execFile)(file, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 }).then(
    (output) => ({ code: 0, ...output }),
    (error: Ended) => error,
  )
}

/** Packs the project as it would be published, and returns the tarball. */
export async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  const { code, stderr } = await run('npm', ['pack', '--pack-destination', folder], ROOT)
  if (code !== 0) throw new Error(`npm pack failed:\n${stderr}`)
  return join(folder, readdirSync(folder)[0] ?? '')
}

/** Installs a tarball, and each peer in a version of its range, into an empty folder beside the programs of `consumer/`. */
export async function install(tarball: string, version: (range: string) => string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'))
  cpSync(new URL('consumer/', import.meta.url), folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(folder, 'doors.ts'), reexports(doors))
  writeFileSync(join(folder, 'peers.ts'), reexports(peers))
  const wanted = Object.entries(manifest.peerDependencies).map(([name, range]) => `${name}@${version(range)}`)
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    tarball,
    ...wanted,
    '@types/node@20',
  ]
  const { code, stderr } = await run('npm', args, folder)
  if (code !== 0) throw new Error(`npm install failed:\n${stderr}`)
  return folder
}

/** Takes away what a check has made. */
export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function reexports(packages: readonly string[]): string {
  return packages.map((name, at) => `export * as door${at} from '${name}'\n`).join('')
}
