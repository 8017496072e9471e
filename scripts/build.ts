// Builds `dist`. Programs are bundled into few files, because each file adds about a millisecond to an import. There is
// one declaration file for each source file.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
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
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' }))
  if (file.endsWith('.d.ts')) includeExamples(`dist/${file}`)

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

/** Replaces each tag `{@includeCode FILE}` of a declaration by the code, because editors do not read the file. */
function includeExamples(file: string): void {
  const source = `${dirname(file.replace('dist/', 'lib/'))}/`
  const declarations = readFileSync(file, 'utf8')
  const withCode = declarations.replace(
    /^( *\* )\{@includeCode (\S+)\}$/gm,
    (_, margin: string, path: string) => {
      const code = readFileSync(source + path, 'utf8')
        .trimEnd()
        .replaceAll('*/', '*\\/')
      return ['```ts', ...code.split('\n'), '```'].map((line) => (margin + line).trimEnd()).join('\n')
    },
  )
  if (withCode !== declarations) writeFileSync(file, withCode)
}
