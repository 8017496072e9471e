import { durationText } from './duration.js'
import { type Line, line, type Style } from './line.js'
import { type CliEmission, explanationOf, isFinalResult, statusLabel, summaryOf } from './word.js'

/** A word as lines of their own, of which the first names the operation; `took` is in milliseconds. */
export function resultLines(word: CliEmission, took: number): readonly Line[] {
  return [headOf(word, took), ...detailLines(word)]
}

/** What stands under a last word. */
export function detailLines(word: CliEmission): readonly Line[] {
  return explanationOf(word).map((text) => line(`    ${text}`, 'dim'))
}

/** The colour of a state. */
export function styleOf(word: CliEmission): Style {
  if (word._tag === 'Left') return word.left._tag === 'TimedOut' ? 'yellow' : 'red'
  return word.right.done ? 'green' : 'cyan'
}

function headOf(word: CliEmission, took: number): Line {
  const remark = summaryOf(word)
  const label = { text: statusLabel(word), style: styleOf(word) }
  if (word._tag === 'Right') {
    const time = isFinalResult(word) ? ` after ${durationText(took)}` : ` (${durationText(took)})`
    return [
      { text: `${word.right.name}: ` },
      label,
      { text: remark && `, ${remark}` },
      { text: time, style: 'dim' },
    ]
  }
  if (word.left._tag !== 'OperationFailed') return line(remark, styleOf(word))
  const time = { text: ` after ${durationText(took)}`, style: 'dim' } as const
  return [{ text: `${word.left.name}: ` }, label, time, { text: `: ${remark}` }]
}
