import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import { read, root } from '../documents.js'
import { apiReport, reportFile } from './api-report.js'
import { entryPoints } from './entry-points.js'

describe('the exports of the package', () => {
  for (const { subpath, types } of entryPoints)
    it(`should be equal to the report of ${subpath}, which \`npm run docs:api\` writes`, function () {
      this.timeout(60_000)
      const { text, problems } = apiReport(types)
      expect(problems).to.deep.equal([])
      const [now, reported] = [text, read(reportFile(subpath))].map((each) => each.split('\n'))
      expect(now?.filter((line) => !reported?.includes(line))).to.deep.equal([])
      expect(reported?.filter((line) => !now?.includes(line))).to.deep.equal([])
      expect(text).to.equal(read(reportFile(subpath)))
    })

  it('should have a report for each entry point, and no others', () => {
    const reports = readdirSync(new URL('docs/api/', root)).map((file) => `docs/api/${file}`)
    expect(reports.sort()).to.deep.equal(entryPoints.map(({ subpath }) => reportFile(subpath)).sort())
  })
})
