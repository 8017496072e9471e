import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { EMPTY, type GroupedObservable, groupBy, map, mergeMap, type Observable, of, tap } from 'rxjs'
import {
  failureText,
  type OperationsClient,
  type PollEnded,
  type PollStarted,
  type Watch,
  type WatchAllOptions,
} from '../index.js'
import { type Emission, isFinal } from '../polling/emission.js'
import type { Clients, Target } from './clients.js'
import { durationText } from './duration.js'
import { type Line, styled } from './output/terminal-text.js'
import { runUntilStopped, type StopReason } from './stop-reasons.js'

/** The output for watched operations: live rows, lines or JSON. */
export interface Display {
  /** Called when the watch of a name starts. */
  begin?(name: string): void
  /** Called when a poll starts. `isRateLimited` returns whether the poll waits for the rate limit. */
  showPollStart?(name: string, isRateLimited: () => boolean): void
  /** Called when a poll has ended. */
  showPoll?(poll: PollEnded): void
  /** Called for each emission of the watch of a name. */
  showEmission(name: string, emission: Emission): void
  /** Prints a line on standard error, unless `--quiet` is set. */
  showNote(line: Line): void
  /** Called when all watches have ended. Only `showNote` may be called after it. */
  end?(): void
}

/** Options of {@link followNames}. */
export interface FollowOptions {
  readonly clients: Clients
  readonly names: Observable<string>
  readonly options: WatchAllOptions
  readonly display: Display
  readonly stops: Observable<StopReason>
  /** Returns the watch of a target. By default, all operations of a client share one `watchAll`. */
  readonly watch?: ((target: Target) => Watch) | undefined
}

/** The results of the watches. */
export interface Report {
  /** The final result of each name; the key is the name as it was read. */
  readonly results: ReadonlyMap<string, Emission>
  /** The names without a final result. */
  readonly unfinished: readonly string[]
  /** Set if the program was stopped. */
  readonly stop?: StopReason | undefined
}

/** A target, and its name as it was read. A URL and a name can have equal targets. */
interface ReadTarget extends Target {
  readonly readName: string
}

/** Watches all names until each has a final result or `stops` emits. Then closes the clients. */
export async function followNames(followOptions: FollowOptions): Promise<Report> {
  const { clients, names, options, display, stops, watch } = followOptions
  const results = new Map<string, Emission>()
  const allNames = new Set<string>()
  const reportedNotVisible = new Set<string>()
  /** The targets of each operation. */
  const targetsByOperation = new Map<string, readonly ReadTarget[]>()
  /** The operations whose polls have not ended, in the order in which the polls started. */
  const pendingPolls = new Map<string, OperationsClient>()

  const show = (name: string, emission: Emission): void => {
    if (isFinal(emission)) results.set(name, emission)
    display.showEmission(name, emission)
  }
  const resolve = (readName: string): Observable<ReadTarget> => {
    allNames.add(readName)
    display.begin?.(readName)
    const resolved = clients.target(readName)
    if (resolved._tag === 'Left') {
      show(readName, resolved)
      return EMPTY
    }
    const key = keyOf(resolved.right)
    const targets = targetsByOperation.get(key) ?? []
    // The client of the first name sends the polls for all names of an operation.
    const target = { ...(targets[0] ?? resolved.right), readName }
    targetsByOperation.set(key, [...targets, target])
    return of(target)
  }
  const watchTargets = (targets: GroupedObservable<OperationsClient, ReadTarget>): Observable<unknown> => {
    if (watch !== undefined)
      return targets.pipe(
        mergeMap((target) => watch(target).pipe(tap((emission) => show(target.readName, emission)))),
      )
    const operationNames = targets.pipe(map(({ name, readName }) => ({ name, context: readName })))
    const snapshots = targets.key.watchAll(operationNames, options)
    return snapshots.pipe(tap(({ context, snapshot }) => show(context, snapshot)))
  }
  const onPollStart = (message: unknown): void => {
    const key = keyOf(message as PollStarted)
    for (const { client, readName } of targetsByOperation.get(key) ?? []) {
      pendingPolls.set(key, client)
      // The rate limiter sends requests in the order of their start, so the latest requests wait.
      display.showPollStart?.(readName, () => {
        const { waiting } = client.stats()
        if (waiting === 0) return false
        const pending = [...pendingPolls.keys()].filter(
          (pendingKey) => pendingPolls.get(pendingKey) === client,
        )
        return pending.slice(-waiting).includes(key)
      })
    }
  }
  const onPollEnd = (message: unknown): void => {
    const poll = message as PollEnded
    const { name, failure, nextDelay, verdict } = poll
    const key = keyOf(poll)
    const targets = targetsByOperation.get(key) ?? []
    pendingPolls.delete(key)
    for (const { readName } of targets)
      if (!results.has(readName)) display.showPoll?.({ ...poll, name: readName })
    if (nextDelay === undefined || targets.length === 0) return
    const next = `next poll in ${durationText(nextDelay)}`
    if (failure) display.showNote([styled(`${name}: ${failureText(failure)}, ${next}`, 'yellow')])
    if (verdict !== 'NotFound' || reportedNotVisible.has(key)) return
    reportedNotVisible.add(key)
    display.showNote([styled(`${name}: not visible yet, ${next}`, 'dim')])
  }

  let stop: StopReason | undefined
  subscribe('rx-longrunning:poll:start', onPollStart)
  subscribe('rx-longrunning:poll:end', onPollEnd)
  try {
    const watches = names.pipe(
      mergeMap(resolve),
      groupBy(({ client }) => client),
      mergeMap(watchTargets),
    )
    stop = await runUntilStopped(watches, stops)
  } finally {
    unsubscribe('rx-longrunning:poll:start', onPollStart)
    unsubscribe('rx-longrunning:poll:end', onPollEnd)
    clients.close()
    display.end?.()
  }
  return { results, unfinished: [...allNames].filter((name) => !results.has(name)), stop }
}

/** Returns a key that is equal for the names of one operation and for its polls. */
function keyOf({ endpoint, name }: Pick<PollStarted, 'endpoint' | 'name'>): string {
  return `${endpoint} ${name}`
}
