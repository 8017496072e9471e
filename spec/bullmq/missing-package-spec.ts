import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect } from 'chai'

/** The program that calls a tracker: the source if it exists, or the compiled file. */
const SOURCE = fileURLToPath(new URL('missing-package.ts', import.meta.url))
const PROGRAM = existsSync(SOURCE) ? ['--import', 'tsx', SOURCE] : [SOURCE.replace(/\.ts$/, '.js')]

describe('bullmq/tracker without the package bullmq', () => {
  it('should report the missing package in the result of each method, and not end the process', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, PROGRAM)
    const { track, watch, stats } = JSON.parse(stdout)
    const message = "Redis at the configured address cannot be used: Cannot find package 'bullmq'"
    expect(stats).to.deep.equal({ code: 'ERR_MODULE_NOT_FOUND', message })
    for (const result of [track, watch])
      expect(result).to.have.nested.property(
        'left.message',
        `operations/cp.1 could not be tracked: ${message}.`,
      )
  })
})
