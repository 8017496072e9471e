import { cpSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect } from 'chai'
import { install, newestVersion, nodePath, pack, ROOT, remove, run } from './consumer.js'

/** The bundlers, in their current versions. */
const PACKAGES = [
  'esbuild@0.28.2',
  'webpack@5.113.0',
  '@rspack/core@2.3.3',
  'rollup@4.68.8',
  '@rollup/plugin-commonjs@29.0.3',
  '@rollup/plugin-json@6.1.0',
  '@rollup/plugin-node-resolve@16.0.3',
  'vite@8.4.0',
]
const BUNDLERS = ['esbuild', 'esbuild-splitting', 'esbuild-commonjs', 'webpack', 'rspack', 'rollup', 'vite']

/** The command of each other runtime, relative to its folder in node_modules. */
const RUNTIMES: readonly (readonly [name: string, command: string, ...args: string[]])[] = [
  ['Bun 1.4.5', '@oven/bun-linux-x64/bin/bun'],
  ['Deno 2.9.6', '@deno/linux-x64-glibc/deno', 'run', '--allow-all', '--node-modules-dir=manual'],
]

const CERTIFICATES = join(ROOT, 'spec/certificates')
const AUTHORITY = join(CERTIFICATES, 'ca.pem')

const RESULT = { code: 0, stdout: 'Succeeded Succeeded\n' }

describe('a program with the packed package', () => {
  let tarball: string
  let folder: string
  before(async function () {
    this.timeout(300_000)
    tarball = await pack()
    folder = await install(tarball, newestVersion, [
      ...PACKAGES,
      '@oven/bun-linux-x64@1.4.5',
      '@deno/linux-x64-glibc@2.9.6',
    ])
    cpSync(new URL('bundler/', import.meta.url), folder, { recursive: true })
  })
  after(() => {
    remove(dirname(tarball))
    remove(folder)
  })

  async function runProgram(file: string, args: readonly string[]) {
    const { code, stdout, stderr } = await run(file, args, folder, {
      // Without these files, the credentials are those of the metadata server.
      ...{ GOOGLE_APPLICATION_CREDENTIALS: '', CLOUDSDK_CONFIG: '', HOME: folder },
      ...{ CERTIFICATES, NODE_EXTRA_CA_CERTS: AUTHORITY, DENO_CERT: AUTHORITY },
    })
    return code === 0 ? { code, stdout } : { code, stdout, stderr }
  }

  function programOf(bundler: string): string {
    return join(bundler, bundler.endsWith('commonjs') ? 'program.cjs' : 'program.mjs')
  }

  for (const bundler of BUNDLERS)
    it(`should poll and obtain a token in Node 20 if it is bundled by ${bundler}`, async () => {
      const { code, stderr } = await run(process.execPath, ['bundle.mjs', bundler], folder)
      expect(code, stderr).to.equal(0)
      expect(await runProgram(nodePath('20'), [programOf(bundler)])).to.deep.equal(RESULT)
    })

  for (const [runtime, command, ...args] of RUNTIMES) {
    it(`should poll and obtain a token in ${runtime}`, async () => {
      expect(await runProgram(join(folder, 'node_modules', command), [...args, 'program.mjs'])).to.deep.equal(
        RESULT,
      )
    })

    it(`should close every socket at the end of a watch in ${runtime}`, async () => {
      expect(
        await runProgram(join(folder, 'node_modules', command), [...args, 'teardown.mjs']),
      ).to.deep.equal({ code: 0, stdout: '0 of 30\n' })
    })
  }
})
