import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import { apiReport, reportFile } from './api-report.js'
import { doors, read, root } from './project.js'

describe('what the package exports', () => {
  for (const { door, types } of doors)
    it(`should be what the report of ${door} says, which \`npm run docs:api\` writes`, function () {
      this.timeout(60_000)
      const { text, complaints } = apiReport(types)
      expect(complaints).to.deep.equal([])
      expect(text).to.equal(read(reportFile(door)))
    })

  it('should have a report for each door, and no others', () => {
    const reports = readdirSync(new URL('docs/api/', root)).map((file) => `docs/api/${file}`)
    expect(reports.sort()).to.deep.equal(doors.map(({ door }) => reportFile(door)).sort())
  })
})
