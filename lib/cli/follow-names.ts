import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { defer, lastValueFrom, mergeMap, type Observable, takeUntil, tap } from 'rxjs'
import { failureText, type OperationsClient, type PollEnded, type WatchOptions } from '../index.js'
import type { Display } from './display.js'
import { durationText } from './duration.js'
import { line } from './line.js'
import type { Stop } from './stops.js'
import { isLast, type Word } from './word.js'

/** What there is to watch, and where to show it. */
export interface Following {
  readonly client: OperationsClient
  readonly names: Observable<string>
  readonly options: WatchOptions
  readonly display: Display
  readonly stops: Observable<Stop>
  /** Nothing of transient failures. */
  readonly quiet: boolean
}

/** What came of it. */
export interface Report {
  /** By the names as they were given. */
  readonly last: ReadonlyMap<string, Word>
  readonly unfinished: readonly string[]
  readonly stop?: Stop
}

/** Each live watch may hold a socket, and many systems allow a process 1024 files. */
const MOST_LIVE = 500

/** Watches every name until all are done or something stops it; the client is closed after. */
export const followNames = async ({
  client,
  names,
  options,
  display,
  stops,
  quiet,
}: Following): Promise<Report> => {
  const last = new Map<string, Word>()
  const seen = new Set<string>()
  const hidden = new Set<string>()
  let stop: Stop | undefined

  const watched = (name: string): Observable<Word> =>
    defer(() => {
      display.begin(name)
      return client.watch(name, options)
    }).pipe(
      tap((word) => {
        if (isLast(word)) last.set(name, word)
        display.told(name, word)
      }),
    )
  const polled = (message: unknown): void => {
    const poll = message as PollEnded
    const { name, failure, nextDelay, verdict } = poll
    display.polled(poll)
    if (quiet || nextDelay === undefined) return
    const again = `asking again in ${durationText(nextDelay)}`
    if (failure) display.note(line(`${name}: ${failureText(failure)}, ${again}`, 'yellow'))
    if (verdict === 'NotFound' && !hidden.has(name))
      display.note(line(`${name}: not visible yet, ${again}`, 'dim'))
    if (verdict === 'NotFound') hidden.add(name)
  }

  subscribe('rx-longrunning:poll:end', polled)
  try {
    await lastValueFrom(
      names.pipe(
        tap((name) => seen.add(name)),
        mergeMap(watched, MOST_LIVE),
        takeUntil(stops.pipe(tap((reason) => (stop = reason)))),
      ),
      { defaultValue: undefined },
    )
  } finally {
    unsubscribe('rx-longrunning:poll:end', polled)
    client.close()
    display.end()
  }
  const unfinished = [...seen].filter((name) => !last.has(name))
  return { last, unfinished, ...(stop && { stop }) }
}
