// Runs the named parts of the bench, or all parts and the separate benches, and prints the results. A run without
// --quick stores them, and updates the documents that contain them. With --documents, it only updates the documents.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type Bar, tableOfBars, verdictOf } from './bar.ts'
import { type Baseline, changesText } from './baseline.ts'
import { type Machine, machine, machineText } from './machine.ts'
import type { Part, PartOptions } from './part.ts'
import { writeQuotes } from './quotes.ts'
import { formatNumber, table } from './table.ts'

const PARTS: Readonly<Record<string, (options: PartOptions) => Promise<Part>>> = {
  cost: async (options) => (await import('./cost/part.ts')).cost(options),
  tls: async (options) => (await import('./tls/part.ts')).tls(options),
  scale: async (options) => (await import('./scale/part.ts')).scale(options),
  million: async (options) => (await import('./scale/million.ts')).million(options),
  start: async (options) => (await import('./start/part.ts')).start(options),
  telemetry: async (options) => (await import('./telemetry/part.ts')).telemetry(options),
}

const BENCH = new URL('../', import.meta.url)
const RESULTS = new URL('results/', BENCH)

function reportProgress(progress: string): void {
  process.stderr.write(process.stderr.isTTY ? `\r\u001b[K${progress}` : `${progress}\n`)
}

function sectionOf({ title, text, bars }: Pick<Part, 'title' | 'text' | 'bars'>): string {
  return `## ${title}\n\n${text}\n\n${tableOfBars(bars)}\n`
}

/** The commands of the benches that write their own page. */
const COMMANDS = {
  lag: ['--import', 'tsx', 'lag/main.ts'],
  distributed: [
    '--import',
    'tsx',
    '.build/distributed/main.js',
    ...(process.argv.includes('--quick') ? ['--quick'] : []),
  ],
}

