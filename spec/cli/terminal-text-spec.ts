import { expect } from 'chai'
import { render, styled, supportsColors } from '../../lib/cli/output/terminal-text.js'
import { FakeOutput } from './fake.js'

describe('cli/terminal-text', () => {
  it('should style spans only if hasColors is true', () => {
    expect(render(['a ', styled('b', 'red')], { hasColors: true })).to.equal('a \u001b[31mb\u001b[39m')
    expect(render([styled('b', 'red')], { hasColors: false })).to.equal('b')
  })

  it('should truncate the line, with all its spans, to the number of columns', () =>
    expect(render(['abc', styled('def', 'red'), 'g'], { hasColors: true, columns: 5 })).to.equal(
      'abc\u001b[31md…\u001b[39m',
    ))

  it('should escape hidden characters before truncation', () =>
    expect(render([styled('\u001b[31m', 'red')], { hasColors: false, columns: 4 })).to.equal('\\u0…'))

  for (const [tty, env, noColor, hasColors] of [
    [true, {}, false, true],
    [false, {}, false, false],
    [true, {}, true, false],
    [true, { NO_COLOR: '1' }, false, false],
    [true, { NO_COLOR: '' }, false, true],
    [true, { TERM: 'dumb' }, false, false],
  ] as const)
    it(`should ${hasColors ? '' : 'not '}use colors if isTTY is ${tty}, env is ${JSON.stringify(env)} and --no-color is ${noColor}`, () =>
      expect(supportsColors(new FakeOutput(tty), env, noColor)).to.equal(hasColors))
})
