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

/** The details of a heartbeat. The next attempt resumes from them. */
export interface Progress {
  readonly resume: ResumeToken
  /** Milliseconds. */
  readonly elapsed: number
  readonly metadata?: Json
}

/** The endpoint and API version for the resume tokens of the activity, and the schedule of the watch. */
export type WaitOptions = Pick<ResumeTokenOptions, 'endpoint' | 'apiVersion'> & Pick<WatchOptions, 'schedule'>

/**
 * Returns an activity that waits for an operation and returns its response. Its parameter is a name or a resume token.
 *
 * Each snapshot is a heartbeat, and the next attempt resumes from the last one. When the activity is cancelled, it sends no more
 * requests and the operation continues. Errors become an ApplicationFailure: see `failure-of.ts`.
 */
export function waitOperation(client: OperationsClient, { schedule, ...address }: WaitOptions = {}) {
  return async (started: string | ResumeToken): Promise<Json | undefined> => {
    const context = Context.current()
    const { heartbeatDetails, heartbeatTimeoutMs } = context.info
    let progress: Progress | undefined = heartbeatDetails
    const heartbeat = (): void => context.heartbeat(progress)

    // While polls fail, no snapshot is emitted for minutes. Without heartbeats, Temporal would time out the activity.
    const heartbeats = interval((heartbeatTimeoutMs || 60_000) / 3).subscribe(heartbeat)
    try {
      const emissions = client.watch(progress?.resume ?? started, {
        schedule,
        signal: context.cancellationSignal,
      })
      const result = await lastValueFrom(
        emissions.pipe(
          tap((emission) => {
            if (E.isLeft(emission) || emission.right.done) return
            const { name, elapsed, metadata } = emission.right
            const resume = progress?.resume ?? resumeToken(name, { ...address, since: Date.now() - elapsed })
            progress = { resume, elapsed, ...(metadata !== undefined && { metadata }) }
            heartbeat()
          }),
          outcome(),
        ),
        { defaultValue: undefined },
      )
      // The signal completed the watch without emitting.
      if (result === undefined) return await context.cancelled
      if (E.isLeft(result)) throw failureOf(result.left)
      return result.right
    } finally {
      heartbeats.unsubscribe()
    }
  }
}
