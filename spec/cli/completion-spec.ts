import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { run } from '../../lib/cli/program.js'
import { completionScripts } from '../../scripts/completions.js'
import { FakeIo } from './fake.js'

async function scriptFor(shell: string): Promise<string> {
  const io = new FakeIo()
  expect(await run(['completion', shell], io)).to.equal(0)
  return io.stdout.written
}

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'true']).status === 0
}

describe('cli/completion', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'completion-'))
    writeFileSync(join(folder, 'a key.txt'), '')
  })
  after(() => rmSync(folder, { recursive: true }))

  /** Returns the completions that a shell offers for a command line, in a folder with the file `a key.txt`. */
  async function complete(shell: 'bash' | 'fish', ...words: readonly string[]): Promise<readonly string[]> {
    const script = await scriptFor(shell)
    const commands = {
      bash: [
        `complete_lro() { COMP_WORDS=(lro "$@"); COMP_CWORD=$#; _lro; printf '%s\\n' "\${COMPREPLY[@]}"; }`,
        'complete_lro "$@"',
      ],
      fish: [`complete -C '${['lro', ...words].join(' ')}'`],
    }
    const lines = [script, ...commands[shell]].join('\n')
    const args =
      shell === 'bash' ? ['--noprofile', '--norc', '-c', lines, '-', ...words] : ['--no-config', '-c', lines]
    const output = execFileSync(shell, args, { cwd: folder, encoding: 'utf8' })
    return output.split('\n').flatMap((line) => line.split('\t')[0] || [])
  }

  it('should print the scripts that npm run completions writes for the current verbs', async () => {
    const scripts = await completionScripts()
    expect([...scripts.keys()]).to.deep.equal(['bash', 'zsh', 'fish'])
    for (const [shell, script] of scripts) expect(await scriptFor(shell)).to.equal(script)
  })

  const cases: readonly (readonly [readonly string[], readonly string[]])[] = [
    [['wa'], ['watch', 'wait']],
    [['help', 'ex'], ['explain']],
    [['completion', 'b'], ['bash']],
    [['watch', '--ti'], ['--timeout']],
    [['explain', '--ti'], []],
    [['get', '--api-key-file', 'a'], ['a key.txt']],
    [['explain', '--schedule', 'e'], ['exponential']],
    [['get', '--service', 'cloudr'], ['cloudresourcemanager']],
    [
      ['emulator', '--service', 'co'],
      ['compute', 'container'],
    ],
  ]
  for (const [words, expected] of cases)
    it(`should complete lro ${words.join(' ')} in bash`, async () =>
      expect(await complete('bash', ...words)).to.deep.equal(expected))

  it('should offer no option names in bash if an option requires a value without known values', async () =>
    expect(await complete('bash', 'watch', '--timeout', '')).to.deep.equal([]))

  it('should offer each option of each verb, as its help does', async () => {
    const script = await scriptFor('bash')
    for (const verb of ['watch', 'worker', 'list', 'emulator', 'explain']) {
      const io = new FakeIo()
      await run([verb, '--help'], io)
      const helped = io.stdout.written.match(/(?<=^ {2,4})--[a-z-]+/gm) ?? []
      const [, completed = ''] = new RegExp(`^ +${verb}\\) words='(.*)' ;;$`, 'm').exec(script) ?? []
      expect(completed.split(' '), verb).to.include.members(helped)
      expect(helped, verb).to.have.length.above(3)
    }
  })

  it('should be a valid zsh script that completes verbs and options', async () => {
    const script = await scriptFor('zsh')
    // These assertions also apply if zsh is not installed.
    expect(script).to.match(/^#compdef lro\n/)
    expect(script).to.contain("    'watch:watch operations until all are done'\n")
    expect(script).to.contain(" '--timeout:value: ' ").and.contain(" '*--header:value: ' ")
    expect(script).to.contain(" '--api-key-file:value:_files' ")
    expect(script).to.contain("'--schedule:value:(balanced lag-bounded exponential constant)'")
    expect((script.match(/'/g) ?? []).length % 2).to.equal(0)
    if (!isInstalled('zsh')) return
    const setUp = 'autoload -Uz compinit && compinit -u -D'
    const check = `${setUp}\n${script}\n[[ $_comps[lro] == _lro ]] && functions _lro > /dev/null && print ok`
    expect(execFileSync('zsh', ['-f', '-c', check], { encoding: 'utf8' })).to.equal('ok\n')
    // `_arguments` and `_describe` run only in a completion, so their specifications are recorded here.
    const record = [
      `_describe() { print -l -- \${(P)2} }`,
      '_arguments() { print -l -- "$@" }',
      'compdef() { }',
      script,
      'words=(lro wa); CURRENT=2; _lro; print; words=(lro watch --ti); CURRENT=3; _lro',
    ]
    const [verbs = '', options = ''] = execFileSync('zsh', ['-f', '-c', record.join('\n')], {
      encoding: 'utf8',
    }).split('\n\n')
    expect(verbs.split('\n'))
      .to.include('watch:watch operations until all are done')
      .and.have.length.above(10)
    expect(options.split('\n')).to.include.members(['--timeout:value: ', '--json', '*:operand:()'])
  })

  it('should be a valid fish script that completes verbs and options', async () => {
    const script = await scriptFor('fish')
    // These assertions also apply if fish is not installed.
    expect(script).to.contain("complete -c lro -n __fish_use_subcommand -a watch -d 'watch operations until")
    expect(script).to.contain("complete -c lro -n '__fish_seen_subcommand_from watch' -l timeout -x\n")
    expect(script).to.contain("complete -c lro -n '__fish_seen_subcommand_from get' -l api-key-file -r -F\n")
    expect(script).to.contain(" -l schedule -x -a 'balanced lag-bounded exponential constant'\n")
    if (!isInstalled('fish')) return
    for (const [words, expected] of cases)
      expect(await complete('fish', ...words), words.join(' ')).to.have.members(expected)
  })
})
