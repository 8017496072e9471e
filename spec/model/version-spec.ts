import { createRequire } from 'node:module'
import { expect } from 'chai'
import { VERSION } from '../../lib/model/version.js'

describe('model/version', () => {
  it('should equal the version in package.json', () => {
    const { version }: { version: string } = createRequire(import.meta.url)('rx-longrunning/package.json')
    expect(VERSION).to.equal(version)
  })
})
