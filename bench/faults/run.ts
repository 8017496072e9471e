import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { judge, type Word } from './judge.ts'
import { LIBRARY_NAMES, type LibraryName } from './libraries.ts'
import { CAP, OVER_MEMORY, ROWS_AT_ONCE, WHOLE } from './limits.ts'
import type { Counts, Finding, FromServer, FromWorker, Run, ToServer } from './messages.ts'
import { ROWS, type Row } from './rows.ts'

/** What came of one library in one row; `early` where it asked before the server wished. */
export type Cell = Finding & Counts & { readonly word: Word; readonly early: boolean }

/** What came of a row; a library that could not be run is not in it. */
export interface Result {
  readonly row: Row
  readonly cells: Readonly<Partial<Record<LibraryName, Cell>>>
}

/** What came of all. */
export interface Results {
  readonly results: readonly Result[]
  /** Why a library could not be run at all. */
  readonly refused: Readonly<Partial<Record<LibraryName, string>>>
  /** Milliseconds. */
  readonly took: number
}

/** Runs every row with every library, the libraries of a row at once. */
export async function runAll(progress: (done: number, of: number) => void): Promise<Results> {
  const began = performance.now()
  const stop = setTimeout(() => {
    throw new Error(`the bench was not done within ${WHOLE} ms`)
  }, WHOLE)
  const children = new Set<ChildProcess>()
  const start = (file: string, ...args: readonly string[]): ChildProcess => {
    const child = fork(fileURLToPath(new URL(file, import.meta.url)), args, {
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    child.setMaxListeners(0)
    children.add(child)
    child.once('exit', () => children.delete(child))
    return child
  }
  try {
    const server = await startServer(start('./server.ts'))
    const workers = await Promise.all(
      LIBRARY_NAMES.map(async (name) => startWorkers(name, () => start('./worker.ts', name))),
    )
    const able = workers.filter(({ reason }) => reason === undefined)
    const results: Result[] = []
    const next = ROWS.entries()
    const slot = async (): Promise<void> => {
      for (const [index, row] of next) {
        const cells = await Promise.all(able.map((worker) => runCell(server, worker, index, row)))
        results[index] = { row, cells: Object.fromEntries(cells) }
        progress(results.filter(Boolean).length, ROWS.length)
      }
    }
    await Promise.all(Array.from({ length: ROWS_AT_ONCE }, slot))
    const refused = workers.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [[name, reason] as const],
    )
    return { results, refused: Object.fromEntries(refused), took: Math.round(performance.now() - began) }
  } finally {
    clearTimeout(stop)
    for (const child of children) child.kill('SIGKILL')
  }
}

interface Server {
  readonly endpoint: string
  readonly begin: (row: number, operation: string) => Promise<void>
  readonly end: (operation: string) => Promise<Counts>
}

async function startServer(child: ChildProcess): Promise<Server> {
  const ask = (message: ToServer): Promise<FromServer> => {
    const answer = heard<FromServer>(
      child,
      (said) => 'operation' in said && said.operation === message.operation,
    )
    child.send(message)
    return answer
  }
  const listening = await heard<FromServer>(child, ({ _tag }) => _tag === 'Listening')
  if (listening._tag !== 'Listening') throw new Error('the emulator did not say where it listens')
  return {
    endpoint: listening.endpoint,
    begin: async (row, operation) => void (await ask({ _tag: 'Begin', row, operation })),
    end: async (operation) => {
      const ended = await ask({ _tag: 'End', operation })
      if (ended._tag !== 'Ended') throw new Error(`the emulator did not end ${operation}`)
      return ended.counts
    },
  }
}

/** The process of a library came to an end. */
interface Lost {
  readonly lost: string
}

interface Workers {
  readonly name: LibraryName
  /** Why it cannot be run. */
  readonly reason?: string
  readonly run: (run: Run) => Promise<Finding | Lost>
  /** The same in a process of its own. */
  readonly runAlone: (run: Run) => Promise<Finding | Lost>
}

async function startWorkers(name: LibraryName, start: () => ChildProcess): Promise<Workers> {
  let child = await ready(start())
  const runIn = async (one: ChildProcess, run: Run): Promise<Finding | Lost> => {
    const isOurs = (said: FromWorker): boolean => said._tag === 'Finished' && said.operation === run.operation
    const answer = heard<FromWorker>(one, isOurs).catch(
      (error: unknown) => ({ _tag: 'Lost', lost: String(error) }) as const,
    )
    if (one.connected) one.send(run)
    const said = await answer
    if (said._tag === 'Finished') return said.finding
    return { lost: said._tag === 'Lost' ? said.lost : 'it spoke of something else' }
  }
  let restarting: Promise<void> | undefined
  return {
    name,
    ...(child.reason !== undefined && { reason: child.reason }),
    run: async (run) => {
      await restarting
      const { process: mine } = child
      const finding = await runIn(mine, run)
      if ('lost' in finding && child.process === mine)
        restarting ??= ready(start()).then((fresh) => {
          child = fresh
          restarting = undefined
        })
      return finding
    },
    runAlone: async (run) => {
      const { process: alone } = await ready(start())
      const finding = await runIn(alone, run)
      alone.kill('SIGKILL')
      return finding
    },
  }
}

async function ready(
  child: ChildProcess,
): Promise<{ readonly process: ChildProcess; readonly reason?: string }> {
  const said = await heard<FromWorker>(child, ({ _tag }) => _tag !== 'Finished').catch(
    (error: unknown): FromWorker => ({ _tag: 'Refused', reason: String(error) }),
  )
  return { process: child, ...(said._tag === 'Refused' && { reason: said.reason }) }
}

/** The first message that fits; rejects if the process ends before, or says nothing for longer than any wait lasts. */
function heard<M>(child: ChildProcess, fits: (message: M) => boolean): Promise<M> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      child.off('message', listen).off('exit', gone)
      act()
    }
    const listen = (message: unknown): void => {
      // The processes are our own: what they send is what messages.ts says.
      const said = message as M
      if (fits(said)) settle(() => resolve(said))
    }
    const gone = (code: number | null): void =>
      settle(() =>
        reject(
          new Error(
            code === OVER_MEMORY ? 'its process held too much memory' : `its process ended with ${code}`,
          ),
        ),
      )
    const timer = setTimeout(() => settle(() => reject(new Error('its process said nothing'))), CAP + 15_000)
    child.on('message', listen).once('exit', gone)
    if (child.exitCode !== null || child.signalCode !== null) gone(child.exitCode)
  })
}

