import { expect } from 'chai'
import { isColoured, line, render } from '../../lib/cli/output/terminal-text.js'
import { FakeOutput } from './fake.js'

describe('cli/line', () => {
  it('should colour its pieces where that is wanted', () => {
    expect(render([{ text: 'a ' }, { text: 'b', style: 'red' }], { colour: true })).to.equal(
      'a \u001b[31mb\u001b[39m',
    )
    expect(render(line('b', 'red'), { colour: false })).to.equal('b')
  })

  it('should cut off over all pieces what is too wide', () =>
    expect(
      render([{ text: 'abc' }, { text: 'def', style: 'red' }, { text: 'g' }], { colour: true, columns: 5 }),
    ).to.equal('abc\u001b[31md…\u001b[39m'))

  it('should make its text visible before it is cut', () =>
    expect(render(line('\u001b[31m', 'red'), { colour: false, columns: 4 })).to.equal('\\u0…'))

  for (const [tty, env, refused, coloured] of [
    [true, {}, false, true],
    [false, {}, false, false],
    [true, {}, true, false],
    [true, { NO_COLOR: '1' }, false, false],
    [true, { NO_COLOR: '' }, false, true],
    [true, { TERM: 'dumb' }, false, false],
  ] as const)
    it(`should ${coloured ? '' : 'not '}colour: terminal ${tty}, ${JSON.stringify(env)}, --no-color ${refused}`, () =>
      expect(isColoured(new FakeOutput(tty), env, refused)).to.equal(coloured))
})
