import { CLIENT_ARGUMENTS, CLIENT_HELP, OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { createTrackers, REDIS_ARGUMENTS, REDIS_HELP } from '../fleet.js'
import { forEachName } from '../for-each-name.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro track NAME...     add operations to the queue of the workers, which poll them until they are done

  NAME                    such as operations/cp.6403723248945195918, or a full URL; - reads names from
                          standard input, one a line

Tracking an operation twice has no further effect. lro watch --redis URL NAME shows the progress.

${REDIS_HELP}

${CLIENT_HELP}

${outputHelp({ json: 'each resume token', quiet: 'errors' })}

Exit code: 0 all operations are tracked, 2 usage or invalid name, 3 Redis is unreachable, 130 and 143 on
SIGINT and SIGTERM. If several codes apply, 130 and 143 take precedence over 2, and 2 over 3.

Example:
  lro track operations/cp.6403723248945195918 --redis redis://127.0.0.1:6379
`

export const verb: Verb = defineVerb({
  help: HELP,
  options: { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS, ...REDIS_ARGUMENTS },
  operand: 'NAME...',
  run: async (invocation) => {
    const trackers = await createTrackers(invocation.values, invocation.io)
    return forEachName(invocation, {
      concurrency: 100,
      send: (target) => trackers.trackerOf(target).track(target.name),
      success: { tag: 'Tracked', text: 'tracked' },
    }).finally(() => trackers.close())
  },
})
