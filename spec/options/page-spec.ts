import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { filesOf, read } from '../documents.js'
import { coveredTypes, PAGE_URL, pageText } from './page.js'

/**
 * The exported types named `...Options` that have no section on the page. `ServiceClientOptions` has none
 * because `service()` returns it and no function takes it as a parameter.
 */
const UNCOVERED_TYPES = ['ServiceClientOptions']

describe('options/page', () => {
  it('should equal docs/OPTIONS.md after npm run docs:options', () => {
    expect(readFileSync(PAGE_URL, 'utf8')).to.equal(pageText())
  })

  it('should cover every exported type of options except the result of service()', () => {
    const entryFiles = ['index.ts', ...filesOf('lib', '').flatMap(entryFilesIn)]
    const exportedTypes = entryFiles.flatMap((file) => read(`lib/${file}`).match(/\w+Options\b/g) ?? [])
    expect(exportedTypes).to.have.length.above(25)
    expect(exportedTypes.filter((type) => !coveredTypes().has(type))).to.deep.equal(UNCOVERED_TYPES)
  })

  it('should describe every option', () => {
    const rows = pageText().match(/^\| `.+$/gm) ?? []
    expect(rows).to.have.length.above(80)
    expect(rows.filter((row) => row.includes('|  |'))).to.deep.equal([])
  })
})

function entryFilesIn(folder: string): readonly string[] {
  if (folder.includes('.') || folder === 'cli') return []
  return filesOf(`lib/${folder}`, 'index.ts').map((file) => `${folder}/${file}`)
}
