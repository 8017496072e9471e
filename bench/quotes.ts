import { readFileSync, writeFileSync } from 'node:fs'
import type { Quartiles } from './quantile.ts'

/** The ratios of a part that the documents quote. */
type Ratios = Readonly<Record<string, Quartiles>>

/** The stored results of the parts. */
type Results = Readonly<Record<string, { readonly record?: unknown }>>

/** The documents with a row for each label. README.md has links in the first column, and not all rows. */
const DOCUMENTS = ['docs/COMPARISON.md', 'README.md']

/** Writes the measured figures into the rows that quote them. */
export function writeQuotes(results: Results): void {
  const rows = Object.entries(quotesOf(results))
  for (const document of DOCUMENTS) {
    const file = new URL(`../../${document}`, import.meta.url)
    const lines = readFileSync(file, 'utf8').split('\n')
    const written = lines.map((line) => {
      const [, first = '', label] = /^(\| (?:\[([^\]]+)\]\([^)]*\)|([^|]+)) \| )/.exec(line) ?? []
      const [, cells] =
        rows.find(([rowLabel]) => first !== '' && rowLabel === (label ?? first.slice(2, -3))) ?? []
      return cells === undefined ? line : `${first}${cells.join(' | ')} |`
    })
    writeFileSync(file, written.join('\n'))
  }
}

/** Returns the cells of each row: of this library, google-gax, @googleapis and @azure/core-lro. */
function quotesOf({ tls, start }: Results): Readonly<Record<string, readonly string[]>> {
  const { timesHttps } = Object(tls?.record) as { readonly timesHttps?: Ratios }
  const { timesNode } = Object(start?.record) as { readonly timesNode?: Ratios }
  const times = (ratio: Quartiles | undefined): string =>
    ratio === undefined ? 'not measured' : ratio.median.toFixed(1)
  return {
    'CPU time of a poll over https, ratio to `node:https`': [
      times(timesHttps?.watch),
      times(timesHttps?.gax),
      times(timesHttps?.googleapis),
      'not measured',
    ],
    'the same in batches of 100': [times(timesHttps?.batch), '—', '—', 'not measured'],
    'import and first poll, ratio to `node -e 0`': [
      times(timesNode?.pollOurs),
      times(timesNode?.pollGax),
      times(timesNode?.pollGoogleapis),
      'not measured',
    ],
  }
}
