// Checks what the BullMQ door promises, on a redis-server of its own, and keeps a run of all.
import { mkdirSync, writeFileSync } from 'node:fs'
import { type Bar, tableOfBars, verdictOf } from '../bar.ts'
import { machine, machineText } from '../machine.ts'
import type { Part, Running } from '../part.ts'
import { appended, capacity, deploy, down, emptied, kills, limiter } from './parts.ts'

const PARTS: Readonly<Record<string, (running: Running) => Promise<Part>>> = {
  kills,
  emptied,
  appended,
  deploy,
  limiter,
  down,
  capacity,
}
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const quick = process.argv.includes('--quick')
for (const name of wanted) if (!(name in PARTS)) throw new RangeError(`there is no part ${name}`)
function tell(progress: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${progress}` : `${progress}\n`)
}

const began = new Date()
const around = machine()
const texts = [
  `# What survives, and what it can do: the BullMQ door

By \`npm run bench:distributed\`, ${began.toISOString().slice(0, 16).replace('T', ' ')} UTC. Redis, the emulator, the watchers and the workers share this machine.

${machineText(around)}
${quick ? '\nWith --quick: small sizes, to see that it works; the figures say little.\n' : ''}`,
]
console.log(texts[0])
const bars: Bar[] = []
const failures: string[] = []
const records: Record<string, unknown> = {}
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  tell(name)
  try {
    const part = await run({ quick, tell })
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
    texts.push(`## ${name}\n\nIt failed: ${String(error)}\n`)
  }
  console.log(texts.at(-1))
}
for (const bar of bars) if (verdictOf(bar) !== 'MET') failures.push(`${verdictOf(bar)}: ${bar.what}`)
if (wanted.length === 0 && !quick) {
  const folder = new URL('../../results/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  const judged = bars.map((bar) => ({ ...bar, verdict: verdictOf(bar) }))
  const record = { began: began.toISOString(), machine: around, bars: judged, failures, ...records }
  writeFileSync(new URL('distributed.json', folder), `${JSON.stringify(record, null, 2)}\n`)
  writeFileSync(new URL('DISTRIBUTED.md', folder), texts.join('\n'))
}
for (const failure of failures) console.error(failure)
process.exit(failures.length > 0 ? 1 : 0)
