import { tap } from 'rxjs'
import { OperationsClient } from '../../index.js'
import { CLIENT_ARGUMENTS, CLIENT_HELP, clientOptions, parseInteger } from '../arguments.js'
import { parseDuration } from '../duration.js'
import { exitCode } from '../exit-code.js'
import { loadBullmq, REDIS_ARGUMENTS, REDIS_HELP } from '../fleet.js'
import { outageMessages } from '../outage.js'
import { runUntilStopped, stopReasons } from '../stop-reasons.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro worker            run a polling worker until ^C; all workers of a queue share the tracked operations

  --max 10                the maximum number of polls in a period, for all workers of the queue together
  --per 1s                the period
  --concurrency 100       the maximum number of polls in flight of this worker
  --max-retry-time 10m    how long to retry consecutive transient failures
  --quiet                 do not print Redis errors

${REDIS_HELP}

${CLIENT_HELP}

A worker can be killed at any time: other workers take over its polls. On SIGTERM it exits within 2 s.
Exit code: 130 and 143 on SIGINT and SIGTERM, 2 usage.

Example:
  lro worker --redis redis://127.0.0.1:6379 --service run
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: {
    ...CLIENT_ARGUMENTS,
    ...REDIS_ARGUMENTS,
    max: { type: 'string' },
    per: { type: 'string' },
    concurrency: { type: 'string' },
    'max-retry-time': { type: 'string' },
    quiet: { type: 'boolean' },
  },
  run: async ({ values, io, stdout, stderr }) => {
    const { redis, queue, prefix, max = '10', per = '1s', concurrency = '100', quiet = false } = values
    const { 'max-retry-time': maxRetryTime } = values
    const { createTracker, createWorker, connection } = await loadBullmq(redis, io)
    const client = new OperationsClient({ ...clientOptions(values, io.env), rateLimit: false })
    const worker = createWorker({
      connection,
      queue,
      prefix,
      client,
      rateLimit: { requests: parseInteger('--max', max), per: parseDuration('--per', per) },
      concurrency: parseInteger('--concurrency', concurrency),
      maxRetryTime: maxRetryTime === undefined ? undefined : parseDuration('--max-retry-time', maxRetryTime),
    })
    const isRedisAvailable = async (): Promise<void> => {
      await using tracker = createTracker({ connection, queue, prefix, endpoint: client.endpoint })
      await tracker.stats()
    }
    const messages = outageMessages(worker.errors, isRedisAvailable)
    const errors = messages.pipe(tap((message) => quiet || stderr.print([message])))
    stdout.print([`polling operations of ${client.endpoint}`])
    const stop = await runUntilStopped(errors, stopReasons(io)).finally(async () => {
      await worker.close()
      client.close()
    })
    return exitCode({ stop })
  },
})
