import { existsSync } from 'node:fs'
import { type Outcome, type Row, TABLE } from './table.js'

/** Where the page stands, seen from the sources or from their compiled form. */
export const PAGE: URL = new URL(
  'docs/FAULTS.md',
  [new URL('../..', import.meta.url), new URL('../../..', import.meta.url)].find((folder) =>
    existsSync(new URL('README.md', folder)),
  ),
)

const HEAD = `# Faults

What a watch makes of these faults of a network, a load balancer or a server. Every line is run over real
sockets by \`spec/faults/table-spec.ts\`, from whose table this page is written by \`npm run docs:faults\`. A fault that
may pass is not a word: the watch says nothing and asks again, and here gets a good answer then; the last column says how
it ends where the fault stays. Google's errors are played in both of their formats. On each line no secret gets out,
nothing is asked of another host, and no socket is left.
`

/** The page, as the table gives it. */
export function page(rows: readonly Row[] = TABLE): string {
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
    '| fault | what the watch says | requests | when it lasts |',
    '|---|---|---|---|',
    ...rows.map(
      (row) => `| ${faultText(row)} | ${saysText(row)} | ${requestsText(row)} | ${lastsText(row)} |`,
    ),
    '',
  ].join('\n')
}

function faultText({ name, note }: Row): string {
  return note === undefined ? name : `${name} (${note})`
}

function tags({ gives }: Outcome): string {
  return gives.map((tag) => `\`${tag}\``).join(', ')
}

function saysText(row: Row): string {
  return row.lasts ? `nothing, then ${tags(row)}` : tags(row)
}

function requestsText({ requests, waits, tokens }: Row): string {
  return `${requests}${tokens ? ' for a token' : ''}${waits ? `, the second no sooner than ${waits[0]} ms after the first` : ''}`
}

function lastsText({ lasts }: Row): string {
  if (lasts === undefined) return ''
  const option = UNTIL[lasts.gives.at(-1) ?? '']
  return `${tags(lasts)} ${option ? `when \`${option}\` is over` : `after ${lasts.requests} requests`}`
}

const UNTIL: Readonly<Record<string, string>> = {
  Unreachable: 'maxRetryTime',
  CredentialsError: 'maxRetryTime',
  OperationNotFound: 'visibilityWindow',
}
