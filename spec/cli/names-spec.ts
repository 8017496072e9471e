import { PassThrough } from 'node:stream'
import { expect } from 'chai'
import { firstValueFrom, toArray } from 'rxjs'
import { namesOf } from '../../lib/cli/names.js'

describe('cli/names', () => {
  it('should give each name of the command line once and leave standard input alone', async () => {
    const names = await firstValueFrom(namesOf(['a', 'b', 'a'], new PassThrough()).pipe(toArray()))
    expect(names).to.deep.equal(['a', 'b'])
  })

  it('should read lines where one is -, without blank ones', async () => {
    const stdin = new PassThrough()
    const names = firstValueFrom(namesOf(['a', '-'], stdin).pipe(toArray()))
    stdin.end('b\n\n  c \r\na\nd')
    expect(await names).to.deep.equal(['a', 'b', 'c', 'd'])
  })

  it('should leave nothing on standard input after it was unsubscribed', () => {
    const stdin = new PassThrough()
    namesOf(['-'], stdin).subscribe().unsubscribe()
    expect(stdin.isPaused()).to.equal(true)
    expect(stdin.listenerCount('data')).to.equal(0)
  })

  it('should say that standard input cannot be read when it fails', async () => {
    const stdin = new PassThrough()
    const names = firstValueFrom(namesOf(['-'], stdin)).catch(String)
    stdin.destroy(Object.assign(new Error('illegal operation'), { code: 'EISDIR' }))
    expect(await names).to.equal('UsageError: standard input cannot be read: EISDIR')
  })
})
