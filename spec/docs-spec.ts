import { existsSync, readdirSync } from 'node:fs'
import { expect } from 'chai'
import { filesOf, read, root } from './documents.js'

const DOCUMENTS = ['README.md', ...filesOf('docs', '.md').map((file) => `docs/${file}`)]

function programsIn(folder: string): readonly string[] {
  return readdirSync(new URL(folder, root), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : programsIn(path)
    return path.endsWith('.ts') ? [path] : []
  })
}

/** What else has links. */
const FURTHER = [
  ...['CHANGELOG.md', 'CONTRIBUTING.md', 'SECURITY.md', 'spec/certificates/README.md'],
  ...['examples/nestjs/README.md', 'examples/temporal/README.md'],
  ...filesOf('bench/results', '.md').map((file) => `bench/results/${file}`),
]

/** Whatever is compiled and run, by our own means or beside the clients of others. */
const PROGRAMS = [...programsIn('examples'), ...programsIn('spec/interop')]

function fenced(document: string, language: string): readonly string[] {
  return [...read(document).matchAll(new RegExp(`^\`\`\`${language}\\n([^]*?)^\`\`\`$`, 'gm'))].map(
    (match) => match[1] as string,
  )
}

/** The lines that begin as a program does, and are set as one by their margin alone. */
function unfenced(text: string): readonly string[] {
  return (
    text
      .replaceAll(/^```.*?^```$/gms, '')
      .match(/^(?: {4}|\t)\s*(?:import|export|const|let|await|function|class)\b.*$/gm) ?? []
  )
}

/** Whether some lines that follow each other are these, though they may stand further to the right. */
function isExcerpt(block: string, source: string): boolean {
  const wanted = block.trimEnd().split('\n')
  const lines = source.split('\n')
  return lines.some((first, from) => {
    const margin = first.slice(0, first.length - first.trimStart().length)
    return wanted.every((line, n) => lines[from + n] === (line === '' ? '' : margin + line))
  })
}

/** The places in the repository that a document links to, those within itself, too. */
function linksOf(document: string): readonly URL[] {
  return [...read(document).matchAll(/\]\(([^):]+)\)/g)].map(
    ([, link = '']) => new URL(link, new URL(document, root)),
  )
}

/** A place without the heading. */
function fileOf({ href }: URL): string {
  return href.replace(/#.*/, '')
}

/** What headings are called in links. */
function anchorsOf(document: string): readonly string[] {
  return [...read(document).matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w -]/g, '')
      .replaceAll(' ', '-'),
  )
}

describe('the documents', () => {
  for (const document of DOCUMENTS) {
    it(`should show only TypeScript that is compiled and run: ${document}`, () => {
      for (const block of fenced(document, 'ts'))
        expect(
          PROGRAMS.some((program) => isExcerpt(block, read(program))),
          block,
        ).to.equal(true)
    })
  }

  for (const document of [...DOCUMENTS, ...FURTHER])
    it(`should link only to what is there: ${document}`, () => {
      for (const link of linksOf(document)) {
        const file = fileOf(link)
        expect(existsSync(new URL(file)), file).to.equal(true)
        if (link.hash !== '')
          expect(anchorsOf(file.slice(root.href.length)), link.href).to.include(link.hash.slice(1))
      }
    })

  it('should notice a line that is another, left out or out of its place', () => {
    const source = 'a\n  if (b) {\n    c\n\n    d\n  }\n'
    expect(isExcerpt('if (b) {\n  c\n\n  d\n}\n', source)).to.equal(true)
    for (const block of ['if (b) {\n  d\n}\n', 'if (b) {\n  e\n', 'if (b) {\nc\n', 'd\n}\na\n'])
      expect(isExcerpt(block, source), block).to.equal(false)
  })

  it('should fence every program, for what is only indented is not compiled', () => {
    for (const document of DOCUMENTS) expect(unfenced(read(document)), document).to.deep.equal([])
    const text = "So:\n\n    import { a } from 'b'\n    npm i\n\n```ts\nif (a) {\n    await b\n}\n```\n"
    expect(unfenced(text)).to.deep.equal(["    import { a } from 'b'"])
  })

  it('should fence every block so that it is found', () => {
    for (const document of DOCUMENTS) {
      const fences = read(document).match(/^ *(?:```|~~~).*$/gm) ?? []
      for (const [n, fence] of fences.entries())
        expect(n % 2 === 0 ? ['```ts', '```sh', '```python', '```json'] : ['```'], document).to.include(fence)
    }
  })
})

describe('docs/RECIPES.md', () => {
  const recipes = filesOf('examples/recipes', '.ts')

  it('should name every recipe', () => {
    const links = linksOf('docs/RECIPES.md').map(fileOf)
    for (const recipe of recipes) expect(links).to.include(new URL(`examples/recipes/${recipe}`, root).href)
  })

  for (const recipe of recipes)
    it(`should keep its recipes short: ${recipe}`, () => {
      expect(read(`examples/recipes/${recipe}`).split('\n').length).to.be.at.most(40)
    })
})

describe('docs/PERFORMANCE.md', () => {
  it('should have what the fleet can do as it was measured', () => {
    const [, capacity = ''] = read('bench/results/DISTRIBUTED.md').split('\n## Capacity\n')
    const measured = capacity.split('\n## ')[0]?.trim() ?? ''
    for (const figure of ['polls a second', 'tracked operations', 'p99']) expect(measured).to.include(figure)
    expect(read('docs/PERFORMANCE.md')).to.include(measured)
  })

  it('should have the bars of the fleet as they were measured', () => {
    const bars = (text = ''): readonly string[] =>
      [...text.matchAll(/^\| (.+) \| (?:MET|MISSED) +\|$/gm)].map(([bar]) => bar.replaceAll(/ +/g, ' '))
    const [, fleet = ''] = read('docs/PERFORMANCE.md').split('\n## A fleet of workers\n')
    expect(bars(fleet.split('\n## ')[0])).to.deep.equal(bars(read('bench/results/DISTRIBUTED.md')))
  })
})

describe('docs/DESIGN.md', () => {
  it('should name only files that are there', () => {
    const rows = read('docs/DESIGN.md').matchAll(/^\| (?:`(\w+\/)`|front) \|[^|]+\| (.+) \|$/gm)
    const files = [...rows].flatMap(([, floor = '', names = '']) =>
      [...names.matchAll(/`([\w-]+)`/g)].map(([, name]) => `lib/${floor}${name}.ts`),
    )
    expect(files).to.have.length.above(40)
    for (const file of files) expect(existsSync(new URL(file, root)), file).to.equal(true)
  })
})
