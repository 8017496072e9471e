import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import * as front from '../lib/index.js'

describe('index', () => {
  it('should export these values, and no others', () => {
    expect(Object.keys(front).sort()).to.deep.equal([
      'Code',
      'InvalidOption',
      'OperationException',
      'OperationsClient',
      'andThen',
      'constant',
      'detailOf',
      'explain',
      'exponential',
      'failureText',
      'isClientClosed',
      'isCredentialsError',
      'isInvalidName',
      'isMalformedResponse',
      'isOperationFailed',
      'isOperationNotFound',
      'isRequestRejected',
      'isRunning',
      'isSucceeded',
      'isTimedOut',
      'isUnreachable',
      'lagBounded',
      'learned',
      'locate',
      'matchOperation',
      'matchOperationError',
      'orThrow',
      'outcome',
      'progress',
      'resumeToken',
      'service',
      'toTaskEither',
      'track',
      'watchOperation',
    ])
  })

  for (const door of ['index', 'emulator/index', 'resource-manager/index'])
    it(`should open nothing, print nothing and load no network library when ${door} is imported`, async function () {
      this.timeout(30_000)
      const source = new URL(`../lib/${door}.ts`, import.meta.url)
      const [module, loader] = existsSync(source)
        ? [source.href, ['--import', 'tsx']]
        : [new URL(`../lib/${door}.js`, import.meta.url).href, []]
      const program = `
        import { createHook } from 'node:async_hooks'
        const opened = []
        const kinds = /TCP|PIPE|HTTP|TLS|UDP|DNS|GETADDRINFO|Timeout|Immediate|PROCESS/
        createHook({ init: (_, kind) => kinds.test(kind) && opened.push(kind) }).enable()
        const before = process._getActiveHandles().length
        const builtins = () => process.moduleLoadList.filter((name) => /^NativeModule (https?|http2|tls|net|dns)$/.test(name))
        const present = builtins()
        await import(${JSON.stringify(module)})
        const { createRequire } = await import('node:module')
        const { cache } = createRequire(import.meta.url)
        const loaded = [
          ...Object.keys(cache).filter((file) => /node_modules.(axios|google-auth-library|gaxios|bullmq|ioredis)/.test(file)),
          ...builtins().filter((name) => !present.includes(name)),
        ]
        console.log(JSON.stringify({ opened, handles: process._getActiveHandles().length - before, loaded }))
      `
      const cwd = fileURLToPath(new URL('..', import.meta.url))
      const args = [...loader, '--input-type=module', '--eval', program]
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 20_000 })
      expect(stderr).to.equal('')
      const { opened, handles, loaded } = JSON.parse(stdout)
      expect(opened).to.deep.equal([])
      expect(handles).to.be.at.most(0)
      // axios needs http2, and a client needs https; an emulator needs http and net to listen.
      expect(
        loaded.filter((name: string) => door === 'index' || !/ (?:http|net|dns)$/.test(name)),
      ).to.deep.equal([])
    })
})
