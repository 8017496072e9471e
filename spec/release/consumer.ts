import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The root folder of the project. */
export const ROOT: string = fileURLToPath(new URL('../../', import.meta.url))

const { resolve } = createRequire(import.meta.url)

interface Manifest {
  readonly exports: Readonly<Record<string, unknown>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

/** The package.json of the project. */
export const manifest: Manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))

/** The module names of the entry points. */
export const entryPoints: readonly string[] = Object.keys(manifest.exports)
  .filter((subpath) => !subpath.endsWith('.json'))
  .map((subpath) => `rx-longrunning${subpath.slice(1)}`)

/** The peer dependencies, including the optional ones. */
const peerNames: readonly string[] = Object.keys(manifest.peerDependencies)

/** Returns the range of a peer dependency unchanged, because npm installs the newest version in a range. */
export function newestVersion(range: string): string {
  return range
}

/** Returns the version of a peer dependency in an application on NestJS 11. */
export function nest11Version(range: string, name: string): string {
  return name === '@nestjs/common' ? '^11.1.0' : range
}

/** Returns the oldest version in the range of a peer dependency. */
export function oldestVersion(range: string): string {
  return /\d+(?:\.\d+)*/.exec(range)?.[0] ?? range
}

/** Returns the path of the executable of a version of Node. */
export function nodePath(version: string): string {
  return join(dirname(resolve(`node-${version}/package.json`)), 'bin', 'node')
}

/** The output and the exit code of a program. */
export interface ProgramResult {
  readonly code: unknown
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program for at most two minutes. The promise also resolves if the program fails. */
export function run(
  file: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<ProgramResult> {
  const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26, timeout: 120_000 }
  return promisify(execFile)(file, args, options).then(
    (output) => ({ code: 0, ...output }),
    (error: ProgramResult) => error,
  )
}

/** Returns the path of the compiler of a version of TypeScript. */
export function tscPath(version: string): string {
  return join(dirname(resolve(`typescript-${version}/package.json`)), 'bin', 'tsc')
}

/** Packs the project as `npm publish` does, and resolves with the path of the tarball. */
export async function pack(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'))
  const { code, stderr } = await run('npm', ['pack', '--pack-destination', folder], ROOT)
  if (code !== 0) throw new Error(`npm pack failed:\n${stderr}`)
  return join(folder, readdirSync(folder)[0] ?? '')
}

/**
 * Copies `consumer/` to a new folder, and installs the tarball, one version of each peer dependency, and more packages
 * there.
 */
export async function install(
  tarball: string,
  versionOf: (range: string, name: string) => string,
  packages: readonly string[] = [],
): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'consumer-'))
  cpSync(new URL('consumer/', import.meta.url), folder, { recursive: true })
  cpSync(join(ROOT, 'spec/operator-types.ts'), join(folder, 'operator-types.ts'))
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }\n')
  writeFileSync(join(folder, 'entry-points.ts'), reexports(entryPoints))
  writeFileSync(join(folder, 'peers.ts'), reexports(peerNames))
  const versions = Object.entries(manifest.peerDependencies).map(
    ([name, range]) => `${name}@${versionOf(range, name)}`,
  )
  const args = [
    'install',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    tarball,
    ...versions,
    '@types/node@20',
    ...packages,
  ]
  const { code, stderr } = await run('npm', args, folder)
  if (code !== 0) throw new Error(`npm install failed:\n${stderr}`)
  return folder
}

/** Deletes a folder and its contents. */
export function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}

function reexports(packages: readonly string[]): string {
  return packages.map((name, index) => `export * as module${index} from '${name}'\n`).join('')
}
