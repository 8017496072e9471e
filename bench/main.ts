// Runs the parts of the bench that are named, or all of them, and prints what they found; a run of all is kept.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Bar, tableOfBars, verdictOf } from './bar.ts'
import { machine, machineText } from './machine.ts'
import type { Part, Running } from './part.ts'

const PARTS: Readonly<Record<string, (running: Running) => Promise<Part>>> = {
  cost: async (running) => (await import('./cost/part.ts')).cost(running),
  scale: async (running) => (await import('./scale/part.ts')).scale(running),
  start: async (running) => (await import('./start/part.ts')).start(running),
  telemetry: async (running) => (await import('./telemetry/part.ts')).telemetry(running),
}

const BENCH = new URL('../', import.meta.url)

const tell = (progress: string): void => {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${progress}` : `${progress}\n`)
}

const textOf = ({ title, text, bars }: Part): string => `## ${title}\n\n${text}\n\n${tableOfBars(bars)}\n`

/** The part that plays schedules in virtual time, which keeps its own page and picture. */
const lag = (): void => {
  const { status } = spawnSync('npm', ['run', '--silent', 'lag'], {
    cwd: BENCH,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) failures.push(`npm run lag ended with ${status}`)
}

/** What scripts of their own have found: their bars, and where the rest of it stands. */
const APART: readonly (readonly [title: string, file: string, text: string])[] = [
  [
    'Lag against polls',
    'lag',
    `By \`npm run lag\`, in virtual time; [all schedules](../bench/results/LAG.md), also where we lose.

![Mean lag against polls](lag-frontier.svg)`,
  ],
  [
    'A fleet of workers',
    'distributed',
    'By `npm run bench:distributed`, with real processes and a real Redis; [all that it found](../bench/results/DISTRIBUTED.md).',
  ],
]

interface Apart {
  readonly bars: readonly Bar[]
  /** Figures without bars. */
  readonly capacity?: { readonly text: string }
}

const apart = ([title, file, text]: (typeof APART)[number]): string => {
  const path = new URL(`results/${file}.json`, BENCH)
  if (!existsSync(path)) return ''
  const record: Apart = JSON.parse(readFileSync(path, 'utf8'))
  const texts = [text, record.capacity?.text ?? '']
  return textOf({ title, text: texts.filter(Boolean).join('\n\n'), bars: record.bars, record })
}

const failures: string[] = []
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const quick = process.argv.includes('--quick')
for (const name of wanted) if (!(name in PARTS)) throw new RangeError(`there is no part ${name}`)
const began = new Date()
const around = machine()
const command = `npm run ${wanted.length === 1 ? wanted[0] : 'bench'}${quick ? ' -- --quick' : ''}`
const head = `# Performance

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
  tell('lag')
  lag()
  for (const one of APART) texts.push(apart(one))
  console.log(texts.slice(-APART.length).join('\n'))
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
    writeFileSync(new URL('../docs/PERFORMANCE.md', BENCH), `${texts.filter(Boolean).join('\n').trimEnd()}\n`)
  }
}
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0
