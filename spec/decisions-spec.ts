import { expect } from 'chai'
import { filesOf, read } from './documents.js'

const FOLDER = 'docs/decisions'
const FILES = filesOf(FOLDER, '.md').filter((file) => file !== 'README.md')
const ENTRY_PATTERN = /^## (\d+)\. (.+)\n\n\*(.+)\*\n\n\*\*Reason\.\*\* (?:.+\n)+\n\*\*Consequence\.\*\* /gm
const STATUS_PATTERN =
  /^Accepted, \d{4}-\d\d-\d\d(?:\. Superseded by \[decision (\d+)\]\([^)]+\))?(?:\. .+)?$/

const entries = FILES.flatMap((file) =>
  [...read(`${FOLDER}/${file}`).matchAll(ENTRY_PATTERN)].map(([, number, title = '', status = '']) => ({
    file,
    number: Number(number),
    title,
    status,
  })),
).sort((a, b) => a.number - b.number)

/** The rows of the index: the number, the title, the file, and the status. */
const indexRows = [
  ...read(`${FOLDER}/README.md`).matchAll(/^\| (\d+) \| \[(.+)\]\(([\w-]+\.md)#[^)]+\) \| (.+) \|$/gm),
]

describe('docs/decisions', () => {
  it('should number the decisions without gaps or repetitions', () => {
    expect(entries.map(({ number }) => number)).to.deep.equal(entries.map((_, n) => n + 1))
    expect(entries).to.have.length.above(70)
  })

  it('should have a status, a date, a reason and a consequence in every entry', () => {
    const headings = FILES.flatMap((file) => read(`${FOLDER}/${file}`).match(/^## /gm) ?? [])
    expect(headings).to.have.length(entries.length)
    for (const { number, status } of entries) expect(status, String(number)).to.match(STATUS_PATTERN)
  })

  it('should list every decision with its title, file and status in the index', () => {
    expect(indexRows.map(([, number, title, file]) => [Number(number), title, file])).to.deep.equal(
      entries.map(({ number, title, file }) => [number, title, file]),
    )
    const successors = entries.map(({ status }) => STATUS_PATTERN.exec(status)?.[1])
    expect(
      indexRows.map(([, , , , status = '']) => /^Superseded by \[(\d+)\]/.exec(status)?.[1]),
    ).to.deep.equal(successors)
    for (const successor of successors.filter((number) => number !== undefined))
      expect(entries.map(({ number }) => number)).to.include(Number(successor))
  })
})
