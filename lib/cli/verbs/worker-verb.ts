import { lastValueFrom, takeUntil, tap } from 'rxjs'
import { OperationsClient } from '../../index.js'
import { CLIENT_ARGUMENTS, CLIENT_HELP, clientOptions, readArguments, UsageError } from '../arguments.js'
import { parseDuration } from '../duration.js'
import { exitCode } from '../exit-code.js'
import { loadBullmq, REDIS_ARGUMENTS, REDIS_HELP } from '../fleet.js'
import { line, render } from '../output/terminal-text.js'
import { type ProcessIo, type StopReason, stopSignals } from '../process-io.js'

export const help: string = `\
lro worker            poll operations that others track, beside any number of workers, until ^C

  --max 10                how many polls all workers of the queue may send together
  --per 1s                within so long
  --concurrency 100       how many polls this worker may have in flight
  --max-retry-time 10m          how long an unbroken row of passing failures is borne
  --quiet                 say nothing of trouble with Redis

${REDIS_HELP}

${CLIENT_HELP}

It may be killed at any time: others take over what it was at. On SIGTERM it is gone within 2 s.
Exit code: 130 and 143 on SIGINT and SIGTERM, 2 usage.

Example:
  lro worker --redis redis://127.0.0.1:6379 --service run
`

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    ...CLIENT_ARGUMENTS,
    ...REDIS_ARGUMENTS,
    max: { type: 'string' },
    per: { type: 'string' },
    concurrency: { type: 'string' },
    'max-retry-time': { type: 'string' },
    quiet: { type: 'boolean' },
  })
  if (positionals.length > 0) throw new UsageError(`worker takes no ${JSON.stringify(positionals[0])}`)
  const { createWorker, connection } = await loadBullmq(values.redis, around)
  const { queue, 'max-retry-time': maxRetryTime } = values
  const client = new OperationsClient({ ...clientOptions(values, around.env), rateLimit: false })
  const worker = createWorker({
    connection,
    queue,
    client,
    rateLimit: {
      requests: countOf('--max', values.max ?? '10'),
      per: parseDuration('--per', values.per ?? '1s'),
    },
    concurrency: countOf('--concurrency', values.concurrency ?? '100'),
    ...(maxRetryTime !== undefined && { maxRetryTime: parseDuration('--max-retry-time', maxRetryTime) }),
  })
  let stop: StopReason | undefined
  const troubles = worker.errors.pipe(
    tap(({ message }) => {
      if (!values.quiet) around.stderr.write(`${render(line(message), { colour: false })}\n`)
    }),
  )
  around.stdout.write(`polling operations of ${client.endpoint}\n`)
  const stopped = stopSignals(around).pipe(tap((reason) => (stop = reason)))
  try {
    await lastValueFrom(troubles.pipe(takeUntil(stopped)), { defaultValue: undefined })
  } finally {
    await worker.close()
    client.close()
  }
  return exitCode({ last: [], ...(stop && { stop }) })
}

function countOf(option: string, given: string): number {
  const count = /^\d{1,6}$/.test(given) ? Number(given) : 0
  if (count >= 1) return count
  throw new UsageError(`${option} must be a whole number from 1 to 999999, got ${JSON.stringify(given)}`)
}
