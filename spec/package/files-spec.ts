import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { read, root } from '../documents.js'
import { doors } from './doors.js'

interface Packed {
  readonly size: number
  readonly files: readonly { readonly path: string }[]
}

const sources = readdirSync(new URL('lib/', root), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => file.replace(/\.ts$/, ''))

describe('the packed package', () => {
  let packed: Packed

  before(async function () {
    this.timeout(60_000)
    const args = ['pack', '--dry-run', '--json', '--ignore-scripts']
    const { stdout } = await promisify(execFile)('npm', args, { cwd: root, maxBuffer: 2 ** 24 })
    packed = JSON.parse(stdout)[0]
  })

  const unpacked = (pattern: RegExp): readonly string[] =>
    packed.files.map(({ path }) => path).filter((path) => pattern.test(path))

  it('should be its documents, the programs that are started or imported, their maps, and the types of all but the command line', () => {
    const shared = unpacked(/^dist\/shared\/[A-Z0-9]+\.js$/)
    const programs = [...doors.map((door) => door.default.slice(2)), 'dist/cli/bin.js', ...shared]
    const wanted = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      ...programs.flatMap((file) => [file, `${file}.map`]),
      ...sources.filter((file) => !file.startsWith('cli/')).map((file) => `dist/${file}.d.ts`),
    ]
    expect(unpacked(/./).toSorted()).to.deep.equal(wanted.toSorted())
  })

  it('should have no program that nothing imports', () => {
    const texts = unpacked(/\.js$/).map(read)
    for (const file of unpacked(/^dist\/shared\/.*\.js$/))
      expect(
        texts.some((text) => text.includes(`/${file.split('/').at(-1)}"`)),
        file,
      ).to.equal(true)
  })

  it('should have maps that hold their sources, which are not packed', () => {
    for (const file of unpacked(/\.map$/)) {
      const map: { sources: string[]; sourcesContent: string[] } = JSON.parse(read(file))
      const named = map.sources.map((source) => new URL(source, new URL(file, root)))
      expect(map.sourcesContent, file).to.deep.equal(named.map((source) => readFileSync(source, 'utf8')))
    }
  })

  it('should be less than 450 kB to fetch', () => {
    // 364 kB in the first version, of which the maps, with the sources in them, are 207.
    expect(packed.size).to.be.within(1, 450_000)
  })
})
