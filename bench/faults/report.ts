import type { Word } from './judge.ts'
import { LIBRARY_NAMES, type LibraryName } from './libraries.ts'
import { CAP, MEMORY, PATIENCE } from './limits.ts'
import type { Cell, Result, Results } from './run.ts'
import type { Surroundings } from './surroundings.ts'

/** From the best to the worst. */
const WORDS: readonly Word[] = ['right', 'told', 'lost', 'died', 'hung', 'wrong']

const MEANINGS: Readonly<Record<Word, string>> = {
  right: 'the true end was learned, with its response or with each fact of its error',
  told: 'an error that lets a person read each fact of what happened',
  lost: 'an error without some of the facts, a success without its response, or an error for a success',
  died: 'gave up on a fault that passes, or took its process with it',
  hung: `nothing within ${CAP / 1_000} s`,
  wrong: 'success of an operation that failed or of which nobody said that it is done, or the reverse',
}

const COLUMNS: Readonly<Record<LibraryName, string>> = {
  ours: 'rx-longrunning',
  gax: 'google-gax, REST',
  googleapis: '@googleapis + loop',
  azure: '@azure/core-lro',
}

/** The page that is printed and kept. */
export function page(results: Results, surroundings: Surroundings): string {
  return [
    '# Faults compared',
    'Written by `npm run faults` in `bench/`; what was seen, from which each word follows, is in `faults.json`.',
    [
      `- Machine: ${surroundings.machine}; Node ${surroundings.node}; ${Math.round(results.took / 1_000)} s in all`,
      ...Object.entries(surroundings.packages).map(([name, version]) => `- ${name} ${version}`),
    ].join('\n'),
    SETTINGS,
    ['Each cell: the word, the requests, and the seconds until it was said.', meanings()].join('\n\n'),
    refusals(results),
    ...sections(results),
    '## Totals',
    totals(results.results),
    '## Where another does better than rx-longrunning',
    betters(results.results),
    '## Where rx-longrunning says the same, but asks more or takes longer',
    slower(results.results),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

const SETTINGS = [
  '- The rows are those of `spec/faults/table.ts`, by which the library itself is held to its word; where a row has two',
  '  forms, the fault passes after a poll or two, or it lasts. One row is added: a redirect to another port. Responses and',
  '  metadata that have no type in the table are given one of Resource Manager, without which google-gax reads none.',
  '- All options are the defaults, but for the endpoint, the credential, and these two, which only make the wait fit',
  `  the cap of ${CAP / 1_000} s: \`maxRetryTime\` of rx-longrunning is ${PATIENCE / 1_000} s (by default 600 s once the server has answered, and 30 s`,
  '  before: of an HTTP error that lasts it says nothing for ten minutes), and the limit of google-gax for the whole is',
  `  ${PATIENCE / 1_000} s (by default none). The others have no such option, and no timeout of a request by default.`,
  '- google-gax waits by `checkCreateProjectProgress(name)` and `promise()`; @googleapis by a `while (!done)` with 1 s of',
  "  sleep, which keeps all of the operation's error; @azure/core-lro by `createHttpPoller` over the default pipeline of",
  '  @azure/core-rest-pipeline, with `done` said as the `status` that it reads.',
  '- The emulator and each library run in processes of their own; the libraries of a row run at the same time. One that',
  `  holds over ${MEMORY / 2 ** 20} MiB is ended.`,
].join('\n')

function meanings(): string {
  return WORDS.map((word) => `- \`${word}\`: ${MEANINGS[word]}`).join('\n')
}

function refusals({ refused }: Results): string {
  return Object.entries(refused)
    .map(([name, reason]) => `- ${name} could not be run: ${reason}`)
    .join('\n')
}

function sections({ results, refused }: Results): readonly string[] {
  const groups = [...new Set(results.map(({ row }) => row.group))]
  return groups.flatMap((group) => {
    const rows = results.filter(({ row }) => row.group === group)
    const lines = rows.map(({ row, cells }) => [
      row.name,
      row.form,
      ...LIBRARY_NAMES.map((name) => (name in refused ? 'not run' : cellText(cells[name]))),
    ])
    return [
      `## ${group}`,
      drawn([['fault', 'form', ...LIBRARY_NAMES.map((name) => COLUMNS[name])], ...lines]),
    ]
  })
}

function cellText(cell: Cell | undefined): string {
  if (cell === undefined) return ''
  const leak = cell.leaks.inspect || cell.leaks.json ? ', leaks' : ''
  const early = cell.early ? ', early' : ''
  const sent = cell.tokenElsewhere ? ', token sent elsewhere' : ''
  return `${cell.word} ${cell.requests} ${(cell.took / 1_000).toFixed(1)}${early}${leak}${sent}`
}

function totals(results: readonly Result[]): string {
  const cellsOf = (name: LibraryName): readonly Cell[] => results.flatMap(({ cells }) => cells[name] ?? [])
  const count = (what: string, fits: (cell: Cell) => boolean): readonly string[] => [
    what,
    ...LIBRARY_NAMES.map((name) => String(cellsOf(name).filter(fits).length)),
  ]
  const sum = (what: string, value: (cell: Cell) => number): readonly string[] => [
    what,
    ...LIBRARY_NAMES.map((name) =>
      String(Math.round(cellsOf(name).reduce((all, cell) => all + value(cell), 0))),
    ),
  ]
  return drawn([
    ['', ...LIBRARY_NAMES.map((name) => COLUMNS[name])],
    count('rows', () => true),
    ...WORDS.map((word) => count(word, (cell) => cell.word === word)),
    sum('requests', ({ requests, elsewhere }) => requests + elsewhere),
    sum('seconds waited', ({ took }) => took / 1_000),
    count('asked before Retry-After', ({ early }) => early),
    count('the credential in util.inspect', ({ leaks }) => leaks.inspect),
    count('the credential in JSON', ({ leaks }) => leaks.json),
    count('asked another host', ({ elsewhere }) => elsewhere > 0),
    count('the credential sent to another host', ({ tokenElsewhere }) => tokenElsewhere),
    count(
      'saved state says failed, and it did not',
      ({ state, seen }) => state === 'failed' && seen.truth !== 'failed',
    ),
  ])
}

function rank(cell: Cell): number {
  return WORDS.indexOf(cell.word)
}
function title({ row }: Result): string {
  return `${row.name} (${row.form})`
}

function peersOf(result: Result): readonly (readonly [LibraryName, Cell])[] {
  return LIBRARY_NAMES.flatMap((name) => {
    const cell = result.cells[name]
    return name === 'ours' || cell === undefined ? [] : [[name, cell] as const]
  })
}

function betters(results: readonly Result[]): string {
  return listed(
    results.flatMap((result) => {
      const { ours } = result.cells
      if (ours === undefined) return []
      const better = peersOf(result).filter(([, cell]) => rank(cell) < rank(ours))
      const said = better.map(([name, { word }]) => `${COLUMNS[name]} \`${word}\``).join(', ')
      return better.length === 0 ? [] : [`- ${title(result)}: ours \`${ours.word}\`, ${said}`]
    }),
  )
}

/** More than half as long again and a second more, so that chance is not listed. */
function slower(results: readonly Result[]): string {
  return listed(
    results.flatMap((result) => {
      const { ours } = result.cells
      if (ours === undefined) return []
      const before = peersOf(result).filter(
        ([, cell]) =>
          rank(cell) === rank(ours) &&
          (cell.requests < ours.requests || (cell.took * 1.5 < ours.took && cell.took + 1_000 < ours.took)),
      )
      const said = before.map(([name, cell]) => `${COLUMNS[name]} ${cost(cell)}`).join(', ')
      return before.length === 0 ? [] : [`- ${title(result)}: ours ${cost(ours)}; ${said}`]
    }),
  )
}

function cost({ requests, took }: Cell): string {
  return `${requests} in ${(took / 1_000).toFixed(1)} s`
}
function listed(lines: readonly string[]): string {
  return lines.length === 0 ? 'Nowhere in this run.' : lines.join('\n')
}

/** A table of Markdown, in columns that a person can read as they are. */
function drawn(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width, fill)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [line(head), line([], '-'), ...body.map((row) => line(row))].join('\n')
}

/** What was seen, for those who trust no word: each cell with all that its word follows from. */
export function record(results: Results, { machine, node, packages }: Surroundings): object {
  return {
    machine,
    node,
    packages,
    limits: { cap: CAP, maxRetryTime: PATIENCE },
    notRun: results.refused,
    rows: Object.fromEntries(
      results.results.map((result) => [
        title(result),
        {
          group: result.row.group,
          truth: result.row.truth,
          facts: result.row.facts.map(({ what }) => what).join('; '),
          ...Object.fromEntries(Object.entries(result.cells).map(([name, cell]) => [name, recorded(cell)])),
        },
      ]),
    ),
  }
}

function recorded({ seen, word, leaks, gaps, elsewhere, tokenElsewhere, ...cell }: Cell): object {
  return {
    word,
    ended: seen.ended,
    ...(seen.response && { response: seen.response }),
    ...(seen.claims && { claims: seen.claims }),
    found: seen.found.join('; '),
    missing: seen.missing.join('; '),
    ...cell,
    gaps: gaps.join(' '),
    leaksInInspect: leaks.inspect,
    leaksInJson: leaks.json,
    ...(elsewhere > 0 && { elsewhere, tokenElsewhere }),
  }
}
