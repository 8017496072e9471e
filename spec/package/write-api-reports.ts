import { writeFileSync } from 'node:fs'
import { apiReport, reportFile } from './api-report.js'
import { doors, root } from './project.js'

for (const { door, types } of doors) writeFileSync(new URL(reportFile(door), root), apiReport(types).text)
