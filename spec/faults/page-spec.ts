import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { PAGE_PATH, renderPage } from './page.js'
import { type Row, TABLE } from './table.js'

describe('faults/page', () => {
  it('should equal docs/FAULTS.md (to update: npm run docs:faults)', () => {
    expect(readFileSync(PAGE_PATH, 'utf8')).to.equal(renderPage())
  })

  it('should have one line for each row', () => {
    expect(renderPage().match(/^\| (?!Fault )/gm)).to.have.length(TABLE.length)
  })

  it('should render rows', () => {
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

  it('should use each name once', () => {
    const names = TABLE.map(({ group, name }) => `${group}: ${name}`)
    expect(names).to.deep.equal([...new Set(names)])
  })
})
