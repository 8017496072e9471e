import { Context } from '@temporalio/activity'
import { interval, lastValueFrom, tap } from 'rxjs'
import { isLeft } from '../model/either.js'
import type { Json } from '../model/json.js'
import type { ResumeToken } from '../model/resume-token.js'
import type { OperationsClient } from '../operations-client.js'
import { outcome } from '../operators/outcome.js'
import type { WatchOptions } from '../watch/watch-options.js'
import { toApplicationFailure } from './application-failure.js'

/** The details of a heartbeat. The next attempt of the activity resumes from them. */
export interface HeartbeatDetails {
  readonly resume: ResumeToken
  /** Milliseconds since the first attempt began. */
  readonly elapsed: number
  readonly metadata?: Json
}

/** Options of {@link waitOperation}. */
export interface WaitActivityOptions
  extends Pick<WatchOptions, 'schedule' | 'progressAware' | 'maxRetryTime' | 'visibilityWindow'> {}

/** A Temporal activity that waits for an operation. Its parameter is a name or a resume token. */
export type WaitActivity = (nameOrToken: string | ResumeToken) => Promise<Json | undefined>

/** The number of heartbeats within each heartbeat timeout. */
const HEARTBEATS = 3
/** The time in which {@link HEARTBEATS} are sent if the workflow set no heartbeat timeout, in milliseconds. */
const DEFAULT_TIMEOUT = 60_000

/**
 * Returns an activity that waits for an operation and returns its response.
 *
 * Each snapshot is a heartbeat with a resume token, and the next attempt resumes from the last one. When the activity is
 * cancelled, it sends no more requests, and the operation continues. Throws an `ApplicationFailure` for each Left of a
 * watch: see {@link toApplicationFailure}. Set a `heartbeatTimeout` in the workflow.
 *
 * Source: https://docs.temporal.io/develop/typescript/failure-detection#activity-heartbeats.
 *
 * @example
 * {@includeCode ../../examples/temporal/activities.ts}
 */
export function waitOperation(client: OperationsClient, options: WaitActivityOptions = {}): WaitActivity {
  return async (nameOrToken) => {
    const context = Context.current()
    const { heartbeatDetails, heartbeatTimeoutMs } = context.info
    const previous: HeartbeatDetails | undefined = heartbeatDetails
    const token = client.token(previous?.resume ?? nameOrToken)
    if (isLeft(token)) throw toApplicationFailure(token.left)
    const resume = token.right
    let details: HeartbeatDetails = previous ?? { resume, elapsed: 0 }
    const heartbeat = (): void => context.heartbeat(details)

    // A watch emits nothing while it retries. Without these heartbeats, Temporal would time out the activity.
    const heartbeats = interval((heartbeatTimeoutMs || DEFAULT_TIMEOUT) / HEARTBEATS).subscribe(heartbeat)
    try {
      const watch = client.watch(resume, { ...options, signal: context.cancellationSignal })
      const result = await lastValueFrom(
        watch.pipe(
          tap((emission) => {
            if (isLeft(emission) || emission.right.done) return
            const { elapsed, metadata } = emission.right
            details = { resume, elapsed, ...(metadata !== undefined && { metadata }) }
            heartbeat()
          }),
          outcome(),
        ),
        { defaultValue: undefined },
      )
      // The signal completed the watch without an emission.
      if (result === undefined) return await context.cancelled
      if (isLeft(result)) throw toApplicationFailure(result.left)
      return result.right
    } finally {
      heartbeats.unsubscribe()
    }
  }
}
