/** A point of the picture with its label. */
interface Dot {
  readonly polls: number
  /** Seconds. */
  readonly lag: number
  readonly label: string
  readonly isOurs: boolean
  /** Whether the dot is hollow because its figures exclude operations that the schedule gave up on. */
  readonly givesUp: boolean
}

/** One diagram of the picture. */
export interface Panel {
  readonly title: string
  readonly dots: readonly Dot[]
  readonly line: readonly Pick<Dot, 'polls' | 'lag'>[]
}

const WIDTH = 560
const HEIGHT = 480
const LEFT = 56
const RIGHT = 16
const TOP = 40
const BOTTOM = 52
const FONT = 11

/** Draws the panels from left to right with logarithmic axes, for light and dark pages. */
export function picture(panels: readonly Panel[], caption: string): string {
  const width = WIDTH * panels.length
  const height = HEIGHT + 28
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>Mean lag against polls</title>
<style>
  text { font: ${FONT}px sans-serif; fill: #24292f }
  .title { font-size: 14px; font-weight: bold }
  .ours { font-weight: bold; fill: #0550ae }
  .grid { stroke: #8c959f; stroke-opacity: 0.35 }
  .frame { stroke: #57606a; fill: none }
  .lead { stroke: #57606a; stroke-width: 0.75 }
  .line { stroke: #0969da; stroke-width: 2; fill: none }
  .dot { fill: #bc4c00; stroke: #bc4c00; stroke-width: 1.5 }
  .dot.ours { fill: #0969da; stroke: #0969da }
  .dot.hollow { fill: none }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6edf3 }
    .ours { fill: #79c0ff }
    .frame, .lead { stroke: #8b949e }
    .line { stroke: #58a6ff }
    .dot { fill: #f0883e; stroke: #f0883e }
    .dot.ours { fill: #58a6ff; stroke: #58a6ff }
    .dot.hollow { fill: none }
  }
</style>
${panels.map((panel, index) => drawPanel(panel, index * WIDTH)).join('\n')}
<text x="${LEFT}" y="${height - 10}">${caption}</text>
</svg>
`
}

interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** A logarithmic axis with ticks at 1, 2 and 5 times the powers of ten. */
interface Axis {
  /** Returns the coordinate of a value. */
  readonly at: (value: number) => number
  readonly ticks: readonly number[]
}

function axis(values: readonly number[], from: number, to: number): Axis {
  const low = Math.log(Math.min(...values) / 1.25)
  const high = Math.log(Math.max(...values) * 1.25)
  const ticks = [-2, -1, 0, 1, 2, 3].flatMap((power) => [1, 2, 5].map((step) => step * 10 ** power))
  return {
    at: (value) => from + ((Math.log(value) - low) / (high - low)) * (to - from),
    ticks: ticks.filter((tick) => Math.log(tick) >= low && Math.log(tick) <= high),
  }
}

function drawPanel({ title, dots, line }: Panel, x: number): string {
  const all = [...dots, ...line]
  const polls = axis(
    all.map((dot) => dot.polls),
    x + LEFT,
    x + WIDTH - RIGHT,
  )
  const lag = axis(
    all.map((dot) => dot.lag),
    HEIGHT - BOTTOM,
    TOP,
  )
  const path = line.map((dot) => `${round(polls.at(dot.polls))},${round(lag.at(dot.lag))}`).join(' ')
  return [
    `<text class="title" x="${x + LEFT}" y="24">${title}</text>`,
    ...polls.ticks.flatMap((tick) => {
      const tickX = round(polls.at(tick))
      return [
        `<line class="grid" x1="${tickX}" y1="${TOP}" x2="${tickX}" y2="${HEIGHT - BOTTOM}"/>`,
        `<text x="${tickX}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${tickText(tick)}</text>`,
      ]
    }),
    ...lag.ticks.flatMap((tick) => {
      const tickY = round(lag.at(tick))
      return [
        `<line class="grid" x1="${x + LEFT}" y1="${tickY}" x2="${x + WIDTH - RIGHT}" y2="${tickY}"/>`,
        `<text x="${x + LEFT - 6}" y="${tickY + 4}" text-anchor="end">${tickText(tick)}</text>`,
      ]
    }),
    `<rect class="frame" x="${x + LEFT}" y="${TOP}" width="${WIDTH - LEFT - RIGHT}" height="${HEIGHT - TOP - BOTTOM}"/>`,
    `<text x="${x + (LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 16}" text-anchor="middle">polls for an operation</text>`,
    `<text transform="translate(${x + 14} ${(TOP + HEIGHT - BOTTOM) / 2}) rotate(-90)" text-anchor="middle">mean lag, seconds</text>`,
    `<polyline class="line" points="${path}"/>`,
    ...drawDots(dots, x, polls, lag),
  ].join('\n')
}

function tickText(tick: number): string {
  return String(Number(tick.toPrecision(1)))
}
function round(coordinate: number): number {
  return Math.round(coordinate * 10) / 10
}

/** Draws the dots. Each label is at the nearest position that covers no dot and no other label. */
function drawDots(dots: readonly Dot[], x: number, polls: Axis, lag: Axis): readonly string[] {
  const points = dots.map((dot) => ({ dot, x: polls.at(dot.polls), y: lag.at(dot.lag) }))
  const occupied: Box[] = points.map((point) => ({ x: point.x - 5, y: point.y - 5, width: 10, height: 10 }))
  const isFree = (box: Box): boolean =>
    box.x > x + LEFT &&
    box.x + box.width < x + WIDTH - RIGHT &&
    box.y > TOP &&
    box.y + box.height < HEIGHT - BOTTOM &&
    !occupied.some((other) => overlap(box, other))
  return points.flatMap(({ dot, ...point }) => {
    const candidates = labelBoxes(point.x, point.y, dot.label.length * FONT * 0.58)
    const box = candidates.find(isFree) ?? candidates[0]
    if (box === undefined) return []
    occupied.push(box)
    const kind = `${dot.isOurs ? ' ours' : ''}${dot.givesUp ? ' hollow' : ''}`
    const near = { x: clamp(point.x, box.x, box.x + box.width), y: clamp(point.y, box.y, box.y + box.height) }
    const isFar = Math.hypot(near.x - point.x, near.y - point.y) > 14
    return [
      ...(isFar
        ? [
            `<line class="lead" x1="${round(point.x)}" y1="${round(point.y)}" x2="${round(near.x)}" y2="${round(near.y)}"/>`,
          ]
        : []),
      `<circle class="dot${kind}" cx="${round(point.x)}" cy="${round(point.y)}" r="4"/>`,
      `<text${dot.isOurs ? ' class="ours"' : ''} x="${round(box.x)}" y="${round(box.y + 10)}">${dot.label}</text>`,
    ]
  })
}

/** Returns the candidate boxes of a label in order of distance. Each distance starts on the right side. */
function labelBoxes(x: number, y: number, width: number): readonly Box[] {
  return Array.from({ length: 40 }, (_, ring) => 8 + 4 * ring).flatMap((distance) =>
    Array.from({ length: 16 }, (_, n) => (n * Math.PI) / 8).map((angle) => {
      const [along, down] = [Math.cos(angle), Math.sin(angle)]
      return {
        x: x + along * distance - (width * (1 - along)) / 2,
        y: y + down * distance - 6 + down * 6,
        width,
        height: 12,
      }
    }),
  )
}

function clamp(value: number, from: number, to: number): number {
  return Math.min(to, Math.max(from, value))
}

function overlap(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.width &&
    other.x < one.x + one.width &&
    one.y < other.y + other.height &&
    other.y < one.y + one.height
  )
}
