import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { liveDisplay } from '../../lib/cli/output/live-display.js'
import { line } from '../../lib/cli/output/terminal-text.js'
import { FakeSurroundings } from './fake.js'
import { failed, NAME, running } from './results.js'
import { Terminal } from './terminal.js'

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
    display.showResult(NAME, running({ status: '\u001b[2J東京'.repeat(20) }))
    display.showNote(line(''))
    const lines = stripVTControlCharacters(around.stdout.taken()).split('\n')
    display.end()
    expect(lines.map((text) => text.trim().length <= 29)).to.not.include(false)
    expect(lines[0]).to.contain('running')
  })

  it('should leave the last lines whole, with their details', () => {
    const { around, display } = started()
    around.stdout.columns = 30
    display.begin(NAME)
    display.showPoll({ name: NAME, endpoint: '', attempt: 1, elapsed: 0, took: 1, verdict: 'Failed' })
    display.showResult(NAME, failed())
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
    display.showPoll({ ...poll, verdict: 'Transient', failure })
    display.showResult(NAME, running())
    display.showNote(line('first'))
    around.stdout.taken()
    around.stderr.taken()
    display.showNote(line('so it goes \u0007'))
    expect(around.stderr.written).to.equal('so it goes \\u0007\n')
    expect(around.stdout.taken())
      .to.satisfy((text: string) => text.startsWith('\u001b[1A\r\u001b[K\n\u001b[J\u001b[1A\r'))
      .and.contain('the connection failed (ECONNRESET)  poll in 0.6 s')
    display.end()
  })
})

describe('cli/live-display, on a terminal that is resized', () => {
  /** Narrower, wider, lower, higher: what is left of a name that ends in `-10`, and what stands after it. */
  const SIZES = [
    [80, 12, '…st1/operations/operation-1714592000-', '  asking'],
    [40, 12, '…tion-1714592000-', ''],
    [100, 12, '…/europe-west1/operations/operation-1714592000-', '  asking'],
    [100, 6, '…/europe-west1/operations/operation-1714592000-', '  asking'],
    [100, 20, '…/europe-west1/operations/operation-1714592000-', '  asking'],
    [40, 6, '…tion-1714592000-', ''],
    [100, 24, '…/europe-west1/operations/operation-1714592000-', '  asking'],
  ] as const

  const watching = (count: number) => {
    const [[columns, rows]] = SIZES
    const terminal = new Terminal(columns, rows)
    let time = 0
    const pens = { stdout: { colour: true }, stderr: { colour: false } }
    const display = liveDisplay({ stdout: terminal, stderr: terminal }, { ...pens, now: () => time })
    const names = Array.from(
      { length: count },
      (_, index) => `projects/p/locations/europe-west1/operations/operation-1714592000-${10 + index}`,
    )
    for (const name of names) {
      display.begin(name)
      display.showResult(name, running(undefined, name))
    }
    /** A whole number of seconds, so that the spinner is where it was. */
    const turnTo = (seconds: number): void => {
      time = seconds * 1_000
    }
    return { terminal, display, names, turnTo }
  }

  /** All that is on a screen: those of so many that fit, the count of the rest, and nothing below. */
  const screenOf = (count: number, seconds: number, [, rows, name, after]: (typeof SIZES)[number]) => {
    const room = count <= rows - 2 ? count : rows - 2
    const shown = Array.from(
      { length: room },
      (_, index) => `⠋ running    ${seconds}.0 s  ${name}${10 + index}${after}`,
    )
    const left = count - room
    const lines = left > 0 ? [...shown, `  … and ${left} operations: ${left} running`] : shown
    return [...lines, ...Array.from({ length: rows - lines.length }, () => '')]
  }

  for (const count of [8, 30])
    it(`should show the frame and nothing else after each change, of ${count} operations`, async () => {
      const { terminal, display, turnTo } = watching(count)
      for (const [step, size] of SIZES.entries()) {
        const [columns, rows] = size
        terminal.resize(columns, rows)
        turnTo(step)
        await terminal.written()
        expect(terminal.screen, `${columns} × ${rows}`).to.deep.equal(screenOf(count, step, size))
      }
      display.end()
    })

  it('should write each note above the frame, and in the end each last line, and neither twice nor over another', async () => {
    const { terminal, display, names, turnTo } = watching(30)
    await terminal.written()
    for (const [step, size] of SIZES.entries()) {
      const [columns, rows] = size
      terminal.resize(columns, rows)
      turnTo(step)
      display.showNote(line(`note ${step}`))
      await terminal.shown()
      expect(terminal.screen, `${columns} × ${rows}`).to.deep.equal(screenOf(30, step, size))
    }
    display.end()
    await terminal.shown()
    expect(terminal.all.filter((text) => text.startsWith('note'))).to.deep.equal(
      SIZES.map((_, step) => `note ${step}`),
    )
    const last = names.map((name) => `· running    6.0 s  ${name}`)
    expect(terminal.all.filter((text) => text.startsWith('·'))).to.deep.equal(last)
    expect(terminal.screen).to.deep.equal([...last.slice(1 - terminal.rows), ''])
  })
})
