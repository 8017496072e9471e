import { existsSync } from 'node:fs'
import { type Expectation, type Row, TABLE } from './table.js'

/** The URL of docs/FAULTS.md. This module runs as source and compiled, in folders of different depth. */
export const PAGE_PATH: URL = new URL(
  'docs/FAULTS.md',
  [new URL('../..', import.meta.url), new URL('../../..', import.meta.url)].find((folder) =>
    existsSync(new URL('README.md', folder)),
  ),
)

const HEAD = `# Faults

This page lists how a watch reacts to faults of the network, load balancers, servers and token servers. Each row is
tested over real sockets by \`spec/faults/table-spec.ts\`; \`npm run docs:faults\` generates the page from the same table.

A transient fault is not emitted: the watch retries, and in these tests the retry succeeds. The last column shows the
final result if the fault persists. Google's errors are tested in both formats. In every row no secret is shown, no
other host receives a request, and no socket stays open.
`

/** Returns the page for a table. */
export function renderPage(rows: readonly Row[] = TABLE): string {
  const groups = [...new Set(rows.map(({ group }) => group))]
  return [
    HEAD,
    ...groups.map((group) =>
      section(
        group,
        rows.filter((row) => row.group === group),
      ),
    ),
  ].join('\n')
}

function section(group: string, rows: readonly Row[]): string {
  return [
    `## ${group}\n`,
    '| Fault | Emissions | Requests | Final result if the fault persists |',
    '|---|---|---|---|',
    ...rows.map(
      (row) => `| ${faultText(row)} | ${emitsText(row)} | ${requestsText(row)} | ${ifPersistentText(row)} |`,
    ),
    '',
  ].join('\n')
}

function faultText({ name, note }: Row): string {
  return note === undefined ? name : `${name} (${note})`
}

function tags({ emits }: Expectation): string {
  return emits.map((tag) => `\`${tag}\``).join(', ')
}

function emitsText(row: Row): string {
  return row.ifPersistent ? `none, then ${tags(row)}` : tags(row)
}

function requestsText({ requests, waits, tokens }: Row): string {
  return `${requests}${tokens ? ' to the token server' : ''}${waits ? `, at least ${waits[0]} ms apart` : ''}`
}

function ifPersistentText({ ifPersistent }: Row): string {
  if (ifPersistent === undefined) return ''
  const option = LIMITS[ifPersistent.emits.at(-1) ?? '']
  return `${tags(ifPersistent)} ${option ? `after \`${option}\`` : `after ${ifPersistent.requests} requests`}`
}

const LIMITS: Readonly<Record<string, string>> = {
  Unreachable: 'maxRetryTime',
  CredentialsError: 'maxRetryTime',
  OperationNotFound: 'visibilityWindow',
}
