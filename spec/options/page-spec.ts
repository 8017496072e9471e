import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { filesOf, read } from '../documents.js'
import { coveredTypes, PAGE, page } from './page.js'

/**
 * Types named `...Options` without a section. `ServiceClientOptions` has none because `service()` returns it
 * and no function takes it as a parameter.
 */
const UNCOVERED = ['ServiceClientOptions']

describe('options/page', () => {
  it('should equal docs/OPTIONS.md after npm run docs:options', () => {
    expect(readFileSync(PAGE, 'utf8')).to.equal(page())
  })

  it('should cover every exported type of options except the result of service()', () => {
    const entries = ['index.ts', ...filesOf('lib', '').flatMap(entryIn)]
    const exported = entries.flatMap((entry) => read(`lib/${entry}`).match(/\w+Options\b/g) ?? [])
    expect(exported).to.have.length.above(25)
    expect(exported.filter((type) => !coveredTypes().has(type))).to.deep.equal(UNCOVERED)
  })

  it('should describe every option', () => {
    const rows = page().match(/^\| `.+$/gm) ?? []
    expect(rows).to.have.length.above(80)
    expect(rows.filter((row) => row.includes('|  |'))).to.deep.equal([])
  })
})

function entryIn(folder: string): readonly string[] {
  if (folder.includes('.') || folder === 'cli') return []
  return filesOf(`lib/${folder}`, 'index.ts').map((file) => `${folder}/${file}`)
}
