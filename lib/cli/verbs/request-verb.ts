import { CLIENT_ARGUMENTS, CLIENT_HELP, OUTPUT_ARGUMENTS, outputHelp } from '../arguments.js'
import { forEachName, type NamesRequest } from '../for-each-name.js'
import { defineVerb, type Verb } from '../verb.js'

/** The texts in which `lro cancel` and `lro delete` differ. */
type RequestTexts = Pick<NamesRequest, 'success'> &
  Record<'summary' | 'note' | 'exitCodeZero' | 'exampleService', string>

/** Defines a verb that calls a method for each name. */
export function requestVerb(
  method: 'cancel' | 'delete',
  { summary, note, exitCodeZero, exampleService, success }: RequestTexts,
): Verb {
  return defineVerb({
    help: `\
lro ${method} NAME...    ${summary}, for services that have operations.${method}

  NAME                    such as projects/p/locations/l/operations/x, or a full URL; - reads names from
                          standard input, one a line

${note}

${CLIENT_HELP}

${outputHelp({ json: 'each result', quiet: 'errors' })}

Exit code: 0 ${exitCodeZero}; 2 usage, invalid name, or the service has no operations.${method} (no
request is sent); 3 a request failed; 130 and 143 on SIGINT and SIGTERM. If several codes apply, 130 and 143
take precedence over 2, and 2 over 3.

Example:
  lro ${method} projects/p/locations/europe-west1/operations/x --service ${exampleService}
`,
    options: { ...CLIENT_ARGUMENTS, ...OUTPUT_ARGUMENTS },
    operand: 'NAME...',
    run: (invocation) =>
      forEachName(invocation, {
        verb: method,
        concurrency: 10,
        send: ({ client, name }) => client[method](name),
        success,
      }),
  })
}
