// Runs the parts of the bench that are named, or all of them, and prints what they found; a run of all is kept.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Bar, tableOfBars, verdictOf } from './bar.ts'
import { type Machine, machine, machineText } from './machine.ts'
import type { Part, Running } from './part.ts'

const PARTS: Readonly<Record<string, (running: Running) => Promise<Part>>> = {
  cost: async (running) => (await import('./cost/part.ts')).cost(running),
  scale: async (running) => (await import('./scale/part.ts')).scale(running),
  start: async (running) => (await import('./start/part.ts')).start(running),
  telemetry: async (running) => (await import('./telemetry/part.ts')).telemetry(running),
}

const BENCH = new URL('../', import.meta.url)

function tell(progress: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${progress}` : `${progress}\n`)
}

function textOf({ title, text, bars }: Part): string {
  return `## ${title}\n\n${text}\n\n${tableOfBars(bars)}\n`
}

/** The part that plays schedules in virtual time, which keeps its own page and picture. */
function lag(): void {
  const { status } = spawnSync('npm', ['run', '--silent', 'lag'], {
    cwd: BENCH,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) failures.push(`npm run lag ended with ${status}`)
}

/** What scripts of their own have found, and where the rest of it stands. */
const APART: readonly (readonly [title: string, file: string, text: string])[] = [
  [
    'Lag against polls',
    'lag',
    `By \`cd bench && npm run lag\`, in virtual time; [all schedules](../bench/results/LAG.md), also where we lose.

![Mean lag against polls](lag-frontier.svg)`,
  ],
  [
    'A fleet of workers',
    'distributed',
    'By `npm run bench:distributed`, with real processes and a real Redis; [all that it found](../bench/results/DISTRIBUTED.md).',
  ],
]

/** The record of a script of its own. */
interface Apart {
  readonly bars: readonly Bar[]
  /** Figures without bars. */
  readonly capacity?: { readonly text?: string }
}

function apart([title, file, text]: (typeof APART)[number]): string {
  const record = readRecord<Apart>(file)
  if (record === undefined) return ''
  const texts = [text, record.capacity?.text ?? '']
  return textOf({ title, text: texts.filter(Boolean).join('\n\n'), bars: record.bars, record })
}

/** A part as it was found last: parts may be run one by one, and each says when and how. */
interface Kept extends Omit<Part, 'record'> {
  readonly began: string
  readonly command: string
  readonly machine: Machine
  readonly record?: unknown
}

const RESULTS = new URL('results/', BENCH)

function readRecord<A>(file: string): A | undefined {
  const path = new URL(`${file}.json`, RESULTS)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

function keptText({ began, command, machine, ...part }: Kept): string {
  const when = `By \`cd bench && ${command}\`, ${minute(began)}, load before it ${machine.load.toFixed(2)}.`
  return textOf({ ...part, record: undefined, text: `${when}\n\n${part.text}` })
}

function minute(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}

const failures: string[] = []
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'))
const quick = process.argv.includes('--quick')
for (const name of wanted) if (!(name in PARTS)) throw new RangeError(`there is no part ${name}`)
const around = machine()
const command = `npm run ${wanted.length === 1 ? wanted[0] : 'bench'}${quick ? ' -- --quick' : ''}`
const head = `# Performance

${machineText(around)}
`
console.log(
  `${head}${quick ? '\nWith --quick: small sizes, to see that it works; the figures say little.\n' : ''}`,
)

const kept = readRecord<Readonly<Record<string, Kept>>>('bench') ?? {}
const found: Record<string, Kept> = {}
for (const [name, run] of Object.entries(PARTS)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  try {
    const part = await run({ quick, tell })
    found[name] = { began: new Date().toISOString(), command, machine: machine(), ...part }
    for (const bar of part.bars)
      if (verdictOf(bar) === 'not measured') failures.push(`not measured: ${bar.what}`)
    console.log(`\n${textOf(part)}`)
  } catch (error) {
    failures.push(`${name}: ${String(error)}`)
    console.log(`\n## ${name}\n\nIt failed: ${String(error)}\n`)
  }
}
if (wanted.length === 0) {
  tell('lag')
  lag()
}
if (!quick) {
  mkdirSync(RESULTS, { recursive: true })
  const all = { ...kept, ...found }
  writeFileSync(new URL('bench.json', RESULTS), `${JSON.stringify(all, null, 2)}\n`)
  const parts = Object.keys(PARTS).flatMap((name) => (all[name] ? [keptText(all[name])] : []))
  const texts = [head, ...parts, ...APART.map(apart)].filter(Boolean)
  writeFileSync(new URL('../docs/PERFORMANCE.md', BENCH), `${texts.join('\n').trimEnd()}\n`)
}
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0
