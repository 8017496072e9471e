import { expect } from 'chai'
import { run } from '../../lib/cli/program.js'
import { FakeSurroundings } from './fake.js'

async function ran(...argv: readonly string[]): Promise<{ code: number; told: string }> {
  const around = new FakeSurroundings()
  const code = await run(['explain', ...argv], around)
  return { code, told: around.stdout.written + around.stderr.written }
}

describe('cli/explain', () => {
  it('should print the polls as a table', async () => {
    const { code, told } = await ran('3s', '--schedule', 'constant', '--interval', '2s')
    expect(code).to.equal(0)
    expect(told).to.equal(
      [
        'constant(interval 2000 ms), for an operation of 3.00 s',
        '',
        '  poll            at         after',
        '     1        0.00 s',
        '     2        2.00 s        2.00 s',
        '     3        4.00 s        2.00 s',
        '',
        '3 polls; its end is noticed 1.00 s late, at worst 2.00 s',
        '',
      ].join('\n'),
    )
  })

  it('should leave out the middle of a long table', async () => {
    const { told } = await ran('1h', '--schedule', 'constant', '--interval', '1s')
    expect(told.split('\n')).to.have.length(32)
    expect(told).to.contain('\n   … 3576 more\n').and.contain('\n3601 polls;')
  })

  const rows: readonly (readonly [readonly string[], string])[] = [
    [
      ['1s'],
      '{"schedule":"lagBounded(ratio 0.25, min 750 ms, max 20000 ms)","duration":1000,"pollsAt":[0,750,1500],"lag":500,"worstLag":750}',
    ],
    [['1s', '--ratio', '1', '--min', '1s', '--max', '2s'], '"pollsAt":[0,1000],"lag":0,"worstLag":1000}'],
    [['3s', '--schedule', 'exponential'], '"pollsAt":[0,1000,2500,4750],"lag":1750,"worstLag":2250}'],
    [['0', '--schedule', 'constant'], '"pollsAt":[0],"lag":0,"worstLag":0}'],
  ]
  for (const [argv, json] of rows)
    it(`should print ${argv.join(' ')} as JSON`, async () => {
      const { code, told } = await ran(...argv, '--json')
      expect(code).to.equal(0)
      expect(told).to.contain(`${json}\n`)
    })

  for (const [argv, told] of [
    [[], 'give one DURATION, got 0'],
    [['soon'], 'DURATION must be a duration such as'],
    [['1s', '--schedule', 'x'], '--schedule must be lag-bounded, exponential or constant, got "x"'],
    [['1s', '--schedule', 'constant', '--ratio', '1'], '--ratio is no option of the schedule constant'],
    [['1s', '--ratio', 'x'], '--ratio must be a number such as 0.25, got "x"'],
    [['1s', '--ratio', '11'], '--ratio must be a number above 0, at most 10, got 11'],
    [['1s', '--min', '30s'], '--max must be at least min'],
    [['9999999h', '--schedule', 'constant', '--interval', '1ms'], 'the schedule has not reached'],
  ] as const)
    it(`should refuse ${JSON.stringify(argv)}`, async () => {
      const refused = await ran(...argv)
      expect(refused.code).to.equal(2)
      expect(refused.told)
        .to.contain(told)
        .and.match(/^[^\n]*; see lro explain --help\n$/)
    })
})
