// The process of one library: waits for the operations that the parent names, and says what came of each.
import { isDeepStrictEqual } from 'node:util'
import { messagesOf, readFacts } from './facts.ts'
import type { Observation } from './judge.ts'
import { leaksOf } from './leaks.ts'
import { LIBRARIES, LIBRARY_NAMES } from './libraries.ts'
import { CAP, MEMORY, OVER_MEMORY, TOKEN } from './limits.ts'
import type { Finding, FromWorker, Run } from './messages.ts'
import { ROWS, type Row } from './rows.ts'
import type { Library, Seen, Token } from './seen.ts'

const NO_LEAKS = { inspect: false, json: false }

function say(message: FromWorker): void {
  return void process.send?.(message)
}

async function wait(library: Library, { row: index, endpoint, operation }: Run): Promise<Finding> {
  const row = ROWS[index]
  if (row === undefined) throw new RangeError(`there is no row ${index}`)
  const began = performance.now()
  const cap = new AbortController()
  const { promise: capped, end } = after(CAP)
  const seen = await Promise.race([
    library(endpoint, operation, tokenOf(row), cap.signal).catch(thrown),
    capped,
  ])
  const took = Math.round(performance.now() - began)
  end()
  cap.abort()
  return findingOf(row, seen, took)
}

function tokenOf({ renews }: Row): Token {
  let asked = 0
  const renewed = (): string => {
    asked += 1
    return `${TOKEN}-${asked}`
  }
  return renews ? renewed : TOKEN
}

function thrown(error: unknown): Seen {
  return { ended: 'rejected', error }
}

function after(ms: number): { readonly promise: Promise<undefined>; readonly end: () => void } {
  let timer: NodeJS.Timeout
  const promise = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return { promise, end: () => clearTimeout(timer) }
}

function findingOf(row: Row, seen: Seen | undefined, took: number): Finding {
  const base: Observation = { form: row.form, truth: row.truth, ended: 'nothing', found: [], missing: [] }
  if (seen === undefined) return { seen: base, took, leaks: NO_LEAKS }
  if (seen.ended === 'resolved') {
    const same = row.response === undefined || sameResponse(row.response, seen.response)
    const response = same ? 'the same' : 'another'
    return { seen: { ...base, ended: 'resolved', response }, took, leaks: NO_LEAKS }
  }
  const { error, claims, state } = seen
  const facts = readFacts(row.facts, error)
  return {
    seen: { ...base, ended: 'rejected', ...(claims && { claims }), ...facts },
    took,
    error: shown(error),
    ...(state !== undefined && { state }),
    leaks: leaksOf(error, TOKEN),
  }
}

/** Whether all members of the response are there; a decoder may add those that are empty, and drop the type. */
function sameResponse(sent: unknown, got: unknown): boolean {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return isDeepStrictEqual(sent, got)
  if (typeof got !== 'object' || got === null) return false
  return Object.entries(sent).every(
    ([key, value]) => key === '@type' || sameResponse(value, Reflect.get(got, key)),
  )
}

function shown(error: unknown): string {
  const kind = error instanceof Error ? error.name : tagOf(error)
  return `${kind}: ${messagesOf(error)}`
    .replaceAll(TOKEN, '[the token]')
    .replace(/127\.0\.0\.1:\d+/g, '[emulator]')
    .replace(/(?:file:\/\/)?\/\S*\/(?:bench|lib|node_modules)\//g, '')
    .replace(/\s+/g, ' ')
    .slice(0, 300)
}

function tagOf(error: unknown): string {
  return typeof error === 'object' && error !== null && '_tag' in error ? String(error._tag) : typeof error
}

const [wanted] = process.argv.slice(2)
const name = LIBRARY_NAMES.find((library) => library === wanted)
if (name === undefined) throw new RangeError(`there is no library ${wanted}`)
const loaded = await LIBRARIES[name]().catch((error: unknown) => {
  say({ _tag: 'Refused', reason: shown(error) })
  return undefined
})
if (loaded !== undefined) {
  // An endless body is stopped here before it takes the machine with it; the parent then runs what was under way alone.
  setInterval(() => process.memoryUsage().rss > MEMORY && process.exit(OVER_MEMORY), 100)
  process.on('message', (run: Run) => {
    void wait(loaded, run).then((finding) => say({ _tag: 'Finished', operation: run.operation, finding }))
  })
  process.on('disconnect', () => process.exit())
  say({ _tag: 'Ready' })
}
