import { writeFileSync } from 'node:fs'
import { PAGE_PATH, renderPage } from './page.js'

writeFileSync(PAGE_PATH, renderPage())
