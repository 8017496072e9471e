import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { doors, install, pack, remove, run } from './consumer.js'

const { resolve } = createRequire(import.meta.url)
const VERSIONS = ['20', '22', '24']

const nodeOf = (version: string): string =>
  join(dirname(resolve(`node-${version}/package.json`)), 'bin', 'node')

describe('the packed package', () => {
  let tarball: string
  let folder: string
  before(async () => {
    tarball = await pack()
    folder = await install(tarball, (range) => range)
  })
  after(() => {
    remove(dirname(tarball))
    remove(folder)
  })

  for (const version of VERSIONS) {
    it(`should be run by Node ${version}, which is that`, async () => {
      const { stdout } = await run(nodeOf(version), ['--version'], folder)
      expect(stdout).to.match(new RegExp(`^v${version}\\.`))
    })

    for (const [how, program] of [
      ['import', 'run.mjs'],
      ['require', 'run.cjs'],
    ] as const)
      it(`should watch two operations to their last words in Node ${version} through ${how}`, async () => {
        expect(await run(nodeOf(version), [program], folder)).to.deep.equal({
          code: 0,
          stdout: 'Right p-1 Left OperationFailed RESOURCE_EXHAUSTED 4\n',
          stderr: '',
        })
      })

    for (const door of doors) {
      it(`should open ${door} in Node ${version} through import`, async () => {
        const program = `console.log(Object.keys(await import('${door}')).length > 0)`
        const args = ['--input-type=module', '--eval', program]
        expect(await run(nodeOf(version), args, folder)).to.deep.equal({
          code: 0,
          stdout: 'true\n',
          stderr: '',
        })
      })

      it(`should open ${door} in Node ${version} through require`, async () => {
        const args = [
          '--input-type=commonjs',
          '--eval',
          `console.log(Object.keys(require('${door}')).length > 0)`,
        ]
        const { code, stdout, stderr } = await run(nodeOf(version), args, folder)
        expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'true\n' })
        // Node 20 and 22 warn of it where it is not in node_modules that it is called.
        expect(stderr.replace(/^.*ExperimentalWarning: (?:CommonJS|require).*\n|^\(Use .*\n/gm, '')).to.equal(
          '',
        )
      })
    }

    it(`should bring a command that watches in Node ${version}`, async () => {
      const lro = join(folder, 'node_modules', '.bin', 'lro')
      const { code, stdout } = await run(nodeOf(version), [lro, 'explain', '60s'], folder)
      expect(code).to.equal(0)
      expect(stdout).to.match(/poll/)
    })
  }
})
