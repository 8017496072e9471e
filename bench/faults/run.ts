import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { LIBRARY_NAMES, type LibraryName } from './libraries.ts'
import { CAP, CONCURRENT_ROWS, OVER_MEMORY, TIMEOUT } from './limits.ts'
import type { Counts, Finding, FromServer, FromWorker, Run, ToServer } from './protocol.ts'
import { ROWS, type Row } from './rows.ts'
import { type Verdict, verdictOf } from './verdict.ts'

/** The result of one library in one row. `early` if it polled earlier than the server requested. */
export type Cell = Finding & Counts & { readonly verdict: Verdict; readonly early: boolean }

/** The results of a row. A library that could not be loaded is absent. */
export interface RowResult {
  readonly row: Row
  readonly cells: Readonly<Partial<Record<LibraryName, Cell>>>
}

/** The results of all rows. */
export interface Results {
  readonly results: readonly RowResult[]
  /** The errors of libraries that could not be loaded. */
  readonly notRun: Readonly<Partial<Record<LibraryName, string>>>
  /** Milliseconds. */
  readonly took: number
}

/** Runs every row with every library. The libraries of a row run at the same time. */
export async function runAll(onRow: (done: number, total: number) => void): Promise<Results> {
  const startedAt = performance.now()
  const timeout = setTimeout(() => {
    throw new Error(`the bench did not finish within ${TIMEOUT} ms`)
  }, TIMEOUT)
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
      LIBRARY_NAMES.map(async (name) => startWorker(name, () => start('./worker.ts', name))),
    )
    const loaded = workers.filter(({ reason }) => reason === undefined)
    const results: RowResult[] = []
    const rows = ROWS.entries()
    const runRows = async (): Promise<void> => {
      for (const [index, row] of rows) {
        const cells = await Promise.all(loaded.map((worker) => runCell(server, worker, index, row)))
        results[index] = { row, cells: Object.fromEntries(cells) }
        onRow(results.filter(Boolean).length, ROWS.length)
      }
    }
    await Promise.all(Array.from({ length: CONCURRENT_ROWS }, runRows))
    const notRun = workers.flatMap(({ name, reason }) =>
      reason === undefined ? [] : [[name, reason] as const],
    )
    return { results, notRun: Object.fromEntries(notRun), took: Math.round(performance.now() - startedAt) }
  } finally {
    clearTimeout(timeout)
    for (const child of children) child.kill('SIGKILL')
  }
}

interface Server {
  readonly endpoint: string
  readonly start: (row: number, operation: string) => Promise<void>
  readonly stop: (operation: string) => Promise<Counts>
}

async function startServer(child: ChildProcess): Promise<Server> {
  const request = (message: ToServer): Promise<FromServer> => {
    const response = nextMessage<FromServer>(
      child,
      (received) => 'operation' in received && received.operation === message.operation,
    )
    child.send(message)
    return response
  }
  const listening = await nextMessage<FromServer>(child, ({ _tag }) => _tag === 'Listening')
  if (listening._tag !== 'Listening') throw new Error('the emulator did not send its endpoint')
  return {
    endpoint: listening.endpoint,
    start: async (row, operation) => void (await request({ _tag: 'Start', row, operation })),
    stop: async (operation) => {
      const stopped = await request({ _tag: 'Stop', operation })
      if (stopped._tag !== 'Stopped') throw new Error(`the emulator did not stop ${operation}`)
      return stopped.counts
    },
  }
}

/** The process of a library exited during a run. */
interface ProcessLost {
  readonly reason: string
}

interface Worker {
  readonly name: LibraryName
  /** The error if the library could not be loaded. */
  readonly reason?: string
  /** Runs in the shared process of the library. */
  readonly run: (run: Run) => Promise<Finding | ProcessLost>
  /** Runs in a new process. */
  readonly runAlone: (run: Run) => Promise<Finding | ProcessLost>
}

