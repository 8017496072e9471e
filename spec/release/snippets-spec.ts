import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { expect } from 'chai'
import { type Emulator, startEmulator } from '../../lib/emulator/index.js'
import { freePort, type RedisServer, startRedis } from '../bullmq/redis.js'
import { hasName, NAME, RECIPES, RUNS, startOperation } from '../example-runs.js'
import { install, manifest, newestVersion, nodePath, pack, ROOT, remove, run, tscPath } from './consumer.js'

/** A block of a document that is a complete program. */
interface Snippet {
  readonly document: string
  readonly code: string
  /** The name of the file that the text gives to the program. */
  readonly file: string
  /** The file in examples with the same program. */
  readonly example: string
  /** The folder of the program in the project. */
  readonly folder: string
}

const DOCUMENTS = ['README.md', ...filesIn('docs', '.md').map((file) => `docs/${file}`)]
const EXAMPLES = [...filesIn('examples', '.ts'), 'bull-board/board.ts']
/** The files of the application that commonjs-spec.ts runs. */
const COMMONJS = filesIn('spec/release/commonjs', '.ts').map((file) => read(`spec/release/commonjs/${file}`))
const WORKER = 'fleet-worker.ts'
const BOARD = 'bull-board/board.ts'
const SNIPPETS = DOCUMENTS.flatMap(snippetsOf)
const { dependencies: boardPackages } = JSON.parse(read('examples/bull-board/package.json'))

/** The packages that the programs import, and the tools that run and compile them. */
const PACKAGES = [
  ...['zod', '@opentelemetry/sdk-trace-base', 'tsx'].map(
    (name) => `${name}@${manifest.devDependencies[name]}`,
  ),
  ...['@bull-board/api', '@bull-board/express', 'express'].map((name) => `${name}@${boardPackages[name]}`),
]

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8')
}

function filesIn(folder: string, ending: string): readonly string[] {
  return readdirSync(join(ROOT, folder)).filter((file) => file.endsWith(ending))
}

/** Returns the blocks that start with imports. The last paragraph before a block, or the introduction, names the file. */
function snippetsOf(document: string): readonly Snippet[] {
  const text = read(document)
  const blocks = [...text.matchAll(/^```ts\n(import .*?)^```$/gms)]
  return blocks.flatMap(({ index, 1: code = '' }, n) => {
    const isOnlyImports = !/^(?!import |$)/m.test(code)
    if (isOnlyImports || COMMONJS.includes(code)) return []
    const paragraph = text.slice(0, index).trimEnd().split('\n\n').at(-1) ?? ''
    const file = /`(\w+\.m[jt]s)`/.exec(paragraph)?.[1] ?? /`(program\.mts)`/.exec(text)?.[1] ?? ''
    if (file === '') throw new Error(`${document} names no file for ${code}`)
    const example = EXAMPLES.find((name) => read(`examples/${name}`).endsWith(`\n${code}`)) ?? ''
    return [{ document, code, file, example, folder: `snippets/${document.replaceAll('/', '-')}-${n}` }]
  })
}

