import type { Watch } from '../../index.js'
import { CLIENT_ARGUMENTS, CLIENT_HELP, clientOptions, OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { createClients, type Target } from '../clients.js'
import { parseDuration, parseTimeout } from '../duration.js'
import { exitCode } from '../exit-code.js'
import { createTrackers, REDIS_ARGUMENTS } from '../fleet.js'
import { followNames } from '../follow-names.js'
import { readNames } from '../names.js'
import { displayFor } from '../output/displays.js'
import { styled } from '../output/terminal-text.js'
import { resumeLines, summaryLine } from '../report.js'
import { stopReasons } from '../stop-reasons.js'
import { UsageError } from '../usage-error.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro watch NAME...     watch operations until all are done

  NAME                    such as operations/cp.6403723248945195918, or a full URL; - reads names from
                          standard input, one a line, and watches each as soon as it is read; all names of
                          a service share its rate limit
  --timeout 10m           how long to watch each operation; by default unlimited
  --max-retry-time 10m    how long to retry consecutive transient failures
  --redis URL             watch through the workers of this Redis, which continue after this program ends and
                          decide when to poll; - reads the URL from REDIS_URL
  --queue NAME            the BullMQ queue of the workers; by default the host of the service
  --prefix TEXT           the prefix of all keys in that Redis; by default {lro}
  --long-poll             let the server hold each request until the operation is done, if the service
                          has operations.wait

${CLIENT_HELP}

${outputHelp({ json: 'each snapshot', quiet: 'final results' })}

At the end, the response of each operation is printed, unless --quiet or --json is set. The time of an
operation counts from its start if its metadata contains it; otherwise "watched for" precedes the time. The
time of the summary counts from the start of lro.
Durations have the form 500ms, 90s, 10m or 2h; the default unit is seconds. Stopping lro never cancels an
operation.

Exit code: 0 all operations succeeded, 1 an operation failed, 2 usage or invalid name, 3 the state of an
operation is unknown, 124 timeout, 130 and 143 on SIGINT and SIGTERM. If several codes apply, 130 and 143 take
precedence over 2, 2 over 1, 1 over 3, and 3 over 124.

Example:
  lro watch operations/cp.6403723248945195918 --timeout 10m
  lro watch https://run.googleapis.com/v2/projects/p/locations/europe-west1/operations/x --long-poll
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: {
    ...CLIENT_ARGUMENTS,
    ...OUTPUT_ARGUMENTS,
    ...REDIS_ARGUMENTS,
    timeout: { type: 'string' },
    'max-retry-time': { type: 'string' },
    'long-poll': { type: 'boolean' },
  },
  operand: 'NAME...',
  run: async ({ values, operands, io }) => {
    const { timeout, redis, 'max-retry-time': maxRetryTime, 'long-poll': longPoll } = values
    const options = {
      timeout: timeout === undefined ? undefined : parseTimeout('--timeout', timeout),
      maxRetryTime: maxRetryTime === undefined ? undefined : parseDuration('--max-retry-time', maxRetryTime),
    }
    if (redis !== undefined && (maxRetryTime !== undefined || longPoll))
      throw new UsageError('--max-retry-time and --long-poll have no effect with --redis; remove them')
    const startedAt = performance.now()
    const clients = createClients(clientOptions(values, io.env))
    const trackers = redis === undefined ? undefined : await createTrackers(values, io)
    const display = displayFor(io, values)
    const watchTarget = (target: Target): Watch =>
      trackers?.watch(target, options) ?? target.client.watch(target.name, { ...options, longPoll })
    const watch = trackers || longPoll ? watchTarget : undefined
    const errorSubscription = trackers?.problems.subscribe((message) =>
      display.showNote([styled(`${message}; waiting`, 'yellow')]),
    )
    const names = readNames(operands, io.stdin)
    const followOptions = { clients, names, options, display, stops: stopReasons(io), watch }
    const report = await followNames(followOptions).finally(() => {
      errorSubscription?.unsubscribe()
      return trackers?.close()
    })
    if (report.stop !== 'closed') {
      if (!values.json) display.showNote(summaryLine(report, performance.now() - startedAt))
      for (const line of resumeLines(report, values, clients)) display.showNote(line)
    }
    return exitCode({ ...report, results: report.results.values(), unfinished: report.unfinished.length })
  },
})
