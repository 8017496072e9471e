import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { firstValueFrom, toArray } from 'rxjs'
import { readNames } from '../../lib/cli/names.js'

describe('cli/names', () => {
  it('should emit each name on the command line once, without reading standard input', async () => {
    const names = await firstValueFrom(readNames(['a', 'b', 'a'], new PassThrough()).pipe(toArray()))
    expect(names).to.deep.equal(['a', 'b'])
  })

  it('should also emit the non-blank lines of standard input if one name is `-`', async () => {
    const stdin = new PassThrough()
    const names = firstValueFrom(readNames(['a', '-'], stdin).pipe(toArray()))
    stdin.end('b\n\n  c \r\na\nd')
    expect(await names).to.deep.equal(['a', 'b', 'c', 'd'])
  })

  it('should pause standard input and remove its data listener when unsubscribed', () => {
    const stdin = new PassThrough()
    readNames(['-'], stdin).subscribe().unsubscribe()
    expect(stdin.isPaused()).to.equal(true)
    expect(stdin.listenerCount('data')).to.equal(0)
  })

  it('should error with UsageError if standard input cannot be read', async () => {
    const stdin = new PassThrough()
    const names = firstValueFrom(readNames(['-'], stdin)).catch(String)
    stdin.destroy(Object.assign(new Error('illegal operation'), { code: 'EISDIR' }))
    expect(await names).to.equal('UsageError: standard input cannot be read: EISDIR')
  })
})