/** Timers count whole milliseconds. */
const GRAIN = 2

let operations = 0
let queue: Promise<unknown> = Promise.resolve()

function oneAtATime<A>(run: () => Promise<A>): Promise<A> {
  const turn = queue.then(run)
  queue = turn.catch(() => undefined)
  return turn
}

async function runCell(
  server: Server,
  { name, run, runAlone }: Workers,
  index: number,
  row: Row,
): Promise<readonly [LibraryName, Cell]> {
  const attempt = async (
    runner: Workers['run'],
  ): Promise<{ readonly cell: Cell; readonly isLost: boolean }> => {
    operations += 1
    const operation = `operations/cp.${name}-${operations}`
    await server.begin(index, operation)
    const came = await runner({ row: index, endpoint: server.endpoint, operation })
    const isLost = 'lost' in came
    const finding = isLost ? crashed(row, came) : came
    const counts = await server.end(operation)
    const early = row.waits.some((wait, n) => (counts.gaps[n] ?? Number.POSITIVE_INFINITY) < wait - GRAIN)
    return { cell: { ...finding, ...counts, early, word: judge(finding.seen) }, isLost }
  }
  if (!row.heavy) {
    const { cell, isLost } = await attempt(run)
    if (!isLost) return [name, cell]
  }
  // A process that is lost takes all that it had under way with it: each is run again alone, to see whose fault it was.
  return [name, (await oneAtATime(() => attempt(runAlone))).cell]
}

function crashed({ form, truth }: Row, { lost }: Lost): Finding {
  return {
    seen: { form, truth, ended: 'crashed', found: [], missing: [] },
    took: 0,
    error: lost,
    leaks: { inspect: false, json: false },
  }
}
