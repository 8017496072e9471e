import type { Json } from '../index.js'
import { type Line, line } from './line.js'
import { detailLines, styleOf } from './told-lines.js'
import { type CliEmission, statusLabel, summaryOf } from './word.js'

/** One snapshot with all that it holds, or its state alone. */
export function snapshotLines(word: CliEmission, stateAlone: boolean): readonly Line[] {
  const label = { text: statusLabel(word), style: styleOf(word) }
  if (word._tag === 'Left') {
    const remark = summaryOf(word)
    const head =
      word.left._tag === 'OperationFailed'
        ? [{ text: `${word.left.name}: ` }, label, { text: `: ${remark}` }]
        : line(remark, styleOf(word))
    const metadata = word.left._tag === 'OperationFailed' ? word.left.metadata : undefined
    return [head, ...detailLines(word), ...(stateAlone ? [] : block('metadata', metadata))]
  }
  const head = [{ text: `${word.right.name}: ` }, label]
  if (stateAlone) return [head]
  const response = word.right.done ? word.right.response : undefined
  return [head, ...block('metadata', word.right.metadata), ...block('response', response)]
}

/** JSON over as many lines as it takes, under its title. */
function block(title: string, value: Json | undefined): readonly Line[] {
  return value === undefined
    ? []
    : [
        line(`  ${title}:`, 'bold'),
        ...JSON.stringify(value, null, 2)
          .split('\n')
          .map((text) => line(`    ${text}`)),
      ]
}
