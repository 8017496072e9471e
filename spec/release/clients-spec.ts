import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { install, manifest, newestVersion, nodePath, pack, ROOT, remove, run, tscPath } from './consumer.js'

/** The newest versions of the clients in docs/COMING-FROM.md. Most of them require Node 22. */
const CLIENTS = {
  '@google-cloud/compute': '7.8.0',
  '@google-cloud/container': '7.2.0',
  '@google-cloud/resource-manager': '6.3.0',
  '@google-cloud/sql': '0.32.0',
  '@google/genai': '3.3.0',
  '@googleapis/cloudresourcemanager': '7.0.0',
}
const SPECS = ['coming-from-spec.ts', 'coming-from-services-spec.ts', 'genai-spec.ts']
const FILES = ['coming-from', 'installed-version.ts', ...SPECS]
const TOOLS = ['@types/chai', '@types/mocha', 'chai', 'mocha', 'tsx']

interface MochaReport {
  readonly passes: readonly { readonly fullTitle: string }[]
  readonly pending: readonly unknown[]
  readonly failures: readonly { readonly fullTitle: string; readonly err: { readonly message: string } }[]
}

describe('the clients of docs/COMING-FROM.md in Node 22', () => {
  const comingFrom = readFileSync(join(ROOT, 'docs/COMING-FROM.md'), 'utf8')
  let tarball: string
  let folder: string
  let report: MochaReport
  before(async () => {
    tarball = await pack()
    const packages = [
      ...Object.entries(CLIENTS).map(([name, version]) => `${name}@${version}`),
      ...TOOLS.map((name) => `${name}@${manifest.devDependencies[name]}`),
    ]
    folder = await install(tarball, newestVersion, packages)
    for (const file of FILES)
      cpSync(join(ROOT, 'spec/interop', file), join(folder, file), { recursive: true })
    const mocha = [
      'node_modules/mocha/bin/mocha.js',
      '--reporter=json',
      '--reporter-option=output=report.json',
    ]
    await run(nodePath('22'), ['--import=tsx', ...mocha, '--timeout=20000', ...SPECS], folder)
    report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'))
  })
  after(() => {
    remove(dirname(tarball))
    remove(folder)
  })

  it('should pass all specs of the examples and of the claims', () => {
    expect(report.failures.map(({ fullTitle, err }) => `${fullTitle}: ${err.message}`)).to.deep.equal([])
    expect(report.pending).to.deep.equal([])
  })

  it('should compile all examples', async () => {
    const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'))
    const tsconfig = { compilerOptions: { ...compilerOptions, paths: {} }, include: FILES }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(tsconfig))
    expect(
      (await run(nodePath('22'), [tscPath('7.0'), '-p', '.', '--pretty', 'false'], folder)).stdout,
    ).to.equal('')
  })

  for (const [name, version] of Object.entries(CLIENTS)) {
    it(`should run specs with ${name} ${version}`, () => {
      expect(report.passes.filter(({ fullTitle }) => fullTitle.includes(`${name} ${version}`))).to.not.be
        .empty
    })

    it(`should be named in the chapter of ${name}, unless the heading contains the same version`, () => {
      const [, chapter = ''] = comingFrom.split(`\n## ${name} `)
      const isSame = /^\S+/.exec(chapter)?.[0] === version
      const statement = `\nAlso checked ${isSame ? '' : `with ${version} `}on Node 22.`
      expect(chapter.split('\n## ')[0]).to.include(statement)
    })
  }
})
