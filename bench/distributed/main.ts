// Checks the guarantees of rx-longrunning/bullmq with a new redis-server. Writes the results to files only if all parts
// run in full size.
import { mkdirSync, writeFileSync } from 'node:fs'
import { type Bar, tableOfBars, verdictOf } from '../bar.ts'
import { machine, machineText } from '../machine.ts'
import type { Part, PartOptions } from '../part.ts'
import { capacity } from './capacity.ts'
import { appended, deploy, distance, down, emptied, kills, rateLimit } from './parts.ts'

const PARTS: Readonly<Record<string, (options: PartOptions) => Promise<Part>>> = {
  kills,
  emptied,
  appended,
  deploy,
  rateLimit,
  distance,
  down,
  capacity,
}
const selected = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
for (const name of selected) if (!(name in PARTS)) throw new RangeError(`unknown part ${name}`)
/** Prints the progress. A terminal shows only the latest text. */
function showProgress(progress: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${progress}` : `${progress}\n`)
}

const startedAt = new Date()
const hardware = machine()
const texts = [
  `# Resilience and capacity of rx-longrunning/bullmq

Written by \`npm run bench:distributed\`, ${startedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC. Redis, the emulator, the watches and the workers run on this machine.

${machineText(hardware)}
${quick ? '\nRun with --quick: sizes are small, and the figures are not representative.\n' : ''}`,
]
console.log(texts[0])
const bars: Bar[] = []
const failures: string[] = []
const records: Record<string, unknown> = {}
for (const [name, run] of Object.entries(PARTS)) {
  if (selected.length > 0 && !selected.includes(name)) continue
  showProgress(name)
  try {
    const part = await run({ quick, onProgress: showProgress })
    texts.push(
      `## ${part.title}\n\n${part.text}\n${part.bars.length > 0 ? `\n${tableOfBars(part.bars)}\n` : ''}`,
    )
    bars.push(...part.bars)
    records[name] = {
      text: part.text,
      record: part.record,
      bars: part.bars.map((bar) => ({ ...bar, verdict: verdictOf(bar) })),
    }
  } catch (error) {
    failures.push(`${name}: ${String(error)}`)
    texts.push(`## ${name}\n\nFailed: ${String(error)}\n`)
  }
  console.log(texts.at(-1))
}
for (const bar of bars) if (verdictOf(bar) !== 'MET') failures.push(`${verdictOf(bar)}: ${bar.what}`)
if (selected.length === 0 && !quick) {
  const folder = new URL('../../results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const checkedBars = bars.map((bar) => ({ ...bar, verdict: verdictOf(bar) }))
  const record = {
    began: startedAt.toISOString(),
    machine: hardware,
    bars: checkedBars,
    failures,
    ...records,
  }
  writeFileSync(new URL('distributed.json', folder), `${JSON.stringify(record, null, 2)}\n`)
  writeFileSync(new URL('DISTRIBUTED.md', folder), texts.join('\n'))
}
for (const failure of failures) console.error(failure)
process.exit(failures.length > 0 ? 1 : 0)
