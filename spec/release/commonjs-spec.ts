import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'chai'
import { startEmulator } from '../../lib/emulator/index.js'
import { freePort } from '../bullmq/redis.js'
import {
  install,
  nest11Version,
  nodePath,
  type ProgramResult,
  pack,
  ROOT,
  remove,
  run,
  tscPath,
} from './consumer.js'

const NODE_VERSIONS = ['20', '22', '24']
const PACKAGES = [
  ...['@nestjs/core@^11.1.0', '@nestjs/platform-express@^11.1.0', '@nestjs/testing@^11.1.0'],
  ...[
    'reflect-metadata@0.2',
    'jest@30',
    '@types/jest@30',
    'ts-jest@29',
    'typescript@5.9',
    'nock@14',
    'vitest@3',
  ],
]

const COMPILER_OPTIONS = {
  ...{ target: 'es2022', strict: true, esModuleInterop: true, skipLibCheck: true },
  ...{ experimentalDecorators: true, emitDecoratorMetadata: true },
}
const NODE10 = { module: 'commonjs', moduleResolution: 'node10' }
const NODENEXT = { module: 'nodenext', isolatedModules: true }

/** The compiler options of CommonJS projects, and the versions of TypeScript that compile them. */
const COMPILED: readonly (readonly [options: object, versions: readonly string[]])[] = [
  [NODE10, ['5.2', '5.3', '5.4', '5.5', '5.6', '5.7', '5.8', '5.9']],
  [{ ...NODE10, ignoreDeprecations: '6.0' }, ['6.0']],
  [NODENEXT, ['5.8', '5.9', '6.0', '7.0']],
]
/** The same for options with which TypeScript rejects `require` of an ES module. */
const REJECTED: typeof COMPILED = [
  [NODENEXT, ['5.7']],
  [{ module: 'node16' }, ['5.2', '5.9', '7.0']],
]

