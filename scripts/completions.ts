// Creates the completion scripts of lro. As a program, it writes them to lib/cli/completions.
import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { OptionDefinitions } from '../lib/cli/arguments.js'
import { VERBS } from '../lib/cli/program.js'

/** A word that can be completed. All of its texts are literals of lro, without quotes. */
interface CompletedVerb {
  readonly name: string
  readonly summary: string
  readonly options: OptionDefinitions
  /** The possible operands, if they are known. */
  readonly operands: readonly string[]
}

/** Returns the completion script for each shell, by the name of the shell. */
export async function completionScripts(): Promise<ReadonlyMap<string, string>> {
  const verbs = await Promise.all(
    [...VERBS].map(async ([name, [summary, load]]) => {
      const { options, operands } = (await load()).verb
      return { name, summary, options, operands }
    }),
  )
  const help = {
    name: 'help',
    summary: 'show the options of a verb',
    options: {},
    operands: [...VERBS.keys()],
  }
  return new Map(Object.entries(SCRIPTS).map(([shell, write]) => [shell, write([...verbs, help])]))
}

/** The options whose value is a file. */
const FILE_OPTIONS = ['api-key-file', 'client-cert', 'client-key']

const SCRIPTS: Readonly<Record<string, (verbs: readonly CompletedVerb[]) => string>> = {
  bash: (verbs) => `\
_lro() {
  local cur=\${COMP_WORDS[COMP_CWORD]} words=
  if ((COMP_CWORD == 1)); then
    words='${verbs.map(({ name }) => name).join(' ')} --help --version'
  else
    case \${COMP_WORDS[COMP_CWORD - 1]} in
      ${FILE_OPTIONS.map((name) => `--${name}`).join('|')})
        local IFS=$'\\n'
        COMPREPLY=($(compgen -f -- "$cur"))
        return ;;
    esac
    case \${COMP_WORDS[1]} in
${verbs.map(({ name, operands, options }) => `      ${name}) words='${[...operands, ...optionsOf(options)].join(' ')}' ;;`).join('\n')}
    esac
    case "\${COMP_WORDS[1]} \${COMP_WORDS[COMP_CWORD - 1]}" in
${verbs
  .flatMap(({ name, options }) =>
    Object.entries(options)
      .filter(([, { type }]) => type === 'string')
      .map(([option, { values = [] }]) => `      '${name} --${option}') words='${values.join(' ')}' ;;`),
  )
  .join('\n')}
    esac
  fi
  COMPREPLY=($(compgen -W "$words" -- "$cur"))
}
complete -F _lro lro
`,
  zsh: (verbs) => `\
#compdef lro
_lro() {
  local -a verbs=(
${verbs.map(({ name, summary }) => `    '${name}:${summary}'`).join('\n')}
  )
  if ((CURRENT == 2)); then
    _describe verb verbs
    return
  fi
  local verb=$words[2]
  shift words
  ((CURRENT--))
  case $verb in
${verbs
  .map(({ name, operands, options }) => {
    const specs = Object.entries<OptionDefinitions[string]>({ ...options, help: { type: 'boolean' } }).map(
      ([option, { type, multiple, values }]) => {
        const action = FILE_OPTIONS.includes(option) ? '_files' : values ? `(${values.join(' ')})` : ' '
        const value = type === 'boolean' ? '' : `:value:${action}`
        return `'${multiple ? '*' : ''}--${option}${value}'`
      },
    )
    return `    ${name}) _arguments ${[...specs, `'*:operand:(${operands.join(' ')})'`].join(' ')} ;;`
  })
  .join('\n')}
  esac
}
if [[ $funcstack[1] == _lro ]]; then _lro "$@"; else compdef _lro lro; fi
`,
  fish: (verbs) => `\
complete -c lro -f
${verbs
  .flatMap(({ name, summary, operands, options }) => {
    const isVerb = `-n '__fish_seen_subcommand_from ${name}'`
    return [
      `complete -c lro -n __fish_use_subcommand -a ${name} -d '${summary}'`,
      ...(operands.length > 0 ? [`complete -c lro ${isVerb} -a '${operands.join(' ')}'`] : []),
      ...Object.entries(options).map(([option, { type, values }]) => {
        const choices = values ? ` -a '${values.join(' ')}'` : ''
        const value = type === 'boolean' ? '' : FILE_OPTIONS.includes(option) ? ' -r -F' : ` -x${choices}`
        return `complete -c lro ${isVerb} -l ${option}${value}`
      }),
      `complete -c lro ${isVerb} -l help`,
    ]
  })
  .join('\n')}
`,
}

function optionsOf(options: OptionDefinitions): readonly string[] {
  return [...Object.keys(options), 'help'].map((name) => `--${name}`)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = new URL('../lib/cli/completions/', import.meta.url)
  mkdirSync(folder, { recursive: true })
  for (const [shell, script] of await completionScripts())
    writeFileSync(new URL(`lro.${shell}`, folder), script)
}
