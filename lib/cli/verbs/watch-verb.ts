import type { WatchOptions } from '../../index.js'
import {
  CLIENT_ARGUMENTS,
  CLIENT_HELP,
  clientOptions,
  OUTPUT_ARGUMENTS,
  OUTPUT_HELP,
  readArguments,
  UsageError,
} from '../arguments.js'
import { createClients, type Target } from '../clients.js'
import { parseDuration, parseLimit } from '../duration.js'
import { exitCode } from '../exit-code.js'
import { createTrackers, REDIS_ARGUMENTS } from '../fleet.js'
import { followNames } from '../follow-names.js'
import { namesOf } from '../names.js'
import { displayFor } from '../output/displays.js'
import { line } from '../output/terminal-text.js'
import { type ProcessIo, stopSignals } from '../process-io.js'
import { resumeHint, summary } from '../report.js'

export const help: string = `\
lro watch NAME...     watch operations until all are done

  NAME                    such as operations/cp.6403723248945195918, or a full URL, which is asked at its own
                          service; - reads more of them from standard input, one a line, each watched
                          as soon as it is read; there may be ten thousand, for all share one budget
  --timeout 10m           stop watching each after so long; by default unlimited
  --max-retry-time 10m          how long an unbroken row of passing failures is borne
  --redis URL             learn it from a fleet of workers, who poll it beyond the end of this program; when
                          they poll is up to them. - takes the URL from REDIS_URL
  --queue NAME            the queue of that fleet; by default the host that is asked
  --long-poll             let the server hold its answers until there is something to tell, where the
                          service is known to have operations.wait; elsewhere it changes nothing

${CLIENT_HELP}

${OUTPUT_HELP}

Durations are 500ms, 90s, 10m or 2h; a bare number is seconds. Stopping it never cancels an operation.

Exit code: 0 all succeeded, 1 one failed, 2 usage or invalid name, 3 an outcome could not be learned,
124 timeout, 130 and 143 on SIGINT and SIGTERM; of several: 130 or 143, 2, 1, 3, 124.

Example:
  lro watch operations/cp.6403723248945195918 --timeout 10m
  lro watch https://run.googleapis.com/v2/projects/p/locations/europe-west1/operations/x --long-poll
`

export async function run(argv: readonly string[], around: ProcessIo): Promise<number> {
  const { values, positionals } = readArguments(argv, {
    ...CLIENT_ARGUMENTS,
    ...OUTPUT_ARGUMENTS,
    ...REDIS_ARGUMENTS,
    timeout: { type: 'string' },
    'max-retry-time': { type: 'string' },
    'long-poll': { type: 'boolean' },
  })
  if (positionals.length === 0) throw new UsageError('which operation? give its NAME, or - to read names')
  const timeout = values.timeout === undefined ? undefined : parseLimit('--timeout', values.timeout)
  const options: WatchOptions = {
    ...(timeout !== undefined && { timeout }),
    ...(values['max-retry-time'] !== undefined && {
      maxRetryTime: parseDuration('--max-retry-time', values['max-retry-time']),
    }),
    ...(values['long-poll'] && { longPoll: true }),
  }
  if (values.redis !== undefined && (options.maxRetryTime !== undefined || options.longPoll))
    throw new UsageError(
      '--max-retry-time and --long-poll are up to the workers: give them none beside --redis',
    )
  const asking = clientOptions(values, around.env)
  const trackers = values.redis === undefined ? undefined : await createTrackers(values, asking, around)
  const began = performance.now()
  const { quiet = false, json = false } = values
  const clients = createClients(asking)
  const display = displayFor(around, values)
  const names = namesOf(positionals, around.stdin)
  const watch = trackers && ((target: Target) => trackers.watch(target, options))
  const troubles = trackers?.troubles.subscribe(
    (trouble) => quiet || display.showNote(line(`${trouble}; waiting`, 'yellow')),
  )
  const following = { clients, names, options, display, stops: stopSignals(around), watch, quiet }
  const report = await followNames(following).finally(() => {
    troubles?.unsubscribe()
    return trackers?.close()
  })
  if (report.stop !== 'closed' && !quiet) {
    if (!json) display.showNote(summary(report, performance.now() - began))
    for (const line of resumeHint(report, values, clients)) display.showNote(line)
  }
  return exitCode({
    last: report.last.values(),
    unfinished: report.unfinished.length,
    ...(report.stop && { stop: report.stop }),
  })
}
