import { readFileSync } from 'node:fs'
import { invalidText } from '../arguments.js'
import { defineVerb, type Verb } from '../verb.js'

const HELP = `\
lro completion SHELL  print a completion script for bash, zsh or fish

  SHELL                   bash, zsh or fish

Example:
  lro completion bash > ~/.local/share/bash-completion/completions/lro
  lro completion zsh > ~/.zfunc/_lro      with fpath+=~/.zfunc before compinit in ~/.zshrc
  lro completion fish > ~/.config/fish/completions/lro.fish
`

const SHELLS = ['bash', 'zsh', 'fish']

export const verb: Verb = defineVerb({
  help: HELP,
  options: {},
  operand: 'SHELL',
  operands: SHELLS,
  run: async ({ operand, io }) => {
    if (!SHELLS.includes(operand)) throw invalidText('SHELL', 'bash, zsh or fish', operand)
    io.stdout.write(readFileSync(new URL(`../completions/lro.${operand}`, import.meta.url), 'utf8'))
    return 0
  },
})
