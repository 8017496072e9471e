import { expect } from 'chai'
import { read } from './documents.js'

const COMPARISON = 'docs/COMPARISON.md'
const FAULTS = 'of 138 faults, right or told'
const LAG = 'polls / mean lag, 3 to 300 s'

/** The rows of the first table below a heading, by their labels, which may be links. */
function tableOf(document: string, heading: string): ReadonlyMap<string, readonly string[]> {
  const [, text = ''] = read(document).split(`\n## ${heading}\n`)
  const [table = ''] = /(?:^\|.*\n)+/m.exec(text) ?? []
  const rows = table.trimEnd().split('\n').slice(2).map(cellsIn)
  return new Map(rows.map(([label = '', ...cells]) => [label.replace(/^\[(.*)\]\(.*\)$/, '$1'), cells]))
}

function cellsIn(row: string): readonly string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** The cells of the first row of a document that begins so, but for the first. */
function cellsOf(document: string, label: string): readonly string[] {
  const lines = read(document).split('\n')
  return cellsIn(lines.find((line) => line.startsWith(`| ${label}`)) ?? '').slice(1)
}

/** A cell without its notes. */
function said(cell: string): string {
  return cell.replaceAll(/ \[[a-z]\d+\]/g, '')
}

const google = tableOf(COMPARISON, "Google's own libraries")
const others = tableOf(COMPARISON, 'Others')
const faults = tableOf(COMPARISON, 'Faults')
const lags = [...tableOf(COMPARISON, 'Polls against lag')].flat(2)

describe('docs/COMPARISON.md', () => {
  /** Each claim of ours: the spec, and the titles in it. */
  const proofs = [...read(COMPARISON).matchAll(/\]\(\.\.\/(spec\/[\w/-]+\.ts)\): (.+) \|$/gm)]

  it('should have proofs', () => {
    expect(proofs.length).to.be.above(15)
  })

  for (const [, file = '', titles = ''] of proofs)
    it(`should quote titles of ${file} as they are: ${titles.slice(0, 60)}`, () => {
      const specs = read(file).replaceAll(/\bit\(\s*['"`]/g, 'it: ')
      for (const title of titles.split('; ')) expect(specs).to.include(`it: ${title}`)
    })

  it('should have a note in every cell that was checked', () => {
    const cells = [...google, ...others].flatMap(([label, cells]) =>
      cells.map((cell) => [label, cell] as const),
    )
    expect(cells).to.have.length.above(250)
    for (const [label, cell] of cells) expect(cell, label).to.match(/^not checked$|\[[a-z]\d+\]$/)
  })

  it('should refer only to notes that it has, and to all of them', () => {
    const text = read(COMPARISON)
    const noted = [...text.matchAll(/^\| ([a-z]\d+) \|/gm)].map((match) => match[1])
    const used = [...text.matchAll(/\[([a-z]\d+)\]/g)].map((match) => match[1])
    expect(noted).to.have.length.above(50)
    expect([...new Set(used)].sort()).to.deep.equal([...noted].sort())
  })

  it('should have the totals of the faults as they were measured', () => {
    const measured = (word: string): readonly number[] =>
      cellsOf('bench/results/FAULTS-COMPARED.md', `${word}  `).map(Number)
    const told = measured('reported')
    const rightOrTold = measured('correct').map((right, n) => String(right + (told[n] ?? 0)))
    expect(faults.get(FAULTS)).to.deep.equal(rightOrTold)
    const rows = {
      'lost facts': 'incomplete',
      'gave up on what passes, or died': 'gave up',
      hung: 'hung',
      'said the wrong end': 'wrong',
    }
    for (const [label, word] of Object.entries(rows))
      expect(faults.get(label), word).to.deep.equal(measured(word).map(String))
  })

  it('should have the lag as it was measured', () => {
    const measured = [
      ...['lagBounded()', 'learned(), 200 recorded'],
      ...['google-gax', 'google-api-core', 'gax (Java)', 'google-cloud-go', 'google-cloud-rust'],
      ...['@azure', '@smithy', 'gcloud 528.0.0, proj', 'terraform-provider', 'rxjs-poll'],
    ].map((name) => cellsOf('bench/results/LAG.md', name)[0]?.split(' / ', 2).join(' / '))
    expect(lags.slice(0, measured.length)).to.deep.equal(measured)
  })
})

describe('the table of README.md', () => {
  const rows = tableOf('README.md', 'Beside others')
  const [ours, , gax, , , , , azure] = lags
  const compared = new Map<string, readonly (string | undefined)[]>([
    ...[...google].map(([label, [ours, gax, googleapis]]) => {
      const [, azure] = others.get(label) ?? []
      return [label, [ours, gax, googleapis, azure]] as const
    }),
    ...faults,
    [LAG, [ours, gax, lags.at(-1), azure]] as const,
  ])

  it('should have some rows', () => {
    expect(rows).to.have.property('size').above(5)
  })

  for (const [label, cells] of rows)
    it(`should say what docs/COMPARISON.md says, which has the notes: ${label}`, () => {
      expect(cells).to.deep.equal(compared.get(label)?.map((cell = '?') => said(cell)))
    })
})
