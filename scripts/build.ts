// Makes `dist`: the declarations file by file, as they are written, and the programs in as few files as can be, for each
// file costs whoever imports the package a millisecond.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../', import.meta.url)
process.chdir(fileURLToPath(root))
const { exports, bin, engines } = JSON.parse(readFileSync('package.json', 'utf8'))

/** The doors, by where they are published. */
const published: readonly string[] = [
  ...Object.values<string | { readonly default: string }>(exports).flatMap((door) =>
    typeof door === 'string' ? [] : [door.default],
  ),
  ...Object.values<string>(bin),
]

rmSync('dist', { recursive: true, force: true })
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: true })
if (status !== 0) process.exit(status ?? 1)

await build({
  entryPoints: published.map((file) => file.replace('./dist/', 'lib/').replace(/\.js$/, '.ts')),
  outbase: 'lib',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  packages: 'external',
  format: 'esm',
  platform: 'node',
  target: `node${/\d+\.\d+/.exec(engines.node)?.[0]}`,
  sourcemap: true,
  chunkNames: 'shared/[hash]',
  logLevel: 'warning',
})
