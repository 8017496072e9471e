import { type ParseArgsConfig, parseArgs } from 'node:util'
import { UsageError } from './usage-error.js'

type Options = NonNullable<ParseArgsConfig['options']>

/** What a command line holds: its options by name, and the rest in order. */
export type Arguments<O extends Options> = ReturnType<
  typeof parseArgs<{ args: string[]; options: O; allowPositionals: true; strict: true }>
>

/** Reads a command line; throws {@link UsageError} for an option that is unknown, or has a value too many or too few. */
export function readArguments<const O extends Options>(argv: readonly string[], options: O): Arguments<O> {
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true, strict: true })
  } catch (thrown) {
    if (!isRefusal(thrown)) throw thrown
    throw new UsageError(inOneLine(thrown.message))
  }
}

function isRefusal(thrown: unknown): thrown is Error {
  return thrown instanceof Error && 'code' in thrown && String(thrown.code).startsWith('ERR_PARSE_ARGS_')
}

/** Of several sentences of Node the first alone, begun small. */
function inOneLine(message: string): string {
  const [first = ''] = message.split(/\. To specify|\.?\n/)
  return `${first.charAt(0).toLowerCase()}${first.slice(1)}`
}
