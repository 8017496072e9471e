import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import {
  defer,
  EMPTY,
  lastValueFrom,
  map,
  merge,
  mergeMap,
  type Observable,
  of,
  Subject,
  takeUntil,
  tap,
} from 'rxjs'
import {
  failureText,
  type NamedSnapshot,
  type OperationsClient,
  type PollEnded,
  type WatchOptions,
} from '../index.js'
import type { Clients, Target } from './clients.js'
import { durationText } from './duration.js'
import type { Display } from './output/display.js'
import { type CliEmission, isFinalResult } from './output/result-text.js'
import { line } from './output/terminal-text.js'
import type { StopReason } from './process-io.js'

/** What there is to watch, and where to show it. */
export interface Following {
  readonly clients: Clients
  readonly names: Observable<string>
  readonly options: WatchOptions
  readonly display: Display
  readonly stops: Observable<StopReason>
  /** What to watch an operation by; by default its client. */
  readonly watch?: ((target: Target) => Observable<CliEmission>) | undefined
  /** Nothing of transient failures. */
  readonly quiet: boolean
}

/** What came of it. */
export interface Report {
  /** By the names as they were given. */
  readonly last: ReadonlyMap<string, CliEmission>
  readonly unfinished: readonly string[]
  readonly stop?: StopReason
}

/** Watches every name until all are done or something stops it; the clients are closed after. */
export async function followNames({
  clients,
  names,
  options,
  display,
  stops,
  watch,
  quiet,
}: Following): Promise<Report> {
  const last = new Map<string, CliEmission>()
  const seen = new Set<string>()
  const hidden = new Set<string>()
  const givenAs = new Map<string, readonly string[]>()
  const feeds = new Map<OperationsClient, Subject<string>>()
  let stop: StopReason | undefined

  const told = (name: string, word: CliEmission): void => {
    if (isFinalResult(word)) last.set(name, word)
    display.showResult(name, word)
  }
  /** One loop for all names of a client; by long polls each has one of its own. */
  const asked = (target: Target, isName: boolean): Observable<NamedSnapshot> => {
    const { client, name } = target
    if (watch !== undefined || options.longPoll || !isName) {
      const words = watch === undefined ? client.watch(name, options) : watch(target)
      return words.pipe(map((snapshot) => ({ name, snapshot })))
    }
    const present = feeds.get(client)
    const feed = present ?? new Subject<string>()
    feeds.set(client, feed)
    const fed = defer(() => {
      feed.next(name)
      return EMPTY
    })
    return present ? fed : merge(client.watchAll(feed, options), fed)
  }
  const watched = (name: string): Observable<unknown> =>
    defer(() => {
      display.begin(name)
      const found = clients.target(name)
      if (found._tag === 'Left') return of(told(name, found))
      const { endpoint, name: plain } = found.right
      const key = `${endpoint} ${plain}`
      const before = givenAs.get(key) ?? []
      givenAs.set(key, [...before, name])
      const [twin] = before
      const known = twin === undefined ? undefined : last.get(twin)
      if (known !== undefined) told(name, known)
      if (twin !== undefined) return EMPTY
      return asked(found.right, clients.token(name) !== undefined).pipe(
        tap((one) => {
          for (const given of givenAs.get(`${endpoint} ${one.name}`) ?? []) told(given, one.snapshot)
        }),
      )
    })
  const polled = (message: unknown): void => {
    const poll = message as PollEnded
    const { name, endpoint, failure, nextDelay, verdict } = poll
    const given = givenAs.get(`${endpoint} ${name}`) ?? []
    for (const one of given) display.showPoll({ ...poll, name: one })
    if (quiet || nextDelay === undefined || given.length === 0) return
    const again = `asking again in ${durationText(nextDelay)}`
    if (failure) display.showNote(line(`${name}: ${failureText(failure)}, ${again}`, 'yellow'))
    if (verdict === 'NotFound' && !hidden.has(`${endpoint} ${name}`))
      display.showNote(line(`${name}: not visible yet, ${again}`, 'dim'))
    if (verdict === 'NotFound') hidden.add(`${endpoint} ${name}`)
  }

  subscribe('rx-longrunning:poll:end', polled)
  try {
    await lastValueFrom(
      names.pipe(
        tap({
          next: (name) => seen.add(name),
          complete: () => {
            for (const feed of feeds.values()) feed.complete()
          },
        }),
        mergeMap(watched),
        takeUntil(stops.pipe(tap((reason) => (stop = reason)))),
      ),
      { defaultValue: undefined },
    )
  } finally {
    unsubscribe('rx-longrunning:poll:end', polled)
    clients.close()
    display.end()
  }
  const unfinished = [...seen].filter((name) => !last.has(name))
  return { last, unfinished, ...(stop && { stop }) }
}
