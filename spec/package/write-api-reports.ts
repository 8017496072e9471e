import { writeFileSync } from 'node:fs'
import { root } from '../documents.js'
import { apiReport, reportFile } from './api-report.js'
import { entryPoints } from './entry-points.js'
import { hovers } from './hovers.js'

for (const { subpath, types } of entryPoints)
  writeFileSync(new URL(reportFile(subpath), root), apiReport(types).text)

writeFileSync(new URL('spec/package/hovers.txt', root), hovers())
