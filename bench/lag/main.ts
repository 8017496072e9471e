// Plays every schedule against the same run times, prints lag and polls side by side, and keeps them with a picture.
import { mkdirSync, writeFileSync } from 'node:fs'
import { verdictOf } from '../bar.ts'
import { measure } from './measure.ts'
import { LONG, MIXES, SHORT } from './mixes.ts'
import { OURS, RATIOS, withRatio } from './ours.ts'
import { PEERS } from './peers.ts'
import { picture } from './picture.ts'
import { barsOf, page, type Row, shareText } from './report.ts'
import { surroundings } from './surroundings.ts'

const rows: readonly Row[] = [...OURS, ...PEERS].map((contender) => ({
  contender,
  measured: new Map(MIXES.map((mix) => [mix, measure(contender, mix)])),
}))
const bars = barsOf(rows, MIXES)
const panels = [SHORT, LONG].map((mix) => ({
  title: `Run times log-uniform over ${mix.name}`,
  dots: rows.flatMap(({ contender, measured }) => {
    const { polls = 0, meanLag: lag = 0, givenUp = 0 } = measured.get(mix) ?? {}
    const { short, isOurs } = contender
    const label = givenUp > 0 ? `${short} (${shareText(givenUp)})` : short
    return [{ polls, lag, label, isOurs, givesUp: givenUp > 0 }]
  }),
  line: RATIOS.map((ratio) => {
    const { polls, meanLag: lag } = measure(withRatio(ratio), mix)
    return { ratio, polls, lag }
  }),
}))
const caption = `The line is lagBounded() for ratios from ${RATIOS[0]} to ${RATIOS.at(-1)}; of a hollow one the share that it gives up is in brackets.`

const around = surroundings()
const head = `- Machine: ${around.machine}; Node ${around.node}
- rx-longrunning ${around.version}; the versions of the others stand beside their names

By \`npm run lag\` in \`bench/\`; the figures are in \`lag.json\`.`
const text = `${head}\n\n${page(rows, MIXES, bars)}\n`
const results = new URL('../results/', import.meta.url)
mkdirSync(results, { recursive: true })
writeFileSync(
  new URL('LAG.md', results),
  `# Lag against polls\n\n${text}\n![Mean lag against polls](../../docs/lag-frontier.svg)\n`,
)
writeFileSync(new URL('../../docs/lag-frontier.svg', import.meta.url), picture(panels, caption))
const record = {
  ...around,
  bars: bars.map((bar) => ({ ...bar, verdict: verdictOf(bar) })),
  frontier: Object.fromEntries(panels.map(({ title, line }) => [title, line])),
  schedules: rows.map(({ contender, measured }) => ({
    schedule: contender.name,
    waits: contender.does,
    ...Object.fromEntries([...measured].map(([mix, found]) => [mix.name, found])),
  })),
}
writeFileSync(new URL('lag.json', results), `${JSON.stringify(record, null, 2)}\n`)
console.log(text)
