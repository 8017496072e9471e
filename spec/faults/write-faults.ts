import { writeFileSync } from 'node:fs'
import { PAGE_URL, renderPage } from './page.js'

writeFileSync(PAGE_URL, renderPage())
