import type { Quartiles } from './quantile.ts'

/** Returns a Markdown table with aligned columns. The first row is the head. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => (row[column] ?? '').length)),
  )
  const line = (row: readonly string[], fill = ' '): string =>
    `| ${widths.map((width, column) => (row[column] ?? '').padEnd(width, fill)).join(' | ')} |`
  const [head = [], ...body] = rows
  return [line(head), line([], '-'), ...body.map((row) => line(row))].join('\n')
}

/** Formats a number with a fixed count of decimals and separators between thousands. */
export function formatNumber(value: number | undefined, decimals = 2): string {
  return value === undefined || Number.isNaN(value)
    ? 'not measured'
    : value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
}

/** Formats a median and, in parentheses, the quartiles. */
export function spread({ median, lower, upper }: Quartiles, decimals: number): string {
  return `${formatNumber(median, decimals)} (${formatNumber(lower, decimals)}-${formatNumber(upper, decimals)})`
}
