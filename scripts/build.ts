// Builds `dist`. Programs are bundled into few files, because each file adds about a millisecond to an import. There is
// one declaration file for each source file.
import { spawnSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'esbuild'

const root = new URL('../', import.meta.url)
process.chdir(fileURLToPath(root))
const { exports, bin, engines } = JSON.parse(readFileSync('package.json', 'utf8'))

/** The published files of the entry points. */
const published: readonly string[] = [
  ...Object.values<string | { readonly default: string }>(exports).flatMap((entry) =>
    typeof entry === 'string' ? [] : [entry.default],
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
