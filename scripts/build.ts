// Builds `dist`. Programs are bundled into few files, because each file adds about a millisecond to an import. There is
// one declaration file for each source file. Only the command line contains packages.
import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type BuildOptions, build } from 'esbuild'

const root = new URL('../', import.meta.url)
process.chdir(fileURLToPath(root))
const { exports, bin, engines } = JSON.parse(readFileSync('package.json', 'utf8'))

/** The files of the entry points. */
const entryPoints = Object.values<string | { readonly default: string }>(exports).flatMap((entry) =>
  typeof entry === 'string' ? [] : [sourceOf(entry.default)],
)

rmSync('dist', { recursive: true, force: true })
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit', shell: true })
if (status !== 0) process.exit(status ?? 1)
for (const file of readdirSync('dist', { recursive: true, encoding: 'utf8' }))
  if (file.endsWith('.d.ts')) includeExamples(`dist/${file}`)

const options = {
  outbase: 'lib',
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: `node${/\d+\.\d+/.exec(engines.node)?.[0]}`,
  logLevel: 'warning',
} satisfies BuildOptions

await build({
  ...options,
  entryPoints,
  packages: 'external',
  sourcemap: true,
  chunkNames: 'shared/[hash]',
})

// `lro --help` imports only this file, which contains no package.
await build({
  ...options,
  splitting: false,
  entryPoints: Object.values<string>(bin).map(sourceOf),
  external: ['./verbs/*'],
  minify: true,
  keepNames: true,
})

// The verbs contain rxjs and axios, because the import of their many files took half of the time of a verb.
const { metafile } = await build({
  ...options,
  entryPoints: ['lib/cli/verbs/*-verb.ts'],
  external: ['bullmq', 'google-auth-library', 'ioredis'],
  // esbuild would select the CommonJS build of rxjs, from which it cannot remove unused code.
  alias: { rxjs: fileURLToPath(new URL('node_modules/rxjs/dist/esm/index.js', root)) },
  // The CommonJS dependencies of axios require modules of Node.js.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url)",
  },
  minify: true,
  keepNames: true,
  legalComments: 'none',
  chunkNames: 'cli/shared/[hash]',
  metafile: true,
})
cpSync('lib/cli/completions', 'dist/cli/completions', { recursive: true })
writeFileSync('dist/cli/LICENSES.txt', licensesOf(Object.keys(metafile.inputs)))

/** Returns the source file of a published file. */
function sourceOf(file: string): string {
  return file.replace('./dist/', 'lib/').replace(/\.js$/, '.ts')
}

/** Returns the licenses of the packages that contain the files. Throws if the license of a package is unknown. */
function licensesOf(files: readonly string[]): string {
  const folders = files.flatMap((file) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0] ?? [])
  const sections = [...new Set(folders)].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'))
    return `${name} ${version}\n\n${licenseText(folder)}\n`
  })
  return `The command line lro contains these packages.\n\n${sections.join('\n----\n\n')}`
}

function licenseText(folder: string): string {
  const entries = readdirSync(folder)
  const file = entries.find((entry) => /^licen[cs]e(?:\.\w+)?$/i.test(entry))
  if (file !== undefined) return readFileSync(`${folder}/${file}`, 'utf8').trim()
  // Some packages have their license only in the README.
  const readme = entries.find((entry) => /^readme\.md$/i.test(entry))
  const text = readme && /\nlicense\n-+\n(.*?)\s*$/is.exec(readFileSync(`${folder}/${readme}`, 'utf8'))?.[1]
  if (!text) throw new Error(`${folder} contains no license`)
  return text
}

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
