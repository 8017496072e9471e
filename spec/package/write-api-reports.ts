import { writeFileSync } from 'node:fs'
import { root } from '../documents.js'
import { apiReport, reportFile } from './api-report.js'
import { doors } from './doors.js'

for (const { door, types } of doors) writeFileSync(new URL(reportFile(door), root), apiReport(types).text)
