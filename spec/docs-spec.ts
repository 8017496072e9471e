import { existsSync, readdirSync } from 'node:fs'
import { expect } from 'chai'
import { filesOf, read, root } from './documents.js'
import { declarationsIn } from './options/declarations.js'

const DOCUMENTS = ['README.md', ...filesOf('docs', '.md').map((file) => `docs/${file}`)]

function typeScriptFilesIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : typeScriptFilesIn(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

/** Documents whose links are checked, but not their code. */
const OTHER_DOCUMENTS = [
  ...filesOf('docs/decisions', '.md').map((file) => `docs/decisions/${file}`),
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'spec/certificates/README.md'],
  ...['examples/nestjs/README.md', 'examples/temporal/README.md', 'examples/mcp/README.md'],
  ...filesOf('bench/results', '.md').map((file) => `bench/results/${file}`),
]

/** All programs that are compiled and run. */
const PROGRAMS = ['examples', 'spec/interop', 'spec/release/commonjs'].flatMap(typeScriptFilesIn)

/** The event types of the diagnostics channels. */
const EVENT_TYPES = [
  ...['WatchStarted', 'WatchEnded', 'PollStarted', 'PollEnded', 'StartUnwatched'],
  ...['RateLimitAcquired', 'RateLimitLowered'],
]

function sourcesIn(folder: string): string {
  return typeScriptFilesIn(folder).map(read).join('\n')
}

function fencedBlocksIn(document: string, language: string): readonly string[] {
  return [...read(document).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] as string,
  )
}

/** Returns the lines of code that are in an indented block and not in a fenced block. */
function indentedCode(text: string): readonly string[] {
  return (
    text
      .replaceAll(/^```.*?^```$/gms, '')
      .match(/^(?: {4}|\t)\s*(?:import|export|const|let|await|function|class)\b.*$/gm) ?? []
  )
}

/** Returns whether the source contains the lines of the block consecutively, at any indentation. */
function isExcerpt(block: string, source: string): boolean {
  const blockLines = block.trimEnd().split('\n')
  const lines = source.split('\n')
  return lines.some((firstLine, start) => {
    const margin = firstLine.slice(0, firstLine.length - firstLine.trimStart().length)
    return blockLines.every((line, n) => lines[start + n] === (line === '' ? '' : margin + line))
  })
}

/** Returns the links in a document that point to files and headings of the repository. */
function linksOf(document: string): readonly URL[] {
  return [...read(document).matchAll(/\]\(([^):]+)\)/g)].map(
    ([, link = '']) => new URL(link, new URL(document, root)),
  )
}

