// Records `lro demo` in a terminal and writes an animated picture, `docs/demo.svg`. Requires `script` of util-linux.
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import xterm from '@xterm/headless'

const COLUMNS = 112
const ROWS = 16
/** The duration of a frame in milliseconds. */
const FRAME = 200
/** The duration of the last frame in milliseconds, before the animation restarts. */
const LAST_FRAME = 5_000
const PROMPT = '$ npx lro demo\r\n'

/** Consecutive characters of a row that have the same style. */
interface Run {
  readonly column: number
  readonly text: string
  readonly style: string
}

type Frame = readonly (readonly Run[])[]

function recordOutput(): readonly { readonly at: number; readonly text: string }[] {
  const folder = mkdtempSync(join(tmpdir(), 'lro-'))
  const [log, timing] = [join(folder, 'log'), join(folder, 'timing')]
  const command = `stty cols ${COLUMNS} rows ${ROWS}; exec node dist/cli/bin.js demo`
  execFileSync('script', ['-q', '-e', '-c', command, '--log-out', log, '--log-timing', timing], {
    env: { ...process.env, TERM: 'xterm-256color', FORCE_COLOR: '1' },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const bytes = readFileSync(log)
  let at = 0
  // The first line of the log contains the start time, not output.
  let from = bytes.indexOf('\n') + 1
  return readFileSync(timing, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const [seconds, length] = line.split(' ').map(Number) as [number, number]
      at += seconds * 1_000
      const text = bytes.toString('utf8', from, from + length)
      from += length
      return { at, text }
    })
}

async function recordFrames(): Promise<readonly Frame[]> {
  const terminal = new xterm.Terminal({ cols: COLUMNS, rows: ROWS, allowProposedApi: true })
  const write = (text: string): Promise<void> => new Promise((resolve) => terminal.write(text, resolve))
  await write(PROMPT)
  const frames: Frame[] = [frameOf(terminal)]
  for (const { at, text } of recordOutput()) {
    while (at >= frames.length * FRAME) frames.push(frameOf(terminal))
    await write(text)
  }
  return [...frames, frameOf(terminal)]
}

const COLORS = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white']

function frameOf(terminal: xterm.Terminal): Frame {
  return Array.from({ length: ROWS }, (_, row) => {
    const line = terminal.buffer.active.getLine(terminal.buffer.active.viewportY + row)
    const runs: Run[] = []
    for (let column = 0; column < COLUMNS; column++) {
      const cell = line?.getCell(column)
      if (cell === undefined || cell.getWidth() === 0) continue
      const color = cell.isFgPalette() ? (COLORS[cell.getFgColor() % 8] ?? '') : ''
      const style = [color, cell.isBold() ? 'bold' : '', cell.isDim() ? 'dim' : ''].filter(Boolean).join(' ')
      const last = runs.at(-1)
      const text = cell.getChars() || ' '
      if (last?.style === style) runs[runs.length - 1] = { ...last, text: last.text + text }
      else runs.push({ column, text, style })
    }
    return runs.map((run) => ({ ...run, text: run.text.trimEnd() })).filter(({ text }) => text !== '')
  })
}

const WIDTH = 8.4
const HEIGHT = 20
const MARGIN = 16

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll(' ', '\u00a0')
}

function lineOf(runs: readonly Run[], row: number): string {
  const spans = runs.map(
    ({ column, text, style }) =>
      `<tspan x="${(MARGIN + column * WIDTH).toFixed(1)}"${style && ` class="${style}"`}>${escapeText(text)}</tspan>`,
  )
  return `<text y="${MARGIN + (row + 0.75) * HEIGHT}">${spans.join('')}</text>`
}

/** Returns the picture. A line that is equal in consecutive frames is one element. */
function renderSvg(frames: readonly Frame[]): string {
  const duration = (frames.length - 1) * FRAME + LAST_FRAME
  const lines: string[] = []
  const rules: string[] = []
  for (let row = 0; row < ROWS; row++) {
    for (let from = 0; from < frames.length; ) {
      const text = lineOf(frames[from]?.[row] ?? [], row)
      let to = from + 1
      while (to < frames.length && lineOf(frames[to]?.[row] ?? [], row) === text) to++
      if (text.includes('tspan')) {
        const isLast = to === frames.length
        const [start, end] = [(from * FRAME) / duration, isLast ? 1 : (to * FRAME) / duration]
        const name = `l${rules.length}`
        rules.push(keyframes(name, start, end))
        lines.push(text.replace('<text ', `<text style="animation-name:${name}" `))
      }
      from = to
    }
  }
  const [width, height] = [COLUMNS * WIDTH + 2 * MARGIN, ROWS * HEIGHT + 2 * MARGIN]
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="lro demo: three operations, watched live">
<style>
text{font:14px ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace;fill:#d8dee9;animation:${duration}ms steps(1) infinite both}
.dim{opacity:.6}.bold{font-weight:bold}.red{fill:#f47983}.green{fill:#8fd17f}.yellow{fill:#e8c66a}.blue{fill:#81a1f1}.magenta{fill:#d08fd6}.cyan{fill:#6fc6d6}
@media (prefers-reduced-motion){text{animation-play-state:paused;animation-delay:-${duration - 1}ms}}
${rules.join('\n')}
</style>
<rect width="100%" height="100%" rx="8" fill="#1d2330"/>
${lines.join('\n')}
</svg>
`
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(3))}%`
}

function keyframes(name: string, from: number, to: number): string {
  const off = from === 0 ? '' : `0%{visibility:hidden}`
  const end = to === 1 ? '' : `${percent(to)}{visibility:hidden}`
  return `@keyframes ${name}{${off}${percent(from)}{visibility:visible}${end}100%{visibility:${to === 1 ? 'visible' : 'hidden'}}}`
}

const picture = renderSvg(await recordFrames())
writeFileSync(new URL('../docs/demo.svg', import.meta.url), picture)
console.log(`docs/demo.svg: ${Math.round(picture.length / 1_024)} KiB`)