function runSeparate(name: keyof typeof COMMANDS): void {
  reportProgress(name)
  const { status } = spawnSync(process.execPath, COMMANDS[name], {
    cwd: BENCH,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) failures.push(`npm run ${name} exited with ${status}`)
}

/** The benches that write their own page. */
const SEPARATE: readonly (readonly [title: string, file: string, text: string])[] = [
  [
    'Number of polls and lag',
    'lag',
    `Measured with \`cd bench && npm run lag\`, in virtual time. The lag is the time from the end of an operation to the poll that detects it. Run
times are log-uniform from 3 to 300 s, or as the row names them. Before the measurement, \`learned()\` got 200 run times: from a record, or from
200 watches (rows "watched"). With the wide limit, waits are at most 15 s, or the elapsed time if that is longer. The rows with "progress"
measure forecasts for operations that report their progress. A "failure" ends at a random fraction, and an "early failure" at a random share
of the run time. \`bench/results/LAG.md\` has all schedules. Some schedules of other libraries are better.

![Mean lag against polls](lag-frontier.svg)`,
  ],
  [
    'A fleet of workers',
    'distributed',
    'Measured with `npm run bench:distributed`, with real processes and a real Redis. In the table of targets, the text before the colon names the test.\n`bench/results/DISTRIBUTED.md` describes the tests and has all results.',
  ],
]

/** The stored record of a separate bench. */
interface SeparateRecord {
  readonly bars: readonly Bar[]
  /** Figures without limits. */
  readonly capacity?: { readonly text?: string }
  /** The figures of the forecasts for each kind of progress, by the name of the run times. */
  readonly progress?: readonly { readonly schedule: string; readonly [mix: string]: unknown }[]
}

/** A mean lag of a forecast above this multiple of the lag without progress is a weak point. */
const WEAK = 1.1

/** Returns the weak points of the forecasts, if they are measured. */
function forecastText({ progress = [] }: SeparateRecord): string {
  const lagOf = (kind: string, mix: string): number =>
    Object(progress.find(({ schedule }) => schedule === kind)?.[mix]).meanLag
  const all = progress
    .filter(({ schedule }) => !schedule.endsWith('none'))
    .flatMap(({ schedule, waits: _, ...mixes }) =>
      Object.keys(mixes).map((mix) => {
        const before = lagOf(schedule === 'early failure' ? 'early failure, none' : 'none', mix)
        const after = lagOf(schedule, mix)
        return { before, after, times: after / before, what: [schedule, mix] }
      }),
    )
  const weak = all.filter(({ times }) => times > WEAK).sort((one, other) => other.times - one.times)
  if (weak.length === 0) return ''
  const rows = weak.map(({ what, ...lags }) => [
    ...what,
    ...[lags.before, lags.after, lags.times].map((figure) => formatNumber(figure)),
  ])
  return `Forecasts have weak points: in ${weak.length} of ${all.length} combinations of progress and run times, the mean lag is more than ${WEAK} times the lag without
progress. Lags are in seconds.

${table([['progress', 'run times', 'lag without progress', 'lag', 'ratio'], ...rows])}`
}

function separateSection([title, file, text]: (typeof SEPARATE)[number]): string {
  const record = readRecord<SeparateRecord>(file)
  if (record === undefined) return ''
  const texts = [text, record.capacity?.text ?? '', forecastText(record)]
  return sectionOf({ title, text: texts.filter(Boolean).join('\n\n'), bars: record.bars })
}

/** The last stored run of a part, with its time and command, because parts can run one by one. */
interface StoredPart extends Omit<Part, 'record'> {
  readonly began: string
  readonly command: string
  readonly machine: Machine
  readonly record?: unknown
}

function readRecord<A>(file: string): A | undefined {
  const path = new URL(`${file}.json`, RESULTS)
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : undefined
}

function storedSection({ began, command, machine, title, text, bars }: StoredPart): string {
  const run = `Measured with \`cd bench && ${command}\`, ${minuteOf(began)}. Load average before the run: ${machine.load.toFixed(2)}.`
  return sectionOf({ title, text: `${run}\n\n${text}`, bars })
}

function changesSection(parts: readonly StoredPart[]): string {
  const baseline = readRecord<Baseline>('baseline')
  if (baseline === undefined) return ''
  const separate = SEPARATE.map(([, file]) => readRecord<SeparateRecord>(file))
  const bars = [...parts, ...separate].flatMap((record) => record?.bars ?? [])
  return `## Changes since the run of ${baseline.date}\n\n${changesText(baseline, bars)}\n`
}

function minuteOf(time: string): string {
  return `${time.slice(0, 16).replace('T', ' ')} UTC`
}

const failures: string[] = []
const names = process.argv.slice(2).filter((argument) => !argument.startsWith('--'))
const quick = process.argv.includes('--quick')
const onlyDocuments = process.argv.includes('--documents')
for (const name of names) if (!(name in PARTS)) throw new RangeError(`unknown part "${name}"`)
const command = `npm run ${names.length === 1 ? names[0] : 'bench'}${quick ? ' -- --quick' : ''}`
function headOf(machine: Machine): string {
  return `# Performance\n\n${machineText(machine)}\n`
}
console.log(
  `${headOf(machine())}${quick ? '\nWith --quick: small sizes, only to check that the bench works. The figures are not meaningful.\n' : ''}`,
)

const stored = readRecord<Readonly<Record<string, StoredPart>>>('bench') ?? {}
const measured: Record<string, StoredPart> = {}
for (const [name, run] of Object.entries(PARTS)) {
  if (onlyDocuments || (names.length > 0 && !names.includes(name))) continue
  try {
    // Read before the run, because the load average must not include the load of the run.
    const facts = { began: new Date().toISOString(), command, machine: machine() }
    const part = await run({ quick, onProgress: reportProgress })
    measured[name] = { ...facts, ...part }
    for (const bar of part.bars) if (verdictOf(bar) !== 'MET') failures.push(`${verdictOf(bar)}: ${bar.what}`)
    console.log(`\n${sectionOf(part)}`)
  } catch (error) {
    failures.push(`${name}: ${String(error)}`)
    console.log(`\n## ${name}\n\nFailed: ${String(error)}\n`)
  }
}
if (names.length === 0 && !onlyDocuments) {
  runSeparate('lag')
  runSeparate('distributed')
}
if (!quick) {
  mkdirSync(RESULTS, { recursive: true })
  const all = { ...stored, ...measured }
  writeFileSync(new URL('bench.json', RESULTS), `${JSON.stringify(all, null, 2)}\n`)
  const parts = Object.keys(PARTS).flatMap((name) => all[name] ?? [])
  const latest = parts.reduce((one, other) => (one.began > other.began ? one : other))
  const sections = [...parts.map(storedSection), ...SEPARATE.map(separateSection), changesSection(parts)]
  const text = [headOf(latest.machine), ...sections].filter(Boolean).join('\n').trimEnd()
  writeFileSync(new URL('../docs/PERFORMANCE.md', BENCH), `${text}\n`)
  writeQuotes(all)
}
for (const failure of failures) console.error(failure)
process.exitCode = failures.length > 0 ? 1 : 0
