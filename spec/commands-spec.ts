import { expect } from 'chai'
import { run } from '../lib/cli/program.js'
import { FakeIo } from './cli/fake.js'
import { filesOf, read } from './documents.js'

const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].concat(
  filesOf('docs', '.md').map((file) => `docs/${file}`),
)

/** What a document tells its reader to type: its indented lines, without the remark after them, and its code in lines. */
function commandsOf(document: string): readonly Command[] {
  const text = read(document).replaceAll(/^```.*?^```/gms, '')
  const indented = [...text.matchAll(/^ {4}(\S.*?)(?: {2,}.*)?$/gm)]
  const inline = [...text.matchAll(/`([^`]+)`/g)]
  return [...indented, ...inline].flatMap(([, code = '']) => {
    let folder = '.'
    return code.split(/ (?:\||&&) /).map((part) => {
      const command = part.trim()
      folder = /^cd (\S+)$/.exec(command)?.[1] ?? folder
      return { command, folder }
    })
  })
}

interface Command {
  readonly command: string
  /** Where it is typed, from the folder of the project. */
  readonly folder: string
}

/** What is wrong with the words after `lro`: a verb, or an option, that there is not; without a verb it may be one of `watch`. */
async function unknownTo(words: readonly string[]): Promise<readonly string[]> {
  const io = new FakeIo()
  const [verb = 'watch'] = words.filter((word) => !word.startsWith('-'))
  await run(['--help'], io)
  const code = await run([verb, '--help'], io)
  const options = words.filter((word) => word.startsWith('--'))
  return code === 0 ? options.filter((option) => !io.stdout.written.includes(option)) : [verb]
}

function scriptsIn(folder: string): readonly string[] {
  return Object.keys(JSON.parse(read(`${folder}/package.json`)).scripts)
}

describe('the commands in the documents', () => {
  for (const document of documents) {
    const commands = commandsOf(document)

    it(`should name only verbs and options of lro that there are: ${document}`, async function () {
      // Each verb is loaded, with the library behind it.
      this.timeout(20_000)
      for (const { command } of commands) {
        const [, words] = /^(?:npx )?lro (.+)$/s.exec(command) ?? []
        if (words !== undefined) expect(await unknownTo(words.split(/\s+/)), command).to.deep.equal([])
      }
    })

    it(`should name only scripts that there are: ${document}`, () => {
      const unknown = commands.filter(({ command, folder }) => {
        const name = /^npm (?:run )?(start|test|(?<=run )[\w:]+)/.exec(command)?.[1]
        return name !== undefined && !scriptsIn(folder).includes(name)
      })
      expect(unknown).to.deep.equal([])
    })
  }

  it('should notice a verb, an option and a script that there are not', async () => {
    expect(await unknownTo(['wach', 'operations/x'])).to.deep.equal(['wach'])
    expect(await unknownTo(['watch', '--servise', 'run', 'x'])).to.deep.equal(['--servise'])
    expect(await unknownTo(['watch', '--service', 'run', 'x'])).to.deep.equal([])
    const commands = commandsOf('README.md').map(({ command }) => command)
    expect(commands).to.include.members(['npm start', 'npx lro watch operations/cp.123'])
    expect(scriptsIn('.')).to.not.include('lint')
    expect(commandsOf('docs/PERFORMANCE.md')).to.deep.include({ command: 'npm run cost', folder: 'bench' })
  })
})
