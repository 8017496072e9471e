import { expect } from 'chai'
import { truncate, widthOf } from '../../lib/cli/output/terminal-text.js'

describe('cli/terminal-text, width', () => {
  for (const [text, width] of [
    ['', 0],
    ['abc…✓⠋', 6],
    ['東京', 4],
    ['한국', 4],
    ['e\u0301', 1],
    ['\u0915\u0940', 2],
    ['🎉', 2],
  ] as const)
    it(`should measure "${text}" as ${width} columns`, () => expect(widthOf(text)).to.equal(width))

  for (const [text, columns, truncated] of [
    ['abc', 3, 'abc'],
    ['abcd', 3, 'ab…'],
    ['東京都', 5, '東京…'],
    ['東京都', 4, '東…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['abc', -1, ''],
    ['', 0, ''],
  ] as const)
    it(`should truncate "${text}" to ${columns} columns as "${truncated}"`, () =>
      expect(truncate(text, columns)).to.equal(truncated))
})
