import { invalidText, type OptionDefinitions } from '../arguments.js'
import { defineVerb, type Verb } from '../verb.js'

const SHELLS = ['bash', 'zsh', 'fish'] as const
type Shell = (typeof SHELLS)[number]

const HELP = `\
lro completion SHELL  print a completion script for bash, zsh or fish

  SHELL                   bash, zsh or fish

Example:
  lro completion bash > ~/.local/share/bash-completion/completions/lro
  lro completion zsh > ~/.zfunc/_lro      with fpath+=~/.zfunc before compinit in ~/.zshrc
  lro completion fish > ~/.config/fish/completions/lro.fish
`

/** A word that can be completed. All of its texts are literals of this program, without quotes. */
export interface CompletedVerb {
  readonly name: string
  readonly summary: string
  readonly options: OptionDefinitions
  /** The possible operands, if they are known. */
  readonly operands: readonly string[]
}

/** Creates the verb `completion`. The parameter returns all verbs. */
export function completionVerb(verbs: () => Promise<readonly CompletedVerb[]>): Verb {
  return defineVerb({
    help: HELP,
    options: {},
    operand: 'SHELL',
    operands: SHELLS,
    run: async ({ operand, io }) => {
      const shell = SHELLS.find((name) => name === operand)
      if (shell === undefined) throw invalidText('SHELL', 'bash, zsh or fish', operand)
      io.stdout.write(SCRIPTS[shell](await verbs()))
      return 0
    },
  })
}

/** The options whose value is a file. */
const FILE_OPTIONS = ['api-key-file', 'client-cert', 'client-key']

const SCRIPTS: Readonly<Record<Shell, (verbs: readonly CompletedVerb[]) => string>> = {
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
