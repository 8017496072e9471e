import { EventEmitter, once } from 'node:events'
import { createRequire } from 'node:module'
import type { Terminal as Screen } from '@xterm/headless'
import type { Output } from '../../lib/cli/process-io.js'

// Its two builds have different exports, so an import would resolve differently here and in Node.js.
const xterm: typeof import('@xterm/headless') = createRequire(import.meta.url)('@xterm/headless')

/** An output that emulates a terminal. A resize wraps lines again, as in most terminals. */
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

  /** Resolves when the screen shows the next written text. */
  async written(): Promise<void> {
    await once(this, 'written')
    await this.shown()
  }

  /** The visible rows, without trailing spaces. */
  get screen(): readonly string[] {
    return this.all.slice(-this.rows)
  }

  /** All rows, including scrolled-out rows. */
  get all(): readonly string[] {
    const { active } = this.#screen.buffer
    return Array.from(
      { length: active.length },
      (_, row) => active.getLine(row)?.translateToString(true) ?? '',
    )
  }
}