describe('the programs of the documents, pasted into an empty project', () => {
  let tarball: string
  let project: string
  let emulator: Emulator
  let redis: RedisServer
  let env: Readonly<Record<string, string>>
  before(async () => {
    tarball = await pack()
    project = await install(tarball, newestVersion, PACKAGES)
    const packageFile = join(project, 'package.json')
    const { type: _, ...rest } = JSON.parse(readFileSync(packageFile, 'utf8'))
    writeFileSync(packageFile, JSON.stringify(rest))
    for (const { folder, file, code } of SNIPPETS) {
      mkdirSync(join(project, folder), { recursive: true })
      writeFileSync(join(project, folder, file), code)
    }
    emulator = await startEmulator({ duration: 1_000 })
    redis = await startRedis()
    env = {
      CLOUDRESOURCEMANAGER_EMULATOR_HOST: new URL(emulator.endpoint).host,
      REDIS_URL: redis.url,
      PATH: `${dirname(nodePath('20'))}:${process.env.PATH}`,
    }
  })
  after(async () => {
    await emulator.close()
    await redis.stop()
    remove(dirname(tarball))
    remove(project)
  })

  /** Returns the arguments of Node for a file: plain Node for JavaScript, and tsx for TypeScript. */
  function nodeArgs(file: string): readonly string[] {
    return file.endsWith('.mjs') ? [file] : ['node_modules/tsx/dist/cli.mjs', file]
  }

  /** Runs a program with the frames of its example, and checks its output. */
  async function runExample(file: string, example: string): Promise<void> {
    const { frames, prints } = RUNS[example] ?? expect.fail(`${file} is not an example`)
    emulator.operations.clear()
    if (frames.length > 0) emulator.operations.add(NAME, frames)
    const { code, stdout, stderr } = await run(nodePath('20'), [...nodeArgs(file), NAME], project, env)
    expect(stdout, stderr).to.match(prints)
    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
  }

  /** Starts a program that runs until SIGTERM. */
  function start(file: string, more: Readonly<Record<string, string>> = {}): ChildProcess {
    const options = { cwd: project, env: { ...process.env, ...env, ...more } }
    return spawn(nodePath('20'), nodeArgs(file), { ...options, stdio: ['ignore', 'pipe', 'inherit'] })
  }

  async function firstLine({ stdout }: ChildProcess): Promise<string> {
    const [line] = stdout === null ? [] : await once(createInterface(stdout), 'line')
    return String(line)
  }

  /** Calls `body` while the worker runs. SIGTERM must end the worker with exit code 0. */
  async function withWorker(file: string, body: () => Promise<void>): Promise<void> {
    const worker = start(file)
    const exited = once(worker, 'exit')
    try {
      await body()
    } finally {
      worker.kill('SIGTERM')
    }
    expect(await exited).to.deep.equal([0, null])
  }

  it('should be found in these documents', () => {
    expect([...new Set(SNIPPETS.map(({ document }) => document))].sort()).to.deep.equal(
      ['DIAGNOSTICS', 'FLEET', 'GUIDE', 'RECIPES', 'TESTING']
        .map((name) => `docs/${name}.md`)
        .concat('README.md')
        .sort(),
    )
  })

  for (const { document, file, folder, example } of SNIPPETS.filter(
    ({ example }) => ![WORKER, BOARD].includes(example),
  ))
    it(`should run in Node 20: ${example} as ${file} of ${document}`, async () => {
      const runSnippet = () => runExample(`${folder}/${file}`, example)
      const worker = SNIPPETS.find((one) => one.document === document && one.example === WORKER)
      await (worker && RUNS[example]?.fleet
        ? withWorker(`${worker.folder}/${worker.file}`, runSnippet)
        : runSnippet())
    })

  for (const { document, file, folder, example } of SNIPPETS.filter(
    ({ example }) => RUNS[example] && !RUNS[example].fleet && hasName(example),
  ))
    it(`should run in Node 20 with the name of a started operation: ${example} of ${document}`, async () => {
      const args = [...nodeArgs(`${folder}/${file}`), await startOperation(emulator.endpoint)]
      const { code, stderr } = await run(nodePath('20'), args, project, env)
      expect({ code, stderr }).to.deep.equal({ code: 0, stderr: '' })
    })

  it('should poll in Node 20 until SIGTERM: the worker of README', async () => {
    const { folder = '', file } =
      SNIPPETS.find(({ document, example }) => document === 'README.md' && example === WORKER) ?? {}
    const tracker = 'node_modules/rx-longrunning/examples/fleet-tracker.ts'
    await withWorker(`${folder}/${file}`, () => runExample(tracker, 'fleet-tracker.ts'))
  })

  it('should serve the dashboard in Node 20: the board of README', async () => {
    const { folder = '', file } = SNIPPETS.find(({ example }) => example === BOARD) ?? {}
    const board = start(`${folder}/${file}`, { PORT: `${await freePort()}` })
    try {
      expect((await fetch(await firstLine(board))).status).to.equal(200)
    } finally {
      board.kill()
    }
  })

  for (const version of ['5.2', '7.0'])
    it(`should compile with TypeScript ${version}`, async () => {
      const compilerOptions = {
        target: 'es2022',
        lib: ['es2022'],
        module: 'nodenext',
        strict: true,
        noEmit: true,
      }
      const tsconfig = { compilerOptions: { ...compilerOptions, types: ['node'], skipLibCheck: true } }
      writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ ...tsconfig, include: ['snippets'] }))
      const { stdout } = await run(
        process.execPath,
        [tscPath(version), '-p', '.', '--pretty', 'false'],
        project,
      )
      expect(stdout).to.equal('')
    })

  it('should follow the quick start of README from the emulator to the result', async () => {
    const [, quickStart = ''] = read('README.md').split('\n## Quick start\n')
    const port = `${await freePort()}`
    const [emulatorCommand = '', startCommand = '', runCommand = ''] = [
      ...quickStart.matchAll(/^ {4}(.+)$/gm),
    ].map(([, command = '']) => command.replace('8080', port))
    cpSync(join(project, 'snippets/README.md-0/first.mjs'), join(project, 'first.mjs'))
    const server = spawn('bash', ['-c', `exec ${emulatorCommand.replace('npx ', 'node_modules/.bin/')}`], {
      ...{ cwd: project, env: { ...process.env, ...env } },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    try {
      expect(await firstLine(server)).to.equal(`listening on http://127.0.0.1:${port}`)
      const { name } = JSON.parse((await run('bash', ['-c', startCommand], project, env)).stdout)
      const command = runCommand.replace('operations/cp.NUMBER', name)
      const { stdout, stderr } = await run('bash', ['-c', command], project, env)
      expect(stdout, stderr).to.match(/^succeeded: \{.*projectId: 'my-project'/s)
    } finally {
      server.kill()
    }
  })

  const pasted = SNIPPETS.map(({ example }) => example)
  for (const example of Object.keys(RUNS).filter((file) => !pasted.includes(file)))
    it(`should run in place in Node 20: ${example}`, () =>
      runExample(`node_modules/rx-longrunning/examples/${example}`, example))

  it('should run in place in Node 20: the recipes, as RECIPES.md says', async () => {
    const folder = 'node_modules/rx-longrunning/examples/recipes'
    const server = start(`${folder}/emulator.ts`)
    try {
      const [variable = '', host = ''] = (await firstLine(server)).split('=')
      for (const [recipe, prints] of Object.entries(RECIPES)) {
        const args = nodeArgs(`${folder}/${recipe}`)
        const { code, stdout, stderr } = await run(nodePath('20'), args, project, { [variable]: host })
        expect(stdout, `${recipe}: ${stderr}`).to.match(prints)
        expect(code).to.equal(0)
      }
    } finally {
      server.kill()
    }
  })
})
