import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'
import * as index from '../lib/index.js'

describe('index', () => {
  it('should export exactly the expected values', () => {
    expect(Object.keys(index).sort()).to.deep.equal([
      'Code',
      'InvalidOption',
      'OperationException',
      'OperationsClient',
      'andThen',
      'balanced',
      'constant',
      'decodeStatus',
      'defineProtocol',
      'detailOf',
      'explain',
      'exponential',
      'failureText',
      'follow',
      'isClientClosed',
      'isCredentialsError',
      'isFinal',
      'isInvalidName',
      'isMalformedResponse',
      'isOperationFailed',
      'isOperationNotFound',
      'isOutcome',
      'isRequestRejected',
      'isRunning',
      'isStartFailed',
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
      'progressFraction',
      'resumeToken',
      'service',
      'toTaskEither',
      'watchOperation',
    ])
  })

  for (const entryPoint of ['index', 'emulator/index', 'resource-manager/index'])
    it(`should open no handle, print nothing and load no network library when ${entryPoint} is imported`, async function () {
      this.timeout(30_000)
      const source = new URL(`../lib/${entryPoint}.ts`, import.meta.url)
      const [moduleUrl, loaderArguments] = existsSync(source)
        ? [source.href, ['--import', 'tsx']]
        : [new URL(`../lib/${entryPoint}.js`, import.meta.url).href, []]
      const program = `
        import { createHook } from 'node:async_hooks'
        const openedHandles = []
        const handleKinds = /TCP|PIPE|HTTP|TLS|UDP|DNS|GETADDRINFO|Timeout|Immediate|PROCESS/
        createHook({ init: (_, kind) => handleKinds.test(kind) && openedHandles.push(kind) }).enable()
        const handlesBefore = process._getActiveHandles().length
        const builtins = () => process.moduleLoadList.filter((name) => /^NativeModule (https?|http2|tls|net|dns)$/.test(name))
        const builtinsBefore = builtins()
        await import(${JSON.stringify(moduleUrl)})
        const { createRequire } = await import('node:module')
        const { cache } = createRequire(import.meta.url)
        const loadedModules = [
          ...Object.keys(cache).filter((file) => /node_modules.(axios|google-auth-library|gaxios|bullmq|ioredis)/.test(file)),
          ...builtins().filter((name) => !builtinsBefore.includes(name)),
        ]
        console.log(JSON.stringify({ openedHandles, loadedModules, remainingHandles: process._getActiveHandles().length - handlesBefore }))
      `
      const cwd = fileURLToPath(new URL('..', import.meta.url))
      const args = [...loaderArguments, '--input-type=module', '--eval', program]
      const { stdout, stderr } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 20_000 })
      expect(stderr).to.equal('')
      const { openedHandles, loadedModules, remainingHandles } = JSON.parse(stdout)
      expect(openedHandles).to.deep.equal([])
      expect(remainingHandles).to.be.at.most(0)
      // The emulator needs http and net to listen. Axios would add http2 to the list, and a client would add
      // https.
      expect(
        loadedModules.filter((name: string) => entryPoint === 'index' || !/ (?:http|net|dns)$/.test(name)),
      ).to.deep.equal([])
    })
})
