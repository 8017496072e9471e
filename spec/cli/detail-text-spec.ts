import { expect } from 'chai'
import { formatDetails } from '../../lib/cli/output/detail-text.js'
import type { Detail, LegacyError } from '../../lib/index.js'

function format(details: readonly Detail[], errors?: readonly LegacyError[]): readonly string[] {
  return formatDetails({
    code: 3,
    codeName: 'INVALID_ARGUMENT',
    message: '',
    details,
    ...(errors && { errors }),
  })
}

describe('cli/detail-text', () => {
  const rows: readonly (readonly [Detail, readonly string[]])[] = [
    [
      {
        _tag: 'ErrorInfo',
        reason: 'API_DISABLED',
        domain: 'googleapis.com',
        metadata: { service: 'x', empty: '' },
      },
      ['reason API_DISABLED (googleapis.com)', '  service: x'],
    ],
    [{ _tag: 'ErrorInfo', reason: 'R', domain: '', metadata: {} }, ['reason R']],
    [{ _tag: 'RetryInfo', retryDelay: 20_000 }, ['retry after 20.0 s']],
    [{ _tag: 'DebugInfo', detail: 'boom', stackEntries: ['a', 'b'] }, ['debug: boom', '  a', '  b']],
    [
      {
        _tag: 'QuotaFailure',
        violations: [
          {
            subject: 'project:1',
            description: 'used up',
            apiService: 's',
            quotaMetric: '',
            quotaId: 'PerDay',
            quotaDimensions: { region: 'r' },
            quotaValue: '10',
            futureQuotaValue: '',
          },
        ],
      },
      ['quota project:1: used up', '  apiService: s', '  quotaId: PerDay', '  region: r', '  quotaValue: 10'],
    ],
    [
      { _tag: 'PreconditionFailure', violations: [{ type: 'TOS', subject: 'a', description: 'accept it' }] },
      ['precondition TOS of a: accept it'],
    ],
    [
      {
        _tag: 'BadRequest',
        fieldViolations: [
          { field: 'a.b', description: 'too long', reason: 'LENGTH' },
          {
            field: 'c',
            description: 'x',
            reason: '',
            localizedMessage: { locale: 'de', message: 'zu kurz' },
          },
        ],
      },
      ['field a.b (LENGTH): too long', 'field c: zu kurz'],
    ],
    [{ _tag: 'RequestInfo', requestId: 'r1', servingData: '' }, ['request r1']],
    [
      { _tag: 'ResourceInfo', resourceType: 't', resourceName: 'n', owner: 'o', description: 'gone' },
      ['resource t n owned by o: gone'],
    ],
    [
      {
        _tag: 'Help',
        links: [
          { description: 'Read', url: 'https://x' },
          { description: '', url: 'https://y' },
        ],
      },
      ['help: Read: https://x', 'help: https://y'],
    ],
    [{ _tag: 'LocalizedMessage', locale: 'fr', message: 'non' }, ['message (fr): non']],
    [
      { _tag: 'UnknownDetail', type: 't', value: { '@type': 't', a: [1] } },
      ['detail: {"@type":"t","a":[1]}'],
    ],
  ]
  for (const [detail, texts] of rows)
    it(`should format ${detail._tag} as ${texts[0]}`, () => expect(format([detail])).to.deep.equal(texts))

  it('should format the errors of the legacy error format', () =>
    expect(
      format([], [{ reason: 'forbidden', domain: 'global', message: 'no', location: 'here' }]),
    ).to.deep.equal(['reason forbidden (global) at here: no']))
})
