import { expect } from 'chai'
import { read } from './documents.js'

const COMPARISON = 'docs/COMPARISON.md'
const FAULTS_LABEL = 'of 138 faults, correct or reported'
const LAG_LABEL = 'polls / mean lag, 3 to 300 s'

/** Returns the rows of the first table below a heading. The keys are the labels in the first column. */
function tableOf(document: string, heading: string): ReadonlyMap<string, readonly string[]> {
  const [, text = ''] = read(document).split(`\n## ${heading}\n`)
  const [table = ''] = /(?:^\|.*\n)+/m.exec(text) ?? []
  const rows = table.trimEnd().split('\n').slice(2).map(cellsIn)
  return new Map(rows.map(([label = '', ...cells]) => [label, cells]))
}

function cellsIn(row: string): readonly string[] {
  return row
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** Finds the first table row that starts with `label`, and returns its other cells. */
function cellsOf(document: string, label: string): readonly string[] {
  const lines = read(document).split('\n')
  return cellsIn(lines.find((line) => line.startsWith(`| ${label}`)) ?? '').slice(1)
}

function withoutNotes(cell: string): string {
  return cell.replaceAll(/ \[[a-z]\d+\]/g, '')
}

const googleTable = tableOf(COMPARISON, "Google's own libraries")
const otherLibrariesTable = tableOf(COMPARISON, 'Others')
const faultsTable = tableOf(COMPARISON, 'Faults')
const costTable = tableOf(COMPARISON, 'Cost and start')
/** The cells of the only row in the lag table, which has a column for each library. */
const lagCells = [...tableOf(COMPARISON, 'Number of polls and lag')].flat(2)

describe('docs/COMPARISON.md', () => {
  /** The specs that prove claims about this library: each has a file, and an anchor in a comment above the spec. */
  const proofs = [...read(COMPARISON).matchAll(/^\| o\d+ \| `(spec\/[\w/-]+\.ts)` \| (.+) \|$/gm)].flatMap(
    ([, file = '', anchors = '']) =>
      [...anchors.matchAll(/`([\w-]+)`/g)].map(([, anchor = '']) => ({ file, anchor })),
  )

  it('should cite each spec only once in the list of specs that prove claims about this library', () => {
    expect(proofs).to.have.length.above(30)
    expect(proofs.map(({ anchor }) => anchor)).to.have.length(
      new Set(proofs.map(({ anchor }) => anchor)).size,
    )
  })

  for (const { file, anchor } of proofs)
    it(`should cite an anchor whose comment is above exactly one spec: ${anchor} in ${file}`, () => {
      const specSource = read(file)
      expect(specSource.split(`// Cited in docs/COMPARISON.md as: ${anchor}\n`)).to.have.length(2)
      expect(specSource).to.match(
        new RegExp(`^ *// Cited in docs/COMPARISON.md as: ${anchor}\n *(?:for \\(.+\\)\n *)?it\\(`, 'm'),
      )
    })

  it('should have a note in every cell, except in cells with `not checked`', () => {
    const labeledCells = [...googleTable, ...otherLibrariesTable].flatMap(([label, cells]) =>
      cells.map((cell) => [label, cell] as const),
    )
    expect(labeledCells).to.have.length.above(250)
    for (const [label, cell] of labeledCells) expect(cell, label).to.match(/^not checked$|\[[a-z]\d+\]$/)
  })

  it('should define exactly the notes that it uses', () => {
    const text = read(COMPARISON)
    const definedNotes = [...text.matchAll(/^\| ([a-z]\d+) \|/gm)].map((match) => match[1])
    const usedNotes = [...text.matchAll(/\[([a-z]\d+)\]/g)].map((match) => match[1])
    expect(definedNotes).to.have.length.above(50)
    expect([...new Set(usedNotes)].sort()).to.deep.equal([...definedNotes].sort())
  })

  it('should contain the measured totals of the faults', () => {
    const measuredCounts = (label: string): readonly number[] =>
      cellsOf('bench/results/FAULTS-COMPARED.md', `${label}  `).map(Number)
    const reportedCounts = measuredCounts('reported')
    const correctOrReported = measuredCounts('correct').map((correctCount, n) =>
      String(correctCount + (reportedCounts[n] ?? 0)),
    )
    expect(faultsTable.get(FAULTS_LABEL)).to.deep.equal(correctOrReported)
    const measuredLabels = {
      'lost information': 'incomplete',
      'gave up on a transient fault, or crashed': 'gave up',
      hung: 'hung',
      'reported a wrong outcome': 'wrong',
    }
    for (const [label, measuredLabel] of Object.entries(measuredLabels))
      expect(faultsTable.get(label), label).to.deep.equal(measuredCounts(measuredLabel).map(String))
  })

  it('should contain the measured cost and start times', () => {
    const { tls, start } = JSON.parse(read('bench/results/bench.json'))
    const figures = (
      ratios: Readonly<Record<string, { readonly median: number }>>,
      names: readonly string[],
    ) => names.map((name) => ratios[name]?.median.toFixed(1))
    const { timesHttps } = tls.record
    expect([...costTable.values()].map((cells) => cells.filter((cell) => /\d/.test(cell)))).to.deep.equal([
      figures(timesHttps, ['watch', 'gax', 'googleapis']),
      figures(timesHttps, ['batch']),
      figures(start.record.timesNode, ['pollOurs', 'pollGax', 'pollGoogleapis']),
    ])
  })

  it('should contain the measured lag', () => {
    const measuredCells = [
      ...['balanced()', 'learned(), 200 recorded'],
      ...['google-gax', 'google-api-core', 'gax (Java)', 'google-cloud-go', 'google-cloud-rust'],
      ...['@azure', '@smithy', 'gcloud 528.0.0, proj', 'terraform-provider', 'rxjs-poll'],
    ].map((name) => cellsOf('bench/results/LAG.md', name)[0]?.split(' / ', 2).join(' / '))
    expect(lagCells.slice(0, measuredCells.length)).to.deep.equal(measuredCells)
  })
})

describe('the comparison in README.md', () => {
  const rows = [...read('README.md').matchAll(/^\| \[(.+)\]\(docs\/COMPARISON\.md#[\w-]+\) (\|.+\|)$/gm)].map(
    ([, label = '', cells = '']) => [label, cellsIn(cells)] as const,
  )
  const [ourLag, , gaxLag, , , , , azureLag] = lagCells
  const expectedRows = new Map<string, readonly (string | undefined)[]>([
    ...[...googleTable].map(([label, [ourCell, gaxCell, googleapisCell]]) => {
      const [, azureCell] = otherLibrariesTable.get(label) ?? []
      return [label, [ourCell, gaxCell, googleapisCell, azureCell]] as const
    }),
    ...faultsTable,
    ...costTable,
    [LAG_LABEL, [ourLag, gaxLag, lagCells.at(-1), azureLag]] as const,
  ])

  it('should have more than five rows', () => {
    expect(rows).to.have.length.above(5)
  })

  for (const [label, cells] of rows)
    it(`should have the same cells as docs/COMPARISON.md, without notes: ${label}`, () => {
      expect(cells).to.deep.equal(expectedRows.get(label)?.map((cell = '?') => withoutNotes(cell)))
    })
})
