import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import { read, root } from '../documents.js'
import { apiReport, reportFile } from './api-report.js'
import { doors } from './doors.js'

describe('what the package exports', () => {
  for (const { door, types } of doors)
    it(`should be what the report of ${door} says, which \`npm run docs:api\` writes`, function () {
      this.timeout(60_000)
      const { text, complaints } = apiReport(types)
      expect(complaints).to.deep.equal([])
      const [now, told] = [text, read(reportFile(door))].map((each) => each.split('\n'))
      expect(now?.filter((line) => !told?.includes(line))).to.deep.equal([])
      expect(told?.filter((line) => !now?.includes(line))).to.deep.equal([])
      expect(text).to.equal(read(reportFile(door)))
    })

  it('should have a report for each door, and no others', () => {
    const reports = readdirSync(new URL('docs/api/', root)).map((file) => `docs/api/${file}`)
    expect(reports.sort()).to.deep.equal(doors.map(({ door }) => reportFile(door)).sort())
  })
})
