import { existsSync } from 'node:fs'
import { type Expectation, type Row, TABLE } from './table.js'

/** The URL of docs/FAULTS.md. This module runs as source and compiled, in folders of different depth. */
export const PAGE_URL: URL = new URL(
  'docs/FAULTS.md',
  [new URL('../..', import.meta.url), new URL('../../..', import.meta.url)].find((folder) =>
    existsSync(new URL('README.md', folder)),
  ),
)

const HEAD = `# Faults

This page lists how a watch reacts to faults of the network, load balancers, servers and token servers. Each row is
tested over real sockets by \`spec/faults/table-spec.ts\`; \`npm run docs:faults\` generates the page from the same table.

A transient fault is not emitted: the watch retries, and in these tests the retry succeeds. The last column shows the
final result if the fault persists. Errors of Google APIs are tested in both error formats: \`$.xgafv=1\` and
\`$.xgafv=2\`. A bare status is a \`google.rpc.Status\` that is not inside \`error\`. Each test also checks that no error
contains a secret, that no other host receives a request, and that no socket stays open. Faults of
the network and the server are also tested with operations of Compute Engine, GKE and Cloud SQL.

A watch of Compute Engine uses \`wait\`, whose response the server holds. After a fault of a held request, the next request is a
GET, because a proxy may not hold a response that long. The response to that GET ends the fault in these tests.
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

/** Returns the tags of the expected emissions as Markdown. */
function tagList({ emits }: Expectation): string {
  return emits.map((tag) => `\`${tag}\``).join(', ')
}

function emitsText(row: Row): string {
  return row.ifPersistent ? `none, then ${tagList(row)}` : tagList(row)
}

function requestsText({ requests, waits, tokenResponses }: Row): string {
  return `${requests}${tokenResponses !== undefined ? ' to the token server' : ''}${waits ? `, at least ${Math.max(...waits)} ms apart` : ''}`
}

function ifPersistentText({ ifPersistent }: Row): string {
  if (ifPersistent === undefined) return ''
  const option = LIMIT_OPTIONS[ifPersistent.emits.at(-1) ?? '']
  return `${tagList(ifPersistent)} ${option ? `after \`${option}\`` : `after ${ifPersistent.requests} requests`}`
}

/** For each final result, the option whose time limit ends the retries of a persistent fault. */
const LIMIT_OPTIONS: Readonly<Record<string, string>> = {
  Unreachable: 'maxRetryTime',
  CredentialsError: 'maxRetryTime',
  OperationNotFound: 'visibilityWindow',
}
