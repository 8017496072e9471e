import { EventEmitter, once } from 'node:events'
import { createRequire } from 'node:module'
import type { Terminal as Screen } from '@xterm/headless'
import type { Output } from '../../lib/cli/process-io.js'

// The two builds of the package have different exports, so an import would not work both with tsx and in Node.js.
const xterm: typeof import('@xterm/headless') = createRequire(import.meta.url)('@xterm/headless')

/** An output that emulates a terminal. Like most terminals, the output wraps lines again after a resize. */
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

  /** Resolves when the screen shows all written text. */
  shown(): Promise<void> {
    return new Promise((done) => this.#screen.write('', done))
  }

  /** Waits for the next write, and resolves when the screen shows the written text. */
  async nextWrite(): Promise<void> {
    await once(this, 'written')
    await this.shown()
  }

  /** The visible rows, without trailing spaces. */
  get screen(): readonly string[] {
    return this.allRows.slice(-this.rows)
  }

  /** All rows, including rows that were scrolled out. */
  get allRows(): readonly string[] {
    const { active } = this.#screen.buffer
    return Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    )
  }
}