async function startWorker(name: LibraryName, start: () => ChildProcess): Promise<Worker> {
  let current = await whenReady(start())
  const runIn = async (child: ChildProcess, run: Run): Promise<Finding | ProcessLost> => {
    const response = nextMessage<FromWorker>(
      child,
      (message) => message._tag === 'Finished' && message.operation === run.operation,
    ).catch((error: unknown) => ({ _tag: 'Lost', reason: String(error) }) as const)
    if (child.connected) child.send(run)
    const message = await response
    if (message._tag === 'Finished') return message.finding
    return { reason: message._tag === 'Lost' ? message.reason : `unexpected message ${message._tag}` }
  }
  let restarting: Promise<void> | undefined
  return {
    name,
    ...(current.reason !== undefined && { reason: current.reason }),
    run: async (run) => {
      await restarting
      const { child } = current
      const finding = await runIn(child, run)
      if ('reason' in finding && current.child === child)
        restarting ??= whenReady(start()).then((restarted) => {
          current = restarted
          restarting = undefined
        })
      return finding
    },
    runAlone: async (run) => {
      const { child } = await whenReady(start())
      const finding = await runIn(child, run)
      child.kill('SIGKILL')
      return finding
    },
  }
}

async function whenReady(
  child: ChildProcess,
): Promise<{ readonly child: ChildProcess; readonly reason?: string }> {
  const message = await nextMessage<FromWorker>(child, ({ _tag }) => _tag !== 'Finished').catch(
    (error: unknown): FromWorker => ({ _tag: 'LoadFailed', reason: String(error) }),
  )
  return { child, ...(message._tag === 'LoadFailed' && { reason: message.reason }) }
}

/** Resolves with the first matching message. Rejects if the process exits, or sends none for longer than any wait. */
function nextMessage<M>(child: ChildProcess, matches: (message: M) => boolean): Promise<M> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void): void => {
      clearTimeout(timer)
      child.off('message', receive).off('exit', fail)
      act()
    }
    const receive = (received: unknown): void => {
      // protocol.ts defines all messages of the processes.
      const message = received as M
      if (matches(message)) settle(() => resolve(message))
    }
    const fail = (code: number | null): void =>
      settle(() =>
        reject(
          new Error(
            code === OVER_MEMORY
              ? 'the process exceeded the memory limit'
              : `the process exited with ${code}`,
          ),
        ),
      )
    const timer = setTimeout(
      () => settle(() => reject(new Error('the process sent no message'))),
      CAP + 15_000,
    )
    child.on('message', receive).once('exit', fail)
    if (child.exitCode !== null || child.signalCode !== null) fail(child.exitCode)
  })
}

/** The tolerance of gaps in milliseconds, because timers have a resolution of one millisecond. */
const TIMER_TOLERANCE = 2

let operations = 0
let queue: Promise<unknown> = Promise.resolve()

function oneAtATime<A>(run: () => Promise<A>): Promise<A> {
  const result = queue.then(run)
  queue = result.catch(() => undefined)
  return result
}

async function runCell(
  server: Server,
  { name, run, runAlone }: Worker,
  index: number,
  row: Row,
): Promise<readonly [LibraryName, Cell]> {
  const attempt = async (
    runIn: Worker['run'],
  ): Promise<{ readonly cell: Cell; readonly isLost: boolean }> => {
    operations += 1
    const operation = `operations/cp.${name}-${operations}`
    await server.start(index, operation)
    const result = await runIn({ row: index, endpoint: server.endpoint, operation })
    const isLost = 'reason' in result
    const finding = isLost ? crashed(row, result) : result
    const counts = await server.stop(operation)
    const early = row.waits.some(
      (wait, n) => (counts.gaps[n] ?? Number.POSITIVE_INFINITY) < wait - TIMER_TOLERANCE,
    )
    return { cell: { ...finding, ...counts, early, verdict: verdictOf(finding.observation) }, isLost }
  }
  if (!row.heavy) {
    const { cell, isLost } = await attempt(run)
    if (!isLost) return [name, cell]
  }
  // A process that exits interrupts all rows in it. Each of them runs again alone, to find the row that caused the exit.
  return [name, (await oneAtATime(() => attempt(runAlone))).cell]
}

function crashed({ form, truth }: Row, { reason }: ProcessLost): Finding {
  return {
    observation: { form, truth, ended: 'crashed', found: [], missing: [] },
    took: 0,
    error: reason,
    leaks: { inspect: false, json: false },
  }
}
