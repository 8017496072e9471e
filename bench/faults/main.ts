// Runs the fault table with this library and its peers, prints the results and stores them.
import { mkdirSync, writeFileSync } from 'node:fs'
import { environment } from './environment.ts'
import { page, record } from './report.ts'
import { runAll } from './run.ts'

const results = await runAll((done, total) => process.stderr.write(`\r${done} of ${total} rows`))
process.stderr.write('\n')
const machine = environment()
const text = page(results, machine)
const folder = new URL('../results/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('faults.json', folder), `${JSON.stringify(record(results, machine), null, 2)}\n`)
writeFileSync(new URL('FAULTS-COMPARED.md', folder), text)
console.log(text)
