// The process of one library. It waits for the operations that the parent names and sends the results.
import { isDeepStrictEqual } from 'node:util'
import { messagesOf, readFacts } from './facts.ts'
import { leaksOf } from './leaks.ts'
import { LIBRARIES, LIBRARY_NAMES } from './libraries.ts'
import type { Library, LibraryResult, Token } from './library.ts'
import { CAP, MAX_MEMORY, OVER_MEMORY, TOKEN } from './limits.ts'
import type { Finding, FromWorker, Run } from './protocol.ts'
import { ROWS, type Row } from './rows.ts'
import type { Observation } from './verdict.ts'

const NO_LEAKS = { inspect: false, json: false }

function send(message: FromWorker): void {
  return void process.send?.(message)
}

async function wait(library: Library, { row: index, endpoint, operation }: Run): Promise<Finding> {
  const row = ROWS[index]
  if (row === undefined) throw new RangeError(`row ${index} does not exist`)
  const startedAt = performance.now()
  const controller = new AbortController()
  const cap = after(CAP)
  const result = await Promise.race([
    library(endpoint, operation, tokenOf(row), controller.signal).catch(rejected),
    cap.promise,
  ])
  const took = Math.round(performance.now() - startedAt)
  cap.cancel()
  controller.abort()
  return findingOf(row, result, took)
}

function tokenOf({ renews }: Row): Token {
  let count = 0
  const nextToken = (): string => {
    count += 1
    return `${TOKEN}-${count}`
  }
  return renews ? nextToken : TOKEN
}

function rejected(error: unknown): LibraryResult {
  return { ended: 'rejected', error }
}

function after(ms: number): { readonly promise: Promise<undefined>; readonly cancel: () => void } {
  let timer: NodeJS.Timeout
  const promise = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms)
  })
  return { promise, cancel: () => clearTimeout(timer) }
}

function findingOf(row: Row, result: LibraryResult | undefined, took: number): Finding {
  const base: Observation = { form: row.form, truth: row.truth, ended: 'nothing', found: [], missing: [] }
  if (result === undefined) return { observation: base, took, leaks: NO_LEAKS }
  if (result.ended === 'resolved') {
    const isSame = row.response === undefined || isSameResponse(row.response, result.response)
    const response = isSame ? 'the same' : 'another'
    return { observation: { ...base, ended: 'resolved', response }, took, leaks: NO_LEAKS }
  }
  const { error, claims, state } = result
  const facts = readFacts(row.facts, error)
  return {
    observation: { ...base, ended: 'rejected', ...(claims && { claims }), ...facts },
    took,
    error: describeError(error),
    ...(state !== undefined && { state }),
    leaks: leaksOf(error, TOKEN),
  }
}

/** Returns whether all members of the sent response are present. A decoder may add empty members and drop the type. */
function isSameResponse(sent: unknown, received: unknown): boolean {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent))
    return isDeepStrictEqual(sent, received)
  if (typeof received !== 'object' || received === null) return false
  return Object.entries(sent).every(
    ([key, value]) => key === '@type' || isSameResponse(value, Reflect.get(received, key)),
  )
}

function describeError(error: unknown): string {
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

const [argument] = process.argv.slice(2)
const name = LIBRARY_NAMES.find((library) => library === argument)
if (name === undefined) throw new RangeError(`unknown library "${argument}"`)
const library = await LIBRARIES[name]().catch((error: unknown) => {
  send({ _tag: 'LoadFailed', reason: describeError(error) })
  return undefined
})
if (library !== undefined) {
  // An endless body must not exhaust the memory of the machine. The parent repeats interrupted runs in new processes.
  setInterval(() => process.memoryUsage().rss > MAX_MEMORY && process.exit(OVER_MEMORY), 100)
  process.on('message', (run: Run) => {
    void wait(library, run).then((finding) => send({ _tag: 'Finished', operation: run.operation, finding }))
  })
  process.on('disconnect', () => process.exit())
  send({ _tag: 'Ready' })
}
