import { readFileSync, writeFileSync } from 'node:fs'
import type { Quartiles } from './quantile.ts'

/** The ratios of a part that the documents quote. */
type Ratios = Readonly<Record<string, Quartiles>>

/** The stored results of the parts. */
type Results = Readonly<Record<string, { readonly record?: unknown } | undefined>>

/** The document with a row for each label. */
const COMPARISON = 'docs/COMPARISON.md'
/** README.md has links in the first column, and not all rows. */
const DOCUMENTS = [COMPARISON, 'README.md']

/** Writes the measured figures into the rows that quote them. Throws if the comparison lacks a row. */
export function writeQuotes(results: Results): void {
  const quotes = quotesOf(results)
  for (const document of DOCUMENTS) {
    const file = new URL(`../../${document}`, import.meta.url)
    const missing = new Set(quotes.keys())
    const lines = readFileSync(file, 'utf8').split('\n')
    const written = lines.map((line) => {
      const [first = ''] = line.replace('| ', '').split(' | ', 1)
      const [, label = first] = /^\[(.+)\]\(.+\)$/.exec(first) ?? []
      const cells = quotes.get(label)
      missing.delete(label)
      return cells === undefined ? line : `| ${[first, ...cells].join(' | ')} |`
    })
    if (document === COMPARISON && missing.size > 0)
      throw new Error(`${document} has no row "${[...missing].join('", "')}"`)
    writeFileSync(file, written.join('\n'))
  }
}

/** The text of a cell without a ratio. */
const UNMEASURED = 'not measured'
/** The cell of a library without the measured feature. */
const NOT_APPLICABLE = '—'

/** Returns the cells of each row: of this library, google-gax, @googleapis and @azure/core-lro. */
function quotesOf({ tls, start }: Results): ReadonlyMap<string, readonly string[]> {
  const cells = (part: Results[string], key: string, names: readonly string[]): readonly string[] => {
    const ratios: Ratios = Object(part?.record)[key] ?? {}
    return names.map((name) =>
      name === NOT_APPLICABLE ? name : (ratios[name]?.median.toFixed(1) ?? UNMEASURED),
    )
  }
  return new Map([
    [
      'CPU time of a poll over https, ratio to `node:https`',
      cells(tls, 'timesHttps', ['watch', 'gax', 'googleapis', UNMEASURED]),
    ],
    [
      'the same in batches of 100',
      cells(tls, 'timesHttps', ['batch', NOT_APPLICABLE, NOT_APPLICABLE, UNMEASURED]),
    ],
    [
      'import and first poll, ratio to `node -e 0`',
      cells(start, 'timesNode', ['pollOurs', 'pollGax', 'pollGoogleapis', UNMEASURED]),
    ],
  ])
}
