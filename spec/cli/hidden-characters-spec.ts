import { expect } from 'chai'
import { escapeHidden, jsonLine } from '../../lib/cli/output/terminal-text.js'

/** Texts. Each has its escaped form for a terminal, and its escaped form in JSON. */
const TEXTS = [
  ['\u001b[2J', '\\u001b[2J', '\\u001b[2J'],
  ['a\nb\r\tc', 'a\\nb\\r\\tc', 'a\\nb\\r\\tc'],
  ['\u007f', '\\u007f', '\\u007f'],
  ['\u009b31m', '\\u009b31m', '\\u009b31m'],
  ['\u2028\u2029', '\\u2028\\u2029', '\\u2028\\u2029'],
  ['\u202egpj', '\\u202egpj', '\\u202egpj'],
  ['\u2066x\u2069', '\\u2066x\\u2069', '\\u2066x\\u2069'],
  ['\u{e0041}', '\\udb40\\udc41', '\\udb40\\udc41'],
  ['\ud800', '\\ud800', '\\ud800'],
  ['Zürich 東京 ✓ \\', 'Zürich 東京 ✓ \\', 'Zürich 東京 ✓ \\\\'],
] as const

describe('cli/terminal-text, hidden characters', () => {
  for (const [text, escaped, inJson] of TEXTS) {
    it(`should escape text for a terminal as ${escaped}`, () => expect(escapeHidden(text)).to.equal(escaped))
    it(`should escape text in JSON as ${inJson}, which parses to the original text`, () => {
      const line = jsonLine({ text })
      expect(line).to.equal(`{"text":"${inJson}"}`)
      expect(JSON.parse(line)).to.deep.equal({ text })
    })
  }
})
