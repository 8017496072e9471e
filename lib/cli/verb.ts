import { parseArgs } from 'node:util'
import { formatValue } from '../messages/format-value.js'
import { suggestion } from '../messages/similar-text.js'
import type { CommandLine, OptionDefinitions, OptionValues } from './arguments.js'
import { createPrinters, type Printers } from './output/terminal-text.js'
import type { ProcessIo } from './process-io.js'
import { UsageError } from './usage-error.js'

/** A verb of `lro`. */
export interface Verb {
  /** The output of `lro VERB --help`. */
  readonly help: string
  readonly options: OptionDefinitions
  /** The possible operands, if they are known; for completion. */
  readonly operands: readonly string[]
  /** Runs the verb and resolves with the exit code; throws `UsageError` or `InvalidOption`. */
  readonly run: (argv: readonly string[], io: ProcessIo) => Promise<number>
}

/** A parsed command line, and the input and output of the program. */
export interface Invocation<V> extends Printers {
  readonly values: V
  readonly operands: readonly string[]
  /** The first operand; empty if there is none. */
  readonly operand: string
  readonly io: ProcessIo
}

/** The definition of a verb. */
export interface VerbDefinition<O extends OptionDefinitions> {
  readonly help: string
  readonly options: O
  /**
   * The operand in the help text. `NAME` requires exactly one operand, and `NAME...` at least one. By default, no operand
   * is allowed.
   */
  readonly operand?: string
  readonly operands?: readonly string[]
  readonly run: (invocation: Invocation<OptionValues<O>>) => Promise<number>
}

/** Creates a verb that parses its command line before it runs. */
export function defineVerb<const O extends OptionDefinitions>(definition: VerbDefinition<O>): Verb {
  const { help, options, operand, operands = [], run } = definition
  return {
    help,
    options,
    operands,
    run: async (argv, io) => {
      const { values, positionals } = parseCommandLine(argv, options)
      checkOperands(positionals, operand, operands, values)
      const noColor = 'no-color' in values && values['no-color'] === true
      const printers = createPrinters(io, noColor)
      return run({ values, operands: positionals, operand: positionals[0] ?? '', io, ...printers })
    },
  }
}

/** Parses a command line; throws {@link UsageError}. In strict mode, errors of `parseArgs` explain the API of Node.js. */
function parseCommandLine<O extends OptionDefinitions>(argv: readonly string[], options: O): CommandLine<O> {
  const config = { args: [...argv], options, allowPositionals: true, strict: false, tokens: true } as const
  const { tokens, ...commandLine } = parseArgs(config)
  for (const token of tokens) {
    if (token.kind !== 'option') continue
    const { name, rawName, value, inlineValue } = token
    const type = Object.hasOwn(options, name) ? options[name]?.type : undefined
    const names = Object.keys(options).map((option) => `--${option}`)
    if (type === undefined)
      throw new UsageError(`unknown option ${formatValue(rawName)}${suggestion(rawName, names)}`)
    if (type === 'boolean' && value !== undefined) throw new UsageError(`${rawName} takes no value`)
    if (type === 'string' && value === undefined) throw new UsageError(`${rawName} requires a value`)
    if (type === 'string' && !inlineValue && value?.startsWith('-') && value !== '-')
      throw new UsageError(`${rawName} requires a value; write a value with a dash as ${rawName}=VALUE`)
  }
  return commandLine as CommandLine<O>
}

/** Matches the name of an operation, which is not the value of an option. */
const OPERATION_NAME = /(?:^|\/)(?:[a-z]\w*O|o)perations\/./

function checkOperands(
  operands: readonly string[],
  expected: string | undefined,
  choices: readonly string[],
  values: object,
): void {
  const [option, name] =
    Object.entries(values).find(([, value]) => typeof value === 'string' && OPERATION_NAME.test(value)) ?? []
  if (operands.length === 0 && expected?.startsWith('NAME') && option !== undefined)
    throw new UsageError(`--${option} requires a value before the name ${formatValue(name)}`)
  if (expected === undefined) {
    if (operands.length > 0) throw new UsageError(`unexpected argument ${formatValue(operands[0])}`)
  } else if (expected.endsWith('...')) {
    if (operands.length === 0)
      throw new UsageError(`missing ${expected}; use - to read names from standard input`)
  } else if (operands.length === 0 && choices.length > 0)
    throw new UsageError(`missing ${expected}: ${choices.join(', ').replace(/, (?=[^,]*$)/, ' or ')}`)
  else if (operands.length !== 1) throw new UsageError(`expected one ${expected}, got ${operands.length}`)
}