describe('the packed package in a CommonJS project on NestJS 11', () => {
  let tarball: string
  let folder: string
  let project: string
  before(async () => {
    tarball = await pack()
    folder = await install(tarball, nest11Version, PACKAGES)
    project = join(folder, 'commonjs')
    for (const name of ['commonjs', 'vitest'])
      cpSync(new URL(name, import.meta.url), join(folder, name), { recursive: true })
    cpSync(join(folder, 'entry-points.ts'), join(project, 'entry-points.ts'))
    writeFileSync(join(project, 'package.json'), '{ "type": "commonjs" }')
  })
  after(() => {
    remove(dirname(tarball))
    remove(folder)
  })

  function configure(options: object): void {
    const compilerOptions = { ...COMPILER_OPTIONS, types: ['node', 'jest'], ...options }
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  }

  /** Compiles the project with a version of TypeScript. */
  function compile(version: string, options: object): Promise<ProgramResult> {
    configure(options)
    const args = [tscPath(version), '-p', '.', '--outDir', 'dist', '--pretty', 'false']
    return run(process.execPath, args, project)
  }

  /**
   * Starts the compiled application, and reads the events of an operation. Then SIGTERM must end a stream of a second
   * operation and the process.
   */
  async function checkApplication(node: string): Promise<void> {
    await using emulator = await startEmulator()
    emulator.operations.add('operations/good', [{ done: true, response: { projectId: 'p-1' } }])
    emulator.operations.add('operations/endless', [{}])
    const env = {
      ...process.env,
      CLOUDRESOURCEMANAGER_EMULATOR_HOST: new URL(emulator.endpoint).host,
      PORT: `${await freePort()}`,
    }
    const application = spawn(nodePath(node), ['dist/main.js'], { cwd: project, env, stdio: 'ignore' })
    const exited = once(application, 'exit')
    const events = `http://127.0.0.1:${env.PORT}/operations`
    let good: Response | undefined
    // The application listens some time after its last log line.
    while (good === undefined && application.exitCode === null)
      good = await fetch(`${events}/good`).catch(() => sleep(50, undefined))
    expect(await good?.text()).to.contain('"projectId":"p-1"')
    const endless = await fetch(`${events}/endless`)
    application.kill('SIGTERM')
    expect(await endless.text()).to.contain('"ClientClosed"')
    expect(await exited, node).to.deep.equal([null, 'SIGTERM'])
  }

  /** Returns the first JSON block of a document. */
  function settingsIn(document: string): Readonly<Record<string, unknown>> {
    const [, settings = ''] = /```json\n(.*?)```/s.exec(readFileSync(join(ROOT, document), 'utf8')) ?? []
    return JSON.parse(settings)
  }

  /** Runs the specs of the project. */
  function runJest(
    node: string,
    settings: object,
    env: Readonly<Record<string, string>> = {},
  ): Promise<ProgramResult> {
    const config = { ...settings, testRegex: '\\.spec\\.ts$', testEnvironment: 'node' }
    writeFileSync(join(project, 'jest.config.json'), JSON.stringify(config))
    const jest = join(folder, 'node_modules/jest/bin/jest.js')
    return run(nodePath(node), [jest, '--no-cache'], project, env)
  }

  it('should use the compiler options in RECIPES.md', () => {
    const compilerOptions = { ...COMPILER_OPTIONS, ...NODENEXT }
    expect(settingsIn('docs/RECIPES.md')).to.deep.equal({ compilerOptions })
  })

  for (const [options, versions] of COMPILED)
    for (const version of versions)
      it(`should compile with TypeScript ${version} and ${JSON.stringify(options)}`, async () => {
        const { code, stdout } = await compile(version, options)
        expect({ code, stdout }).to.deep.equal({ code: 0, stdout: '' })
      })

  for (const [options, versions] of REJECTED)
    for (const version of versions)
      it(`should be rejected by TypeScript ${version} and ${JSON.stringify(options)}, as README says`, async () => {
        const { stdout } = await compile(version, options)
        expect(new Set(stdout.match(/(?<=error )TS\d+/g))).to.deep.equal(new Set(['TS1479']))
      })

  for (const [options, version] of [
    [NODE10, '5.2'],
    [NODENEXT, '7.0'],
  ] as const)
    it(`should run in Node ${NODE_VERSIONS.join(', ')} if TypeScript ${version} compiled it with ${options.module}`, async () => {
      const { stdout } = await compile(version, { ...options, skipLibCheck: false })
      const errors = stdout.split('\n').filter((line) => /error TS\d+/.test(line))
      // With nodenext, @temporalio/common 1.24 finds no declarations of `ms`, which has them only for ES modules.
      const isInPeer = (line: string) => /^(?:\.\.\/)?node_modules\/(?!rx-longrunning\/)/.test(line)
      expect(errors.filter((line) => !isInPeer(line))).to.deep.equal([])
      for (const line of errors) console.log(`      ignored: ${line}`)
      for (const node of NODE_VERSIONS) await checkApplication(node)
    })

  for (const options of [NODE10, NODENEXT])
    for (const node of NODE_VERSIONS)
      it(`should pass its specs of jest 30 in Node ${node} with ${options.module} and the settings in README`, async () => {
        configure(options)
        const { code, stderr } = await runJest(node, settingsIn('README.md'))
        expect(stderr).to.match(/^Tests: +4 passed, 4 total$/m)
        expect(code).to.equal(0)
      })

  it('should pass its specs of jest 30 in Node 24 without transformIgnorePatterns if VM modules are enabled, as README says', async () => {
    configure(NODE10)
    const { transform } = settingsIn('README.md')
    expect((await runJest('24', { transform })).code).to.equal(1)
    const { code, stderr } = await runJest('24', { transform }, { NODE_OPTIONS: '--experimental-vm-modules' })
    expect(stderr).to.match(/^Tests: +4 passed, 4 total$/m)
    expect(code).to.equal(0)
  })

  for (const node of NODE_VERSIONS)
    it(`should pass specs of vitest 3 with nock 14 in Node ${node}, without settings`, async () => {
      const vitest = join(folder, 'node_modules/vitest/vitest.mjs')
      const args = [vitest, 'run', '--reporter=json']
      const { code, stdout, stderr } = await run(nodePath(node), args, join(folder, 'vitest'))
      expect(code, stderr).to.equal(0)
      expect(JSON.parse(stdout)).to.include({ numPassedTests: 2, numTotalTests: 2 })
    })
})
