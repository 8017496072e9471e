import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { line } from '../../lib/cli/line.js'
import { liveDisplay } from '../../lib/cli/live-display.js'
import { FakeSurroundings } from './fake.js'
import { failed, NAME, running } from './words.js'

describe('cli/live-display', () => {
  const started = (): { around: FakeSurroundings; display: ReturnType<typeof liveDisplay> } => {
    const around = new FakeSurroundings({ isTTY: true })
    let now = 0
    const pens = { stdout: { colour: false }, stderr: { colour: false } }
    return { around, display: liveDisplay(around, { ...pens, now: () => (now += 100) }) }
  }

  it('should never write a line wider than the terminal while it is live', () => {
    const { around, display } = started()
    around.stdout.columns = 30
    display.begin(NAME)
    display.told(NAME, running({ status: '\u001b[2J東京'.repeat(20) }))
    display.note(line(''))
    const lines = stripVTControlCharacters(around.stdout.taken()).split('\n')
    display.end()
    expect(lines.map((text) => text.trim().length <= 29)).to.not.include(false)
    expect(lines[0]).to.contain('running')
  })

  it('should leave the last lines whole, with their details', () => {
    const { around, display } = started()
    around.stdout.columns = 30
    display.begin(NAME)
    display.polled({ name: NAME, endpoint: '', attempt: 1, elapsed: 0, took: 1, verdict: 'Failed' })
    display.told(NAME, failed())
    around.stdout.taken()
    display.end()
    expect(stripVTControlCharacters(around.stdout.taken())).to.equal(
      '✗ failed     0.1 s  operations/cp.1  FAILED_PRECONDITION: Too deep.\n    message (de): Zu tief.\n',
    )
  })

  it('should make way for a note', () => {
    const { around, display } = started()
    display.begin(NAME)
    around.stdout.columns = 120
    const poll = { name: NAME, endpoint: '', attempt: 1, elapsed: 0, took: 1, nextDelay: 750 }
    const failure = { _tag: 'ConnectionFailed', code: 'ECONNRESET' } as const
    display.polled({ ...poll, verdict: 'Transient', failure })
    display.told(NAME, running())
    display.note(line('first'))
    around.stdout.taken()
    around.stderr.taken()
    display.note(line('so it goes \u0007'))
    expect(around.stderr.written).to.equal('so it goes \\u0007\n')
    expect(around.stdout.taken())
      .to.satisfy((text: string) => text.startsWith('\u001b[1A\r\u001b[K\n\u001b[J\u001b[1A\r'))
      .and.contain('the connection failed (ECONNRESET)  poll in 0.6 s')
    display.end()
  })
})
