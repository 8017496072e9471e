import { Context } from '@temporalio/activity'
import { either as E } from 'fp-ts'
import {
  type Json,
  type OperationsClient,
  outcome,
  type ResumeToken,
  type ResumeTokenOptions,
  resumeToken,
  type WatchOptions,
} from 'rx-longrunning'
import { interval, lastValueFrom, tap } from 'rxjs'
import { failureOf } from './failure-of.js'

/** What each heartbeat holds: where the next attempt takes over, and how far the operation had come. */
export interface Progress {
  readonly resume: ResumeToken
  /** Milliseconds. */
  readonly elapsed: number
  readonly metadata?: Json
}

/** Where the client asks, so that its tokens say so, and how it watches. */
export type WaitOptions = Pick<ResumeTokenOptions, 'endpoint' | 'apiVersion'> & Pick<WatchOptions, 'schedule'>

/**
 * Makes the activity that waits for an operation, by its name or a token, and returns its response.
 *
 * Each snapshot is a heartbeat, from which the next attempt takes over. When the activity is cancelled nothing more is sent,
 * and the operation itself goes on. What ends a watch otherwise is an ApplicationFailure: see `failure-of.ts`.
 */
export function waitOperation(client: OperationsClient, { schedule, ...place }: WaitOptions = {}) {
  return async (started: string | ResumeToken): Promise<Json | undefined> => {
    const context = Context.current()
    const { heartbeatDetails, heartbeatTimeoutMs } = context.info
    let progress: Progress | undefined = heartbeatDetails
    const beat = (): void => context.heartbeat(progress)

    // Polls that fail are no snapshots, and may go on for minutes; Temporal must hear from us all the same.
    const beating = interval((heartbeatTimeoutMs || 60_000) / 3).subscribe(beat)
    try {
      const words = client.watch(progress?.resume ?? started, {
        schedule,
        signal: context.cancellationSignal,
      })
      const ended = await lastValueFrom(
        words.pipe(
          tap((word) => {
            if (E.isLeft(word) || word.right.done) return
            const { name, elapsed, metadata } = word.right
            const resume = progress?.resume ?? resumeToken(name, { ...place, since: Date.now() - elapsed })
            progress = { resume, elapsed, ...(metadata !== undefined && { metadata }) }
            beat()
          }),
          outcome(),
        ),
        { defaultValue: undefined },
      )
      // No word: the signal has ended the watch.
      if (ended === undefined) return await context.cancelled
      if (E.isLeft(ended)) throw failureOf(ended.left)
      return ended.right
    } finally {
      beating.unsubscribe()
    }
  }
}
