import { expect } from 'chai'
import { run } from '../../lib/cli/program.js'
import { FakeIo } from './fake.js'

async function runExplain(...argv: readonly string[]): Promise<{ code: number; output: string }> {
  const io = new FakeIo()
  const code = await run(['explain', ...argv], io)
  return { code, output: io.stdout.written + io.stderr.written }
}

describe('cli/explain', () => {
  it('should print the polls as a table', async () => {
    const { code, output } = await runExplain('3s', '--schedule', 'constant', '--interval', '2s')
    expect(code).to.equal(0)
    expect(output).to.equal(
      [
        'constant(interval 2000 ms), for an operation of 3.00 s',
        '',
        '  poll            at          wait',
        '     1        0.00 s',
        '     2        2.00 s        2.00 s',
        '     3        4.00 s        2.00 s',
        '',
        '3 polls; lag 1.00 s, worst lag 2.00 s',
        '',
      ].join('\n'),
    )
  })

  it('should omit the middle of the table if the table is long', async () => {
    const { output } = await runExplain('1h', '--schedule', 'constant', '--interval', '1s')
    // 25 polls and 7 other lines.
    expect(output.split('\n')).to.have.length(32)
    expect(output).to.contain('\n   … 3576 more\n').and.contain('\n3601 polls;')
  })

  const rows: readonly (readonly [readonly string[], string])[] = [
    [
      ['1s'],
      '{"schedule":"balanced(factor 1.3, min 750 ms, max 20000 ms)","duration":1000,"pollsAt":[0,750,1500],"lag":500,"worstLag":750}',
    ],
    [
      ['4s', '--factor', '1', '--min', '1s', '--max', '2s'],
      '"pollsAt":[0,1000,2000,3000,4132],"lag":132,"worstLag":1132}',
    ],
    [
      ['1s', '--schedule', 'lag-bounded', '--ratio', '1', '--min', '1s', '--max', '2s'],
      '"pollsAt":[0,1000],"lag":0,"worstLag":1000}',
    ],
    [['3s', '--schedule', 'exponential'], '"pollsAt":[0,1000,2500,4750],"lag":1750,"worstLag":2250}'],
    [['0', '--schedule', 'constant'], '"pollsAt":[0],"lag":0,"worstLag":0}'],
  ]
  for (const [argv, json] of rows)
    it(`should print the polls of ${argv.join(' ')} as JSON`, async () => {
      const { code, output } = await runExplain(...argv, '--json')
      expect(code).to.equal(0)
      expect(output).to.contain(`${json}\n`)
    })

  for (const [argv, message] of [
    [[], 'expected one DURATION, got 0'],
    [['soon'], 'DURATION must be a duration such as'],
    [['1s', '--schedule', 'x'], '--schedule must be balanced, lag-bounded, exponential or constant, got "x"'],
    [['1s', '--schedule', 'constant', '--ratio', '1'], '--ratio is not an option of the schedule constant'],
    [['1s', '--ratio', '1'], '--ratio is not an option of the schedule balanced'],
    [['1s', '--factor', 'x'], '--factor must be a number such as 0.25, got "x"'],
    [['1s', '--factor', '101'], '--factor must be a number from 0.01 to 100, got 101'],
    [
      ['1s', '--schedule', 'lag-bounded', '--ratio', '11'],
      '--ratio must be a number above 0, at most 10, got 11',
    ],
    [['1s', '--min', '30s'], '--max must be at least min'],
    [['9999999h', '--schedule', 'constant', '--interval', '1ms'], 'the schedule has not reached'],
  ] as const)
    it(`should reject ${JSON.stringify(argv)}`, async () => {
      const rejected = await runExplain(...argv)
      expect(rejected.code).to.equal(2)
      expect(rejected.output)
        .to.contain(message)
        .and.match(/^[^\n]*; see lro explain --help\n$/)
    })
})
