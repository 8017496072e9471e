import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { defer, EMPTY, map, merge, mergeMap, type Observable, Subject, tap } from 'rxjs'
import {
  failureText,
  type NamedSnapshot,
  type OperationsClient,
  type PollEnded,
  type PollStarted,
  type Watch,
  type WatchOptions,
} from '../index.js'
import { type Emission, isFinal } from '../polling/emission.js'
import type { Clients, Target } from './clients.js'
import { durationText } from './duration.js'
import { type Line, styled } from './output/terminal-text.js'
import { runUntilStopped, type StopReason } from './stop-reasons.js'

/** The output for watched operations: live rows, lines or JSON. */
export interface Display {
  /** Called when the watch of a name starts. */
  begin(name: string): void
  /** Called when a poll starts. `isRateLimited` returns whether the poll waits for the rate limit. */
  showPollStart(name: string, isRateLimited: () => boolean): void
  /** Called when a poll has ended. */
  showPoll(poll: PollEnded): void
  /** Called for each emission of the watch of a name. */
  showEmission(name: string, emission: Emission): void
  /** Prints a line on standard error. */
  showNote(line: Line): void
  /** Called when all watches have ended. Only `showNote` may be called after it. */
  end(): void
}

/** Options of {@link followNames}. */
export interface FollowOptions {
  readonly clients: Clients
  readonly names: Observable<string>
  readonly options: WatchOptions
  readonly display: Display
  readonly stops: Observable<StopReason>
  /** Returns the watch of a target. By default, the client of the target watches the operation. */
  readonly watch?: ((target: Target) => Watch) | undefined
  /** Whether to omit notes about transient failures, and about operations that are not visible yet. */
  readonly quiet: boolean
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

/** Watches all names until each has a final result or `stops` emits. Then closes the clients. */
export async function followNames(followOptions: FollowOptions): Promise<Report> {
  const { clients, names, options, display, stops, watch, quiet } = followOptions
  const results = new Map<string, Emission>()
  const allNames = new Set<string>()
  const reportedNotVisible = new Set<string>()
  /**
   * For each operation, the names in `names` that refer to the operation: a URL and a name can refer to the
   * same operation. The key consists of the endpoint and the name of the operation.
   */
  const namesByOperation = new Map<string, readonly string[]>()
  const inputByClient = new Map<OperationsClient, Subject<string>>()
  const clientByOperation = new Map<string, OperationsClient>()
  /** The operations of each client whose polls have not ended, in the order in which the polls started. */
  const pendingPolls = new Map<OperationsClient, Set<string>>()

  const show = (name: string, emission: Emission): void => {
    if (isFinal(emission)) results.set(name, emission)
    display.showEmission(name, emission)
  }
  // All names of a client share one `watchAll`. With a tracker (the option `watch`) or long polls, every name has its own
  // watch.
  const watchTarget = (target: Target): Observable<NamedSnapshot> => {
    const { client, name } = target
    if (watch !== undefined || options.longPoll) {
      const emissions = watch === undefined ? client.watch(name, options) : watch(target)
      return emissions.pipe(map((snapshot) => ({ name, snapshot })))
    }
    const existing = inputByClient.get(client)
    const input = existing ?? new Subject<string>()
    inputByClient.set(client, input)
    // A Subject without a subscriber drops values, so `watchAll` is subscribed before `addName`.
    const addName = defer(() => {
      input.next(name)
      return EMPTY
    })
    return existing ? addName : merge(client.watchAll(input, options), addName)
  }
  const watchName = (name: string): Observable<unknown> => {
    display.begin(name)
    const target = clients.target(name)
    if (target._tag === 'Left') {
      show(name, target)
      return EMPTY
    }
    const { endpoint } = target.right
    const key = `${endpoint} ${target.right.name}`
    const earlierNames = namesByOperation.get(key) ?? []
    namesByOperation.set(key, [...earlierNames, name])
    clientByOperation.set(key, target.right.client)
    const [firstName] = earlierNames
    // The watch of the first name also emits for the later names of the operation.
    if (firstName !== undefined) {
      const result = results.get(firstName)
      if (result !== undefined) show(name, result)
      return EMPTY
    }
    return watchTarget(target.right).pipe(
      tap((named) => {
        for (const alias of namesByOperation.get(`${endpoint} ${named.name}`) ?? [])
          show(alias, named.snapshot)
      }),
    )
  }
  const onPollStart = (message: unknown): void => {
    const { name, endpoint } = message as PollStarted
    const key = `${endpoint} ${name}`
    const client = clientByOperation.get(key)
    if (client === undefined) return
    const pending = (pendingPolls.get(client) ?? new Set()).add(key)
    pendingPolls.set(client, pending)
    // The rate limiter sends requests in the order of their start, so the latest requests wait.
    const isRateLimited = (): boolean => {
      const { waiting } = client.stats()
      return waiting > 0 && [...pending].slice(-waiting).includes(key)
    }
    for (const alias of namesByOperation.get(key) ?? []) display.showPollStart(alias, isRateLimited)
  }
  const onPollEnd = (message: unknown): void => {
    const poll = message as PollEnded
    const { name, endpoint, failure, nextDelay, verdict } = poll
    const key = `${endpoint} ${name}`
    const polledNames = namesByOperation.get(key) ?? []
    for (const pending of pendingPolls.values()) pending.delete(key)
    for (const alias of polledNames) display.showPoll({ ...poll, name: alias })
    if (quiet || nextDelay === undefined || polledNames.length === 0) return
    const next = `next poll in ${durationText(nextDelay)}`
    if (failure) display.showNote([styled(`${name}: ${failureText(failure)}, ${next}`, 'yellow')])
    if (verdict !== 'NotFound' || reportedNotVisible.has(key)) return
    reportedNotVisible.add(key)
    display.showNote([styled(`${name}: not visible yet, ${next}`, 'dim')])
  }

  const recordNames = tap<string>({
    next: (name) => allNames.add(name),
    // A `watchAll` completes only after its input has completed.
    complete: () => {
      for (const input of inputByClient.values()) input.complete()
    },
  })
  let stop: StopReason | undefined
  subscribe('rx-longrunning:poll:start', onPollStart)
  subscribe('rx-longrunning:poll:end', onPollEnd)
  try {
    stop = await runUntilStopped(names.pipe(recordNames, mergeMap(watchName)), stops)
  } finally {
    unsubscribe('rx-longrunning:poll:start', onPollStart)
    unsubscribe('rx-longrunning:poll:end', onPollEnd)
    clients.close()
    display.end()
  }
  return { results, unfinished: [...allNames].filter((name) => !results.has(name)), stop }
}
