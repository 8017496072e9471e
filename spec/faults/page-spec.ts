import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { PAGE_URL, renderPage } from './page.js'
import { type Row, TABLE } from './table.js'

describe('faults/page', () => {
  it('should return the text of docs/FAULTS.md (npm run docs:faults updates the file)', () => {
    expect(readFileSync(PAGE_URL, 'utf8')).to.equal(renderPage())
  })

  it('should return one line for each row of the table', () => {
    expect(renderPage().match(/^\| (?!Fault )/gm)).to.have.length(TABLE.length)
  })

  it('should return a section for each group, with a line for each row', () => {
    const rows: readonly Row[] = [
      {
        group: 'A',
        name: 'slow',
        note: 'or so',
        steps: [],
        emits: ['Succeeded'],
        requests: 2,
        waits: [300],
        ifPersistent: { emits: ['Unreachable'] },
      },
      { group: 'A', name: 'gone', steps: [], emits: ['Running', 'OperationNotFound'], requests: 2 },
    ]
    expect(renderPage(rows).split('\n## ')[1]).to.equal(`A

| Fault | Emissions | Requests | Final result if the fault persists |
|---|---|---|---|
| slow (or so) | none, then \`Succeeded\` | 2, at least 300 ms apart | \`Unreachable\` after \`maxRetryTime\` |
| gone | \`Running\`, \`OperationNotFound\` | 2 |  |
`)
  })

  it('should have a unique name for each row of a group', () => {
    const names = TABLE.map(({ group, name }) => `${group}: ${name}`)
    expect(names).to.deep.equal([...new Set(names)])
  })
})
