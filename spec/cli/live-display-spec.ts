import { stripVTControlCharacters } from 'node:util'
import { expect } from 'chai'
import { liveDisplay } from '../../lib/cli/output/live-display.js'
import { createPrinter, createPrinters } from '../../lib/cli/output/terminal-text.js'
import { FakeIo } from './fake.js'
import { failed, NAME, running, succeeded } from './results.js'
import { Terminal } from './terminal.js'

describe('cli/live-display', () => {
  const createDisplay = (): { io: FakeIo; display: ReturnType<typeof liveDisplay> } => {
    const io = new FakeIo({ isTTY: true })
    // The clock advances by 100 ms each time that the display reads the time.
    let now = 0
    const printers = createPrinters(io, true)
    return { io, display: liveDisplay(io.stdout, printers, () => (now += 100)) }
  }

  it('should truncate each row to the width of the terminal until the display ends', () => {
    const { io, display } = createDisplay()
    io.stdout.columns = 30
    display.begin(NAME)
    display.showEmission(NAME, running({ status: '\u001b[2J東京'.repeat(20) }))
    display.showNote([''])
    const lines = stripVTControlCharacters(io.stdout.take()).split('\n')
    display.end()
    // The last of the 30 columns stays empty.
    expect(lines.map((text) => text.trim().length <= 29)).to.not.include(false)
    expect(lines[0]).to.contain('running')
  })

  it('should print complete rows and their details when the display ends', () => {
    const { io, display } = createDisplay()
    io.stdout.columns = 30
    display.begin(NAME)
    display.showPoll({ name: NAME, endpoint: '', attempt: 1, elapsed: 0, took: 1, verdict: 'Failed' })
    display.showEmission(NAME, failed())
    io.stdout.take()
    display.end()
    expect(stripVTControlCharacters(io.stdout.take())).to.equal(
      '✗ failed    watched for  0.1 s  operations/cp.1  FAILED_PRECONDITION: Too deep.\n    message (de): Zu tief.\n',
    )
  })

  it('should print the response of an operation that succeeded when the display ends', () => {
    const { io, display } = createDisplay()
    display.begin(NAME)
    display.showEmission(NAME, succeeded({ name: 'projects/1' }))
    io.stdout.take()
    display.end()
    expect(stripVTControlCharacters(io.stdout.take())).to.match(
      /operations\/cp\.1\n {2}response:\n {4}\{\n {6}"name": "projects\/1"\n {4}\}\n$/,
    )
  })

  it('should show that a poll waits for the rate limit, until the poll is sent or ends', () => {
    const { io, display } = createDisplay()
    let isWaiting = true
    const nextFrame = () => {
      io.stdout.take()
      display.showNote([''])
      return stripVTControlCharacters(io.stdout.take()).trim()
    }
    display.begin(NAME)
    display.showPollStart(NAME, () => isWaiting)
    expect(nextFrame()).to.match(/waiting for rate limit$/)
    isWaiting = false
    expect(nextFrame()).to.match(/polling$/)
    isWaiting = true
    const poll = { name: NAME, endpoint: '', attempt: 1, elapsed: 0, took: 1, verdict: 'Running' } as const
    display.showPoll({ ...poll, nextDelay: 5_000 })
    expect(nextFrame()).to.match(/poll in \d\.\d s$/)
    display.end()
  })

  it('should print a note above the rows', () => {
    const { io, display } = createDisplay()
    display.begin(NAME)
    io.stdout.columns = 120
    const poll = { name: NAME, endpoint: '', attempt: 1, elapsed: 0, took: 1, nextDelay: 750 }
    const failure = { _tag: 'ConnectionFailed', code: 'ECONNRESET' } as const
    display.showPoll({ ...poll, verdict: 'Transient', failure })
    display.showEmission(NAME, running())
    display.showNote(['first'])
    io.stdout.take()
    io.stderr.take()
    display.showNote(['note \u0007'])
    expect(io.stderr.written).to.equal('note \\u0007\n')
    expect(io.stdout.take())
      .to.satisfy((text: string) => text.startsWith('\u001b[1A\r\u001b[K\n\u001b[J\u001b[1A\r'))
      .and.contain('the connection failed (ECONNRESET)  poll in 0.6 s')
    display.end()
  })
})

