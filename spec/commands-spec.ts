import { expect } from 'chai'
import { run } from '../lib/cli/program.js'
import { FakeIo } from './cli/fake.js'
import { filesOf, read } from './documents.js'

const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'].concat(
  filesOf('docs', '.md').map((file) => `docs/${file}`),
)

/** Returns the commands in a document: inline code, and indented lines without their explanations. */
function commandsOf(document: string): readonly Command[] {
  const text = read(document).replaceAll(/^```.*?^```/gms, '')
  const indentedCode = [...text.matchAll(/^ {4}(\S.*?)(?: {2,}.*)?$/gm)]
  const inlineCode = [...text.matchAll(/`([^`]+)`/g)]
  return [...indentedCode, ...inlineCode].flatMap(([, code = '']) => {
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
  /** The working directory, relative to the root folder of the project. */
  readonly folder: string
}

/** Returns the unknown verb, or the unknown options, in the arguments of `lro`. The default verb is `watch`. */
async function unknownArguments(args: readonly string[]): Promise<readonly string[]> {
  const io = new FakeIo()
  const [verb = 'watch'] = args.filter((arg) => !arg.startsWith('-'))
  await run(['--help'], io)
  const exitCode = await run([verb, '--help'], io)
  const options = args.filter((arg) => arg.startsWith('--'))
  return exitCode === 0 ? options.filter((option) => !io.stdout.written.includes(option)) : [verb]
}

function scriptNamesIn(folder: string): readonly string[] {
  return Object.keys(JSON.parse(read(`${folder}/package.json`)).scripts)
}

describe('the commands in the documents', () => {
  for (const document of documents) {
    const commands = commandsOf(document)

    it(`should use only existing verbs and options of lro: ${document}`, async function () {
      // Each verb loads the library, which takes up to a second.
      this.timeout(20_000)
      for (const { command } of commands) {
        const [, args] = /^(?:npx )?lro (.+)$/s.exec(command) ?? []
        if (args !== undefined) expect(await unknownArguments(args.split(/\s+/)), command).to.deep.equal([])
      }
    })

    it(`should use only existing npm scripts: ${document}`, () => {
      const unknownScripts = commands.filter(({ command, folder }) => {
        const script = /^npm (?:run )?(start|test|(?<=run )[\w:]+)/.exec(command)?.[1]
        return script !== undefined && !scriptNamesIn(folder).includes(script)
      })
      expect(unknownScripts).to.deep.equal([])
    })
  }

  it('should detect an unknown verb, option and script', async () => {
    expect(await unknownArguments(['wach', 'operations/x'])).to.deep.equal(['wach'])
    expect(await unknownArguments(['watch', '--servise', 'run', 'x'])).to.deep.equal(['--servise'])
    expect(await unknownArguments(['watch', '--service', 'run', 'x'])).to.deep.equal([])
    const commands = commandsOf('README.md').map(({ command }) => command)
    expect(commands).to.include.members(['npm start', 'npx lro watch operations/cp.123'])
    expect(scriptNamesIn('.')).to.not.include('lint')
    expect(commandsOf('docs/PERFORMANCE.md')).to.deep.include({ command: 'npm run lag', folder: 'bench' })
  })
})
