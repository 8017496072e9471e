import { EventEmitter, once } from 'node:events'
import { PassThrough } from 'node:stream'
import type { Output, ProcessIo } from '../../lib/cli/process-io.js'

/** An output that remembers what was written. */
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

  /** Resolves when so much has been written that this is so. */
  async until(isSo: (written: string) => boolean): Promise<void> {
    while (!isSo(this.written)) await once(this, 'written')
  }

  /** What was written since the last time. */
  taken(): string {
    const text = this.written
    this.written = ''
    return text
  }
}

/** A world without a process; signals are its events. */
export class FakeSurroundings extends EventEmitter implements ProcessIo {
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
