import { EventEmitter, once } from 'node:events'
import { createRequire } from 'node:module'
import type { Terminal as Screen } from '@xterm/headless'
import type { Output } from '../../lib/cli/process-io.js'

// By its two builds an import of it would mean one thing here and another to Node.
const xterm: typeof import('@xterm/headless') = createRequire(import.meta.url)('@xterm/headless')

/** A terminal whose window may be resized, as an output; like most it wraps anew what is too wide. */
export class Terminal extends EventEmitter implements Output {
  readonly isTTY = true
  readonly #screen: Screen

  constructor(columns: number, rows: number) {
    super()
    this.#screen = new xterm.Terminal({ cols: columns, rows, convertEol: true, allowProposedApi: true })
  }

  get columns(): number {
    return this.#screen.cols
  }

  get rows(): number {
    return this.#screen.rows
  }

  write(text: string): boolean {
    this.#screen.write(text)
    this.emit('written')
    return true
  }

  resize(columns: number, rows: number): void {
    this.#screen.resize(columns, rows)
  }

  /** Resolves when all is shown that has been written. */
  shown(): Promise<void> {
    return new Promise((done) => this.#screen.write('', done))
  }

  /** Resolves when what is written next is shown. */
  async written(): Promise<void> {
    await once(this, 'written')
    await this.shown()
  }

  /** The rows that are visible, without the spaces at their ends. */
  get screen(): readonly string[] {
    return this.all.slice(-this.rows)
  }

  /** The rows that were ever there, those that are out of sight too. */
  get all(): readonly string[] {
    const { active } = this.#screen.buffer
    return Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    )
  }
}
