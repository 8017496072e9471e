import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import { read, root } from '../documents.js'
import { apiReport, reportFile } from './api-report.js'
import { entryPoints } from './entry-points.js'

describe('the exports of the package', () => {
  for (const { subpath, types } of entryPoints)
    it(`should equal the report of ${subpath} after npm run docs:api`, function () {
      this.timeout(60_000)
      const { text, problems } = apiReport(types)
      expect(problems).to.deep.equal([])
      const [currentLines, reportedLines] = [text, read(reportFile(subpath))].map((report) =>
        report.split('\n'),
      )
      expect(currentLines?.filter((line) => !reportedLines?.includes(line))).to.deep.equal([])
      expect(reportedLines?.filter((line) => !currentLines?.includes(line))).to.deep.equal([])
      expect(text).to.equal(read(reportFile(subpath)))
    })

  it('should have exactly one report for each entry point', () => {
    const reports = readdirSync(new URL('docs/api/', root)).map((file) => `docs/api/${file}`)
    expect(reports.sort()).to.deep.equal(entryPoints.map(({ subpath }) => reportFile(subpath)).sort())
  })
})
