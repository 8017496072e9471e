import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { defer, lastValueFrom, mergeMap, type Observable, of, takeUntil, tap } from 'rxjs'
import { failureText, type PollEnded, type WatchOptions } from '../index.js'
import type { Clients } from './clients.js'
import type { Display } from './display.js'
import { durationText } from './duration.js'
import { isUrl } from './is-url.js'
import { line } from './line.js'
import type { Stop } from './stops.js'
import { isLast, type Word } from './word.js'

/** What there is to watch, and where to show it. */
export interface Following {
  readonly clients: Clients
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

/** Watches every name until all are done or something stops it; the clients are closed after. */
export const followNames = async ({
  clients,
  names,
  options,
  display,
  stops,
  quiet,
}: Following): Promise<Report> => {
  const last = new Map<string, Word>()
  const seen = new Set<string>()
  const hidden = new Set<string>()
  const givenAs = new Map<string, readonly string[]>()
  let stop: Stop | undefined

  const watched = (name: string): Observable<Word> =>
    defer(() => {
      display.begin(name)
      const found = clients.target(name)
      if (found._tag === 'Left') return of<Word>(found)
      const { client, endpoint, name: asked } = found.right
      const key = isUrl(name) ? `${endpoint} ${asked}` : asked
      givenAs.set(key, [...(givenAs.get(key) ?? []), name])
      return client.watch(asked, options)
    }).pipe(
      tap((word) => {
        if (isLast(word)) last.set(name, word)
        display.told(name, word)
      }),
    )
  const polled = (message: unknown): void => {
    const poll = message as PollEnded
    const { name, endpoint, failure, nextDelay, verdict } = poll
    const given = givenAs.get(`${endpoint} ${name}`) ?? givenAs.get(name) ?? []
    for (const one of given) display.polled({ ...poll, name: one })
    if (quiet || nextDelay === undefined || given.length === 0) return
    const again = `asking again in ${durationText(nextDelay)}`
    if (failure) display.note(line(`${name}: ${failureText(failure)}, ${again}`, 'yellow'))
    if (verdict === 'NotFound' && !hidden.has(`${endpoint} ${name}`))
      display.note(line(`${name}: not visible yet, ${again}`, 'dim'))
    if (verdict === 'NotFound') hidden.add(`${endpoint} ${name}`)
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
    clients.close()
    display.end()
  }
  const unfinished = [...seen].filter((name) => !last.has(name))
  return { last, unfinished, ...(stop && { stop }) }
}
