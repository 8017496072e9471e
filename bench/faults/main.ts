// Runs the table of faults against this library and its peers, prints them side by side, and keeps what was seen.
import { mkdirSync, writeFileSync } from 'node:fs'
import { page, record } from './report.ts'
import { runAll } from './run.ts'
import { surroundings } from './surroundings.ts'

const results = await runAll((done, of) => process.stderr.write(`\r${done} of ${of} rows`))
process.stderr.write('\n')
const around = surroundings()
const text = page(results, around)
const folder = new URL('../results/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('faults.json', folder), `${JSON.stringify(record(results, around), null, 2)}\n`)
writeFileSync(new URL('FAULTS-COMPARED.md', folder), text)
console.log(text)
