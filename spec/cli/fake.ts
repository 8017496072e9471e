import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Output, ProcessIo } from '../../lib/cli/process-io.js'

/** An output that records the written text. */
export class FakeOutput extends EventEmitter implements Output {
  readonly isTTY: boolean
  columns = 80
  rows = 24
  written = ''

  constructor(isTTY = false) {
    super()
    this.isTTY = isTTY
  }

  write(text: string): boolean {
    this.written += text
    this.emit('written')
    return true
  }

  /** Resolves when `matches` returns true for the written text. */
  async until(matches: (written: string) => boolean): Promise<void> {
    while (!matches(this.written)) await once(this, 'written')
  }

  /** Returns the text that was written since the last call. */
  take(): string {
    const text = this.written
    this.written = ''
    return text
  }
}

/** The input and output of the program in a spec, without a process. Signals are emitted as events. */
export class FakeIo extends EventEmitter implements ProcessIo {
  readonly stdin: PassThrough = new PassThrough()
  readonly stdout: FakeOutput
  readonly stderr: FakeOutput
  readonly env: Record<string, string>

  constructor({ isTTY = false, env = {} }: { isTTY?: boolean; env?: Record<string, string> } = {}) {
    super()
    this.stdout = new FakeOutput(isTTY)
    this.stderr = new FakeOutput(isTTY)
    this.env = env
  }
}
