import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { read, root } from './project.js'

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

  it('should be its documents, and of each file in lib the program, its map, and its types unless it is the command line’s', () => {
    const wanted = [
      'CHANGELOG.md',
      'LICENSE',
      'README.md',
      'package.json',
      ...sources.flatMap((file) => [
        `dist/${file}.js`,
        `dist/${file}.js.map`,
        ...(file.startsWith('cli/') ? [] : [`dist/${file}.d.ts`]),
      ]),
    ]
    expect(packed.files.map(({ path }) => path).sort()).to.deep.equal(wanted.sort())
  })

  it('should have maps that hold their sources, which are not packed', () => {
    for (const file of sources) {
      const { sources: names, sourcesContent } = JSON.parse(read(`dist/${file}.js.map`))
      expect(names, file).to.have.length(1)
      expect(sourcesContent, file).to.deep.equal([read(`lib/${file}.ts`)])
    }
  })

  it('should be less than 600 kB to fetch', () => {
    // 457 kB in the first version, of which the maps, with the sources in them, are 251.
    expect(packed.size).to.be.within(1, 600_000)
  })
})
