import { writeFileSync } from 'node:fs'
import { PAGE_URL, pageText } from './page.js'

writeFileSync(PAGE_URL, pageText())
