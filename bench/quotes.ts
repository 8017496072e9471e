import { readFileSync, writeFileSync } from 'node:fs'
import type { Quartiles } from './quantile.ts'

/** The ratios of a part that the documents quote. */
type Ratios = Readonly<Record<string, Quartiles>>

/** The stored results of the parts. */
type Results = Readonly<Record<string, { readonly record?: unknown } | undefined>>

/** The documents with a row for each label. README.md has links in the first column, and not all rows. */
const DOCUMENTS = ['docs/COMPARISON.md', 'README.md']

/** Writes the measured figures into the rows that quote them. */
export function writeQuotes(results: Results): void {
  const quotes = quotesOf(results)
  for (const document of DOCUMENTS) {
    const file = new URL(`../../${document}`, import.meta.url)
    const lines = readFileSync(file, 'utf8').split('\n')
    const written = lines.map((line) => {
      const [first = ''] = line.replace('| ', '').split(' | ', 1)
      const [, label = first] = /^\[(.+)\]\(.+\)$/.exec(first) ?? []
      const cells = quotes.get(label)
      return cells === undefined ? line : `| ${[first, ...cells].join(' | ')} |`
    })
    writeFileSync(file, written.join('\n'))
  }
}

/** Returns the cells of each row: of this library, google-gax, @googleapis and @azure/core-lro. */
function quotesOf({ tls, start }: Results): ReadonlyMap<string, readonly string[]> {
  // A name without a ratio is the text of its cell.
  const cells = (part: Results[string], key: string, names: readonly string[]): readonly string[] => {
    const ratios: Ratios = Object(part?.record)[key] ?? {}
    return names.map((name) => ratios[name]?.median.toFixed(1) ?? name)
  }
  const unmeasured = 'not measured'
  return new Map([
    [
      'CPU time of a poll over https, ratio to `node:https`',
      cells(tls, 'timesHttps', ['watch', 'gax', 'googleapis', unmeasured]),
    ],
    ['the same in batches of 100', cells(tls, 'timesHttps', ['batch', '—', '—', unmeasured])],
    [
      'import and first poll, ratio to `node -e 0`',
      cells(start, 'timesNode', ['pollOurs', 'pollGax', 'pollGoogleapis', unmeasured]),
    ],
  ])
}
