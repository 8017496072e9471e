import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import {
  entryPoints,
  install,
  newestVersion,
  nodePath,
  oldestVersion,
  pack,
  remove,
  run,
} from './consumer.js'

const NODE_VERSIONS = ['20', '22', '24']

/** The sorted names of the spans and metrics that a watch with two polls records. */
const RECORDED_NAMES = [
  'gcp.client.request.duration',
  'google.longrunning.Operations/GetOperation',
  'google.longrunning.Operations/Wait',
  'rx_longrunning.lag',
  'rx_longrunning.rate_limit.wait',
  'rx_longrunning.watch.active',
  'rx_longrunning.watch.duration',
]

describe('the packed package', () => {
  let tarball: string
  let newestPeersFolder: string
  let oldestPeersFolder: string
  before(async () => {
    tarball = await pack()
    newestPeersFolder = await install(tarball, newestVersion)
    oldestPeersFolder = await install(tarball, oldestVersion)
  })
  after(() => {
    remove(dirname(tarball))
    remove(newestPeersFolder)
    remove(oldestPeersFolder)
  })

  it('should be installed with OpenTelemetry API 1.4.0 if the peer dependencies are the oldest', () => {
    const manifestPath = join(oldestPeersFolder, 'node_modules', '@opentelemetry', 'api', 'package.json')
    expect(JSON.parse(readFileSync(manifestPath, 'utf8')).version).to.equal('1.4.0')
  })

  for (const version of NODE_VERSIONS) {
    it(`should find the executable of Node ${version}`, async () => {
      const { stdout } = await run(nodePath(version), ['--version'], newestPeersFolder)
      expect(stdout).to.match(new RegExp(`^v${version}\\.`))
    })

    for (const [method, program] of [
      ['import', 'run.mjs'],
      ['require', 'run.cjs'],
    ] as const)
      it(`should watch two operations to their final results in Node ${version} through ${method}`, async () => {
        expect(await run(nodePath(version), [program], newestPeersFolder)).to.deep.equal({
          code: 0,
          stdout: 'Right p-1 Left OperationFailed RESOURCE_EXHAUSTED 4\n',
          stderr: '',
        })
      })

    it(`should send polls through a proxy in Node ${version}, and close the socket if the proxy does not respond`, async () => {
      const host = 'operations.example.test:80 true'
      const env = { NO_PROXY: '', no_proxy: '', http_proxy: '' }
      expect(await run(nodePath(version), ['proxied.mjs'], newestPeersFolder, env)).to.deep.equal({
        code: 0,
        stdout: `Right ${host} ${host}\n`,
        stderr: '',
      })
    })

    for (const [api, folderOf] of [
      ['newest', () => newestPeersFolder],
      ['oldest', () => oldestPeersFolder],
    ] as const)
      it(`should record a watch with the ${api} OpenTelemetry API in Node ${version}`, async () => {
        expect(await run(nodePath(version), ['instrumented.mjs'], folderOf())).to.deep.equal({
          code: 0,
          stdout: `${RECORDED_NAMES.join(' ')}\n`,
          stderr: '',
        })
      })

    for (const entryPoint of entryPoints) {
      it(`should load ${entryPoint} in Node ${version} through import`, async () => {
        const program = `console.log(Object.keys(await import('${entryPoint}')).length > 0)`
        const args = ['--input-type=module', '--eval', program]
        expect(await run(nodePath(version), args, newestPeersFolder)).to.deep.equal({
          code: 0,
          stdout: 'true\n',
          stderr: '',
        })
      })

      it(`should load ${entryPoint} in Node ${version} through require`, async () => {
        const args = [
          '--input-type=commonjs',
          '--eval',
          `console.log(Object.keys(require('${entryPoint}')).length > 0)`,
        ]
        const { code, stdout, stderr } = await run(nodePath(version), args, newestPeersFolder)
        expect({ code, stdout }).to.deep.equal({ code: 0, stdout: 'true\n' })
        // Node 20 and 22 print a warning if the caller of require is not in node_modules.
        expect(stderr.replace(/^.*ExperimentalWarning: (?:CommonJS|require).*\n|^\(Use .*\n/gm, '')).to.equal(
          '',
        )
      })
    }

    it(`should install the command lro in Node ${version}`, async () => {
      const lroPath = join(newestPeersFolder, 'node_modules', '.bin', 'lro')
      const { code, stdout } = await run(nodePath(version), [lroPath, 'explain', '60s'], newestPeersFolder)
      expect(code).to.equal(0)
      expect(stdout).to.match(/poll/)
    })
  }
})