/** Returns the URL of a link without its fragment. */
function fileUrlOf({ href }: URL): string {
  return href.replace(/#.*/, '')
}

/** Returns the URL fragments that GitHub creates for the headings of a document. */
function fragmentsOf(document: string): readonly string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

describe('the documents', () => {
  for (const document of DOCUMENTS) {
    it(`should contain only excerpts of programs that are compiled and run: ${document}`, () => {
      for (const block of fencedBlocksIn(document, 'ts'))
        expect(
          PROGRAMS.some((program) => isExcerpt(block, read(program))),
          block,
        ).to.equal(true)
    })
  }

  for (const document of DOCUMENTS)
    it(`should name or link to a whole program that contains each block without imports: ${document}`, () => {
      const [introduction = '', ...sections] = read(document).split(/^(?=## )/m)
      for (const section of [introduction, ...sections]) {
        const text = `${introduction}${section}`
        const linked = [
          ...[...text.matchAll(/\]\((\S+\.ts)\)/g)].map(
            ([, link = '']) => new URL(link, new URL(document, root)),
          ),
          // Specs are not in the npm package, so the documents name them without a link.
          ...[...text.matchAll(/`(spec\/\S+\.ts)`/g)].map(([, path = '']) => new URL(path, root)),
        ]
        // The introduction of COMING-FROM.md links to one file of a folder.
        const programs = linked.flatMap((url) =>
          url.pathname.includes('/coming-from/') ? typeScriptFilesIn('spec/interop/coming-from') : [url.href],
        )
        for (const [, block = ''] of section.matchAll(/^```ts\n((?!import ).*?)^```$/gms))
          expect(
            programs.some((program) => isExcerpt(block, read(program))),
            block,
          ).to.equal(true)
      }
    })

  for (const document of [...DOCUMENTS, ...OTHER_DOCUMENTS])
    it(`should link only to existing files and headings: ${document}`, () => {
      for (const link of linksOf(document)) {
        const fileUrl = fileUrlOf(link)
        expect(existsSync(new URL(fileUrl)), fileUrl).to.equal(true)
        if (link.hash !== '')
          expect(fragmentsOf(fileUrl.slice(root.href.length)), link.href).to.include(link.hash.slice(1))
      }
    })

  it('should detect a changed, missing or moved line in an excerpt', () => {
    const source = 'a\n  if (b) {\n    c\n\n    d\n  }\n'
    expect(isExcerpt('if (b) {\n  c\n\n  d\n}\n', source)).to.equal(true)
    for (const block of ['if (b) {\n  d\n}\n', 'if (b) {\n  e\n', 'if (b) {\nc\n', 'd\n}\na\n'])
      expect(isExcerpt(block, source), block).to.equal(false)
  })

  it('should contain TypeScript only in fenced blocks, because indented blocks are not checked', () => {
    for (const document of DOCUMENTS) expect(indentedCode(read(document)), document).to.deep.equal([])
    const text = "So:\n\n    import { a } from 'b'\n    npm i\n\n```ts\nif (a) {\n    await b\n}\n```\n"
    expect(indentedCode(text)).to.deep.equal(["    import { a } from 'b'"])
  })

  it('should use only known languages in fenced blocks', () => {
    for (const document of DOCUMENTS) {
      const fences = read(document).match(/^ *(?:```|~~~).*$/gm) ?? []
      for (const [n, fence] of fences.entries())
        expect(n % 2 === 0 ? ['```ts', '```sh', '```python', '```json'] : ['```'], document).to.include(fence)
    }
  })
})

describe('docs/COMING-FROM.md', () => {
  const headings = [...read('docs/COMING-FROM.md').matchAll(/^## (@\S+) (\S+)/gm)]
  const { packages } = JSON.parse(read('spec/interop/package-lock.json'))

  it('should have chapters of packages', () => expect(headings).to.not.be.empty)

  for (const [, name, version] of headings)
    it(`should name the version of ${name} that spec/interop runs`, () => {
      expect(version).to.equal(packages[`node_modules/${name}`].version)
    })
})

describe('docs/RECIPES.md', () => {
  const recipes = filesOf('examples/recipes', '.ts')

  it('should link to every recipe', () => {
    const links = linksOf('docs/RECIPES.md').map(fileUrlOf)
    for (const recipe of recipes) expect(links).to.include(new URL(`examples/recipes/${recipe}`, root).href)
  })

  for (const recipe of recipes)
    it(`should have at most 40 lines in ${recipe}`, () => {
      expect(read(`examples/recipes/${recipe}`).split('\n').length).to.be.at.most(40)
    })
})

describe('docs/DIAGNOSTICS.md', () => {
  const sources = sourcesIn('lib')
  const documentText = read('docs/DIAGNOSTICS.md')
  const firstColumn = [...documentText.matchAll(/^\| `([^|]+)` \|/gm)].flatMap(([, cell = '']) =>
    cell.split('`, `'),
  )

  it('should have a table row and a heading for every diagnostics channel', () => {
    const channels = [...sources.matchAll(/publisher(?:<\w+>)?\('(rx-longrunning:[^']+)'\)/g)].map(
      ([, name = '']) => name,
    )
    expect(channels).to.have.length(8)
    for (const channel of channels) {
      expect(firstColumn).to.include(channel)
      expect(documentText).to.include(`\n### ${channel}\n`)
    }
  })

  for (const type of EVENT_TYPES)
    it(`should describe every field of ${type}`, () => {
      const fields = declarationsIn(sources).find(({ name }) => name === type)?.members ?? []
      expect(fields).to.not.deep.equal([])
      expect(firstColumn).to.include.members(fields.map(({ name }) => name))
      expect(documentText).to.include(`| \`${type}\` |`)
    })

  it('should describe every metric, span and attribute', () => {
    const names = sourcesIn('lib/opentelemetry').match(
      /(?<=')(?:gcp|rx_longrunning|server|rpc|http|error)\.[\w.]+(?=')/g,
    )
    expect(names).to.have.length.above(20)
    expect(firstColumn).to.include.members(names ?? [])
  })
})

describe('docs/PERFORMANCE.md', () => {
  it('should contain the stored text of each part of the bench', () => {
    const parts = Object.values<{ readonly text: string }>(JSON.parse(read('bench/results/bench.json')))
    expect(parts).to.have.length.above(3)
    for (const { text } of parts) expect(read('docs/PERFORMANCE.md')).to.include(text)
  })

  it('should contain the measured capacity of the fleet', () => {
    const [, capacitySection = ''] = read('bench/results/DISTRIBUTED.md').split('\n## Capacity\n')
    const measuredCapacity = capacitySection.split('\n## ')[0]?.trim() ?? ''
    for (const figure of ['polls a second', 'tracked operations', 'p99'])
      expect(measuredCapacity).to.include(figure)
    expect(read('docs/PERFORMANCE.md')).to.include(measuredCapacity)
  })

  it('should contain the measured result of each target of the fleet', () => {
    const targetRows = (text = ''): readonly string[] =>
      [...text.matchAll(/^\| (.+) \| (?:MET|MISSED) +\|$/gm)].map(([row]) => row.replaceAll(/ +/g, ' '))
    const [, fleetSection = ''] = read('docs/PERFORMANCE.md').split('\n## A fleet of workers\n')
    expect(targetRows(fleetSection.split('\n## ')[0])).to.deep.equal(
      targetRows(read('bench/results/DISTRIBUTED.md')),
    )
  })
})

describe('docs/DESIGN.md', () => {
  /** The files of each layer by folder, such as `wire/`. */
  const layers = [
    ...read('docs/DESIGN.md').matchAll(/^\| (?:`(\w+\/)`|public API) \|[^|]+\| (.+) \|$/gm),
  ].map(
    ([, folder = '', names = '']) =>
      [folder, [...names.matchAll(/`([\w/-]+)`/g)].map(([, name]) => `${name}.ts`)] as const,
  )

  it('should name every layer', () => {
    expect(layers).to.have.length(10)
  })

  for (const [folder, files] of layers)
    it(`should name every file of lib/${folder}, and no other file`, () => {
      const existing = readdirSync(new URL(`lib/${folder}`, root), { recursive: folder !== '' })
      expect(files).to.have.members(existing.map(String).filter((file) => file.endsWith('.ts')))
    })
})