describe('cli/live-display: resized terminal', () => {
  /** Each size: columns, rows, the visible part of a name before its number, and the text after the name. */
  const SIZES = [
    [80, 12, '…st1/operations/operation-1714592000-', '  polling'],
    [40, 12, '…tion-1714592000-', ''],
    [100, 12, '…/europe-west1/operations/operation-1714592000-', '  polling'],
    [100, 6, '…/europe-west1/operations/operation-1714592000-', '  polling'],
    [100, 20, '…/europe-west1/operations/operation-1714592000-', '  polling'],
    [40, 6, '…tion-1714592000-', ''],
    [100, 24, '…/europe-west1/operations/operation-1714592000-', '  polling'],
  ] as const

  const watchOperations = (count: number) => {
    const [[columns, rows]] = SIZES
    const terminal = new Terminal(columns, rows)
    let time = 0
    const printers = { stdout: createPrinter(terminal, true), stderr: createPrinter(terminal, false) }
    const display = liveDisplay(terminal, printers, () => time)
    const names = Array.from(
      { length: count },
      (_, index) => `projects/p/locations/europe-west1/operations/operation-1714592000-${10 + index}`,
    )
    for (const name of names) {
      display.begin(name)
      display.showEmission(name, running(undefined, name))
    }
    /** Sets the time in whole seconds, because the spinner shows the same character each second. */
    const setTime = (seconds: number): void => {
      time = seconds * 1_000
    }
    return { terminal, display, names, setTime }
  }

  /** Returns the expected screen: the rows that fit, the number of rows that do not fit, and empty rows. */
  const screenOf = (count: number, seconds: number, [, rows, name, after]: (typeof SIZES)[number]) => {
    const visibleCount = count <= rows - 2 ? count : rows - 2
    const visible = Array.from(
      { length: visibleCount },
      (_, index) => `⠋ running    ${seconds}.0 s  ${name}${10 + index}${after}`,
    )
    const hiddenCount = count - visibleCount
    const lines =
      hiddenCount > 0 ? [...visible, `  … and ${hiddenCount} operations: ${hiddenCount} running`] : visible
    return [...lines, ...Array.from({ length: rows - lines.length }, () => '')]
  }

  for (const count of [8, 30])
    it(`should show only the current frame of ${count} operations after each resize`, async () => {
      const { terminal, display, setTime } = watchOperations(count)
      for (const [step, size] of SIZES.entries()) {
        const [columns, rows] = size
        terminal.resize(columns, rows)
        setTime(step)
        await terminal.nextWrite()
        expect(terminal.screen, `${columns} × ${rows}`).to.deep.equal(screenOf(count, step, size))
      }
      display.end()
    })

  it('should print each note above the frame once, and each final line once when the display ends', async () => {
    const { terminal, display, names, setTime } = watchOperations(30)
    await terminal.nextWrite()
    for (const [step, size] of SIZES.entries()) {
      const [columns, rows] = size
      terminal.resize(columns, rows)
      setTime(step)
      display.showNote([`note ${step}`])
      await terminal.shown()
      expect(terminal.screen, `${columns} × ${rows}`).to.deep.equal(screenOf(30, step, size))
    }
    display.end()
    await terminal.shown()
    expect(terminal.allRows.filter((text) => text.startsWith('note'))).to.deep.equal(
      SIZES.map((_, step) => `note ${step}`),
    )
    const finalLines = names.map((name) => `· running   watched for  6.0 s  ${name}`)
    expect(terminal.allRows.filter((text) => text.startsWith('·'))).to.deep.equal(finalLines)
    expect(terminal.screen).to.deep.equal([...finalLines.slice(1 - terminal.rows), ''])
  })
})
