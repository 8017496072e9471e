import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { PAGE, page } from './page.js'
import { type Row, TABLE } from './table.js'

describe('faults/page', () => {
  it('should stand in docs/FAULTS.md as the table gives it: npm run docs:faults', () => {
    expect(readFileSync(PAGE, 'utf8')).to.equal(page())
  })

  it('should have a line for each row', () => {
    expect(page().match(/^\| (?!fault )/gm)).to.have.length(TABLE.length)
  })

  it('should draw a row in plain words', () => {
    const rows: readonly Row[] = [
      {
        group: 'A',
        name: 'slow',
        note: 'or so',
        steps: [],
        gives: ['Succeeded'],
        requests: 2,
        waits: [300],
        lasts: { gives: ['Unreachable'] },
      },
      { group: 'A', name: 'gone', steps: [], gives: ['Running', 'OperationNotFound'], requests: 2 },
    ]
    expect(page(rows).split('\n## ')[1]).to.equal(`A

| fault | what the watch says | requests | when it lasts |
|---|---|---|---|
| slow (or so) | nothing, then \`Succeeded\` | 2, the second no sooner than 300 ms after the first | \`Unreachable\` when \`maxRetryTime\` is over |
| gone | \`Running\`, \`OperationNotFound\` | 2 |  |
`)
  })

  it('should know each name once', () => {
    const names = TABLE.map(({ group, name }) => `${group}: ${name}`)
    expect(names).to.deep.equal([...new Set(names)])
  })
})
