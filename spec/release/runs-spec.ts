import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { doors, install, newest, oldest, pack, remove, run } from './consumer.js'

const { resolve } = createRequire(import.meta.url)
const VERSIONS = ['20', '22', '24']

/** The spans and metrics of a watch that ends at its second poll. */
const TOLD = [
  'gcp.client.request.duration',
  'google.longrunning.Operations/GetOperation',
  'google.longrunning.Operations/Wait',
  'rx_longrunning.rate_limit.wait',
  'rx_longrunning.lag',
  'rx_longrunning.watch.active',
  'rx_longrunning.watch.duration',
]

function nodeOf(version: string): string {
  return join(dirname(resolve(`node-${version}/package.json`)), 'bin', 'node')
}

describe('the packed package', () => {
  let tarball: string
  let folder: string
  let beside: string
  before(async () => {
    tarball = await pack()
    folder = await install(tarball, newest)
    beside = await install(tarball, oldest)
  })
  after(() => {
    remove(dirname(tarball))
    remove(folder)
    remove(beside)
  })

  it('should have the oldest peers beside it where that is said', () => {
    const api = join(beside, 'node_modules', '@opentelemetry', 'api', 'package.json')
    expect(JSON.parse(readFileSync(api, 'utf8')).version).to.equal('1.4.0')
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

    for (const [api, where] of [
      ['newest', () => folder],
      ['oldest', () => beside],
    ] as const)
      it(`should tell the ${api} API of OpenTelemetry of a watch in Node ${version}`, async () => {
        expect(await run(nodeOf(version), ['instrumented.mjs'], where())).to.deep.equal({
          code: 0,
          stdout: `${TOLD.join(' ')}\n`,
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
