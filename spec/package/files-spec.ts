import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { build, type Metafile } from 'esbuild'
import { read, root } from '../documents.js'
import { entryPoints } from './entry-points.js'

interface PackResult {
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

const sourceNames = readdirSync(new URL('lib/', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))

/** Returns the imports of a program. */
async function importsOf(file: string): Promise<Metafile['outputs'][string]['imports']> {
  const { metafile } = await build({
    absWorkingDir: fileURLToPath(root),
    entryPoints: [file],
    bundle: true,
    external: ['*'],
    format: 'esm',
    platform: 'node',
    metafile: true,
    write: false,
  })
  return Object.values(metafile.outputs).flatMap(({ imports }) => imports)
}

/** Returns a declaration file and all declaration files that it imports. */
function declarationsFrom(file: string, files: Set<string> = new Set()): readonly string[] {
  if (files.has(file)) return []
  files.add(file)
  for (const [, path = ''] of withoutComments(read(file)).matchAll(/'(\.[^']+)\.js'/g))
    declarationsFrom(join(dirname(file), `${path}.d.ts`), files)
  return [...files]
}

function withoutComments(text: string): string {
  return text.replace(/\/\*.*?\*\//gs, '')
}

describe('the packed package', () => {
  let packResult: PackResult

  before(async function () {
    this.timeout(60_000)
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
    const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 2 ** 24 })
    packResult = JSON.parse(stdout)[0]
  })

  const packedFiles = (pattern: RegExp): readonly string[] =>
    packResult.files.map(({ path }) => path).filter((path) => pattern.test(path))

  it('should contain exactly the programs, the source maps of the library, and the declarations of all files outside cli, besides documents and examples', () => {
    const sharedPrograms = packedFiles(/^dist\/shared\/[A-Z0-9]+\.js$/)
    const programs = [...entryPoints.map((entryPoint) => entryPoint.default.slice(2)), ...sharedPrograms]
    const verbs = sourceNames.filter((file) => /^cli\/verbs\/.*-verb$/.test(file))
    const expectedFiles = [
      'CHANGELOG.md',
      'CONTRIBUTING.md',
      'LICENSE',
      'README.md',
      'SECURITY.md',
      'package.json',
      ...programs.flatMap((file) => [file, `${file}.map`]),
      'dist/cli/LICENSES.txt',
      'dist/cli/bin.js',
      ...['bash', 'fish', 'zsh'].map((shell) => `dist/cli/completions/lro.${shell}`),
      ...verbs.map((file) => `dist/${file}.js`),
      ...packedFiles(/^dist\/cli\/shared\/[A-Z0-9]+\.js$/),
      ...sourceNames.filter((file) => !file.startsWith('cli/')).map((file) => `dist/${file}.d.ts`),
    ]
    expect(packedFiles(/^(?!docs\/|examples\/)/).toSorted()).to.deep.equal(expectedFiles.toSorted())
  })

  it('should contain every file and folder that one of its documents links to', () => {
    const documents = packedFiles(/\.md$/)
    expect(documents).to.include.members(['README.md', 'docs/GUIDE.md', 'examples/nestjs/README.md'])
    for (const document of documents)
      for (const [, link = ''] of read(document).matchAll(/\]\((?!https?:|#)([^)#]+)[^)]*\)/g)) {
        const path = new URL(link, new URL(document, root)).pathname.slice(root.pathname.length)
        expect(
          packedFiles(/./).some((file) => file === path || file.startsWith(`${path.replace(/\/$/, '')}/`)),
          `${document}: ${link}`,
        ).to.equal(true)
      }
  })

  it('should contain the documents and the examples, but not their specs, lock files or dependencies', () => {
    const files = packedFiles(/^(?:docs|examples)\//)
    expect(files).to.include.members(['docs/GUIDE.md', 'docs/decisions/README.md', 'docs/demo.svg'])
    expect(files).to.include.members([
      'examples/wait-for-one.ts',
      'examples/recipes/chain.ts',
      'examples/nestjs/app.ts',
    ])
    expect(
      files.filter((path) => /-spec\.ts$|\/spec\/|node_modules|package-lock|\/\./.test(path)),
    ).to.deep.equal([])
  })

  it('should contain examples in the declarations instead of tags', () => {
    const declarations = packedFiles(/\.d\.ts$/).map(read)
    expect(declarations.filter((text) => text.includes('includeCode'))).to.deep.equal([])
    const example = read('examples/wait-for-one.ts').split('\n')[1] ?? ''
    expect(read('dist/watch-operation.d.ts')).to.contain(` * ${example}`)
  })

  it('should import only modules of Node.js for `lro --help`', async () => {
    const imports = await importsOf('dist/cli/bin.js')
    const importedAtStart = imports.filter(({ kind }) => kind !== 'dynamic-import').map(({ path }) => path)
    expect(importedAtStart.filter((path) => !isBuiltin(path))).to.deep.equal([])
    expect(imports).to.have.length.above(importedAtStart.length)
  })

  it('should import bullmq and ioredis only when a worker or tracker is created', async function () {
    this.timeout(20_000)
    const program = `
      import { createRequire } from 'node:module'
      const { createTracker } = await import('rx-longrunning/bullmq')
      const loaded = () => Object.keys(createRequire(import.meta.url).cache).some((file) => /ioredis/.test(file))
      console.log(loaded())
      const tracker = createTracker({ connection: 'redis://127.0.0.1:1', redisTimeout: 2_000 })
      await tracker.stats().catch((error) => console.log(error.name))
      console.log(loaded())
      await tracker.close()`
    const args = ['--input-type=module', '--eval', program]
    const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root })
    expect(stdout).to.equal('false\nRedisUnavailable\ntrue\n')
  })

  it('should contain every package that `lro` always imports', async () => {
    const imports = (await Promise.all(packedFiles(/^dist\/cli\/.*\.js$/).map(importsOf))).flat()
    const packages = imports.map(({ path }) => path).filter((path) => /^[^.]/.test(path) && !isBuiltin(path))
    expect([...new Set(packages)].toSorted()).to.deep.equal(['bullmq', 'google-auth-library', 'ioredis'])
  })

  it('should contain the licenses of the packages in `lro`', () => {
    const licenses = read('dist/cli/LICENSES.txt')
    for (const name of ['axios', 'follow-redirects', 'rxjs'])
      expect(licenses).to.match(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+\\n\\n.*(?:License|Copyright)`, 'm'))
  })

  it('should require no types of Node.js in the declarations of the main entry point', () => {
    const files = declarationsFrom('dist/index.d.ts')
    expect(files).to.have.length.above(30)
    for (const file of files)
      expect(withoutComments(read(file)), file).to.not.match(/'node:|\bNodeJS\.|\bBuffer\b/)
  })

  it('should contain no shared program without a program that imports it', () => {
    const programTexts = packedFiles(/\.js$/).map(read)
    for (const file of packedFiles(/^dist\/shared\/.*\.js$/))
      expect(
        programTexts.some((text) => text.includes(`/${file.split('/').at(-1)}"`)),
        file,
      ).to.equal(true)
  })

  it('should contain the current sources in its source maps', () => {
    for (const file of packedFiles(/\.map$/)) {
      const sourceMap: { sources: string[]; sourcesContent: string[] } = JSON.parse(read(file))
      const urls = sourceMap.sources.map((source) => new URL(source, new URL(file, root)))
      expect(sourceMap.sourcesContent, file).to.deep.equal(urls.map((url) => readFileSync(url, 'utf8')))
    }
  })

  it('should be less than 960 kB', () => {
    // The library has 440 kB. Two thirds of it are source maps with their sources. The command line has 200 kB with its
    // packages, declarations have 100 kB, and documents and examples have 130 kB.
    expect(packResult.size).to.be.within(1, 960_000)
  })
})
