// Runs the parts of the bench that are named, or all of them, and prints what they found; a run of all is kept.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Bar, tableOfBars, verdictOf } from './bar.ts'
import { machine, machineText } from './machine.ts'
import type { Part, Running } from './part.ts'

const PARTS: Readonly<Record<string, (running: Running) => Promise<Part>>> = {
  cost: async (running) => (await import('./cost/part.ts')).cost(running),
  scale: async (running) => (await import('./scale/part.ts')).scale(running),
  start: async (running) => (await import('./start/part.ts')).start(running),
}

const BENCH = new URL('../', import.meta.url)

const tell = (progress: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${progress}` : `${progress}\n`)
}

const textOf = ({ title, text, bars }: Part): string => `## ${title}\n\n${text}\n\n${tableOfBars(bars)}\n`

/** The part that is run by its own script, as it prints itself; undefined where it is not there. */
const lag = (): string | undefined => {
  const { scripts = {} } = JSON.parse(readFileSync(new URL('package.json', BENCH), 'utf8'))
  if (!('lag' in scripts)) return undefined
  const { stdout, status } = spawnSync('npm', ['run', '--silent', 'lag'], {
    cwd: BENCH,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 2 ** 20,
  })
  if (status !== 0) failures.push(`npm run lag ended with ${status}`)
  return stdout.trim()
}

const failures: string[] = []
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const quick = process.argv.includes('--quick')
for (const name of wanted) if (!(name in PARTS)) throw new RangeError(`there is no part ${name}`)
const began = new Date()
const around = machine()
const command = `npm run ${wanted.length === 1 ? wanted[0] : 'bench'}${quick ? ' -- --quick' : ''}`
const head = `# What it costs

By \`${command}\` in \`bench/\`, ${began.toISOString().slice(0, 16).replace('T', ' ')} UTC.

${machineText(around)}
${quick ? '\nWith --quick: small sizes, to see that it works; the figures say little.\n' : ''}`
console.log(head)

const texts = [head]
const bars: Bar[] = []
const records: Record<string, unknown> = {}
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  try {
    const part = await run({ quick, tell })
    texts.push(textOf(part))
    bars.push(...part.bars)
    records[name] = part.record
  } catch (error) {
    failures.push(`${name}: ${String(error)}`)
    texts.push(`## ${name}\n\nIt failed: ${String(error)}\n`)
  }
  tell('')
  console.log(texts.at(-1))
}
for (const bar of bars) if (verdictOf(bar) === 'not measured') failures.push(`not measured: ${bar.what}`)

if (wanted.length === 0) {
  const said = lag()
  if (said !== undefined) {
    texts.push(`## Lag against polls\n\n${said}\n`)
    console.log(texts.at(-1))
  }
  if (!quick) {
    const folder = new URL('results/', BENCH)
    mkdirSync(folder, { recursive: true })
    const record = {
      began: began.toISOString(),
      command,
      machine: around,
      bars: bars.map((bar) => ({ ...bar, verdict: verdictOf(bar) })),
      failures,
      ...records,
    }
    writeFileSync(new URL('bench.json', folder), `${JSON.stringify(record, null, 2)}\n`)
    writeFileSync(new URL('BENCH.md', folder), texts.join('\n'))
  }
}
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0
