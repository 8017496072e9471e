import { type Line, line } from './line.js'
import { styleOf } from './told-lines.js'
import { type CliEmission, statusLabel, summaryOf } from './word.js'

/** An operation of a list in one line: its name, its state, and how far it is or why it failed. */
export function listLine(word: CliEmission): Line {
  const remark = summaryOf(word)
  if (word._tag === 'Left' && word.left._tag !== 'OperationFailed') return line(remark, styleOf(word))
  const name = (word._tag === 'Left' ? word.left : word.right).name || '(no name)'
  const before = word._tag === 'Left' ? ': ' : ', '
  return [
    { text: `${name}: ` },
    { text: statusLabel(word), style: styleOf(word) },
    { text: remark && `${before}${remark}` },
  ]
}
