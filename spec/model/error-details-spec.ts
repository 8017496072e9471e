import { expect } from 'chai'
import fc from 'fast-check'
import { type Detail, decodeDetail, decodeDuration } from '../../lib/model/error-details.js'
import type { Json, JsonObject } from '../../lib/model/json.js'

const TYPE_PREFIX = 'type.googleapis.com/google.rpc.'

/** A detail of a known type, with the default of each field. `decoded` is set if it differs from `sent`. */
interface Sample {
  readonly tag: Detail['_tag']
  readonly sent: JsonObject
  readonly decoded?: object
  readonly defaults: object
}

const violation = {
  subject: 'project:p-1',
  description: 'too many projects',
  apiService: 'cloudresourcemanager.googleapis.com',
  quotaMetric: 'cloudresourcemanager.googleapis.com/write_requests',
  quotaId: 'WriteRequestsPerMinutePerProject',
  quotaDimensions: { region: 'eu' },
  quotaValue: '9223372036854775807',
  futureQuotaValue: '600',
}

const samples: readonly Sample[] = [
  {
    tag: 'ErrorInfo',
    sent: { reason: 'SERVICE_DISABLED', domain: 'googleapis.com', metadata: { service: 'x', consumer: 'y' } },
    defaults: { reason: '', domain: '', metadata: {} },
  },
  {
    tag: 'RetryInfo',
    sent: { retryDelay: '2.5s' },
    decoded: { retryDelay: 2_500 },
    defaults: { retryDelay: 0 },
  },
  {
    tag: 'DebugInfo',
    sent: { stackEntries: ['at a', 'at b'], detail: 'boom' },
    defaults: { stackEntries: [], detail: '' },
  },
  { tag: 'QuotaFailure', sent: { violations: [violation] }, defaults: { violations: [] } },
  {
    tag: 'PreconditionFailure',
    sent: { violations: [{ type: 'TOS', subject: 'example.com', description: 'not accepted' }] },
    defaults: { violations: [] },
  },
  {
    tag: 'BadRequest',
    sent: {
      fieldViolations: [
        {
          field: 'project.projectId',
          description: 'too short',
          reason: 'TOO_SHORT',
          localizedMessage: { locale: 'de-DE', message: 'zu kurz' },
        },
      ],
    },
    defaults: { fieldViolations: [] },
  },
  {
    tag: 'RequestInfo',
    sent: { requestId: 'r-1', servingData: 'cell-7' },
    defaults: { requestId: '', servingData: '' },
  },
  {
    tag: 'ResourceInfo',
    sent: {
      resourceType: 'folder',
      resourceName: 'folders/1',
      owner: 'organizations/2',
      description: 'gone',
    },
    defaults: { resourceType: '', resourceName: '', owner: '', description: '' },
  },
  {
    tag: 'Help',
    sent: { links: [{ description: 'Console', url: 'https://console.example/' }] },
    defaults: { links: [] },
  },
  {
    tag: 'LocalizedMessage',
    sent: { locale: 'en-US', message: 'No.' },
    defaults: { locale: '', message: '' },
  },
]

function unknownDetail(raw: Json, type = ''): Detail {
  return { _tag: 'UnknownDetail', type, value: raw }
}

describe('model/error-details', () => {
  for (const { tag, sent, decoded = sent, defaults } of samples) {
    const type = TYPE_PREFIX + tag

    it(`should decode every field of ${tag}`, () => {
      expect(decodeDetail({ '@type': type, ...sent })).to.deep.equal({ _tag: tag, '@type': type, ...decoded })
    })

    it(`should return the default of every field of ${tag} that is absent or null`, () => {
      const nulls = Object.fromEntries(Object.keys(sent).map((field) => [field, null]))
      const expected = { _tag: tag, '@type': type, ...defaults }
      expect(decodeDetail({ '@type': type })).to.deep.equal(expected)
      expect(decodeDetail({ '@type': type, ...nulls })).to.deep.equal(expected)
    })

    it(`should keep the unknown members of ${tag}`, () => {
      const unknownMembers = { newField: { deep: [1, null] }, '': 0 }
      expect(decodeDetail({ '@type': type, ...sent, ...unknownMembers })).to.deep.equal({
        _tag: tag,
        '@type': type,
        ...decoded,
        ...unknownMembers,
      })
    })

    for (const field of Object.keys(sent))
      for (const wrongValue of [5, true, { a: 1 }, [1], [null], 'text'])
        if (wrongValue !== 'text' || typeof sent[field] !== 'string')
          it(`should return ${tag} as an UnknownDetail if ${field} is ${JSON.stringify(wrongValue)}`, () => {
            const raw = { '@type': type, ...sent, [field]: wrongValue }
            expect(decodeDetail(raw)).to.deep.equal(unknownDetail(raw, type))
          })
  }

  const nestedRows: readonly (readonly [string, string, Json, Json])[] = [
    [
      'an empty quota violation',
      'QuotaFailure',
      { violations: [{}] },
      {
        violations: [
          {
            subject: '',
            description: '',
            apiService: '',
            quotaMetric: '',
            quotaId: '',
            quotaDimensions: {},
            quotaValue: '',
            futureQuotaValue: '',
          },
        ],
      },
    ],
    [
      'an int64 that is a number',
      'QuotaFailure',
      { violations: [{ ...violation, quotaValue: 600, futureQuotaValue: -1 }] },
      { violations: [{ ...violation, quotaValue: '600', futureQuotaValue: '-1' }] },
    ],
    [
      'a precondition violation with another member',
      'PreconditionFailure',
      { violations: [{ extra: 1 }] },
      { violations: [{ type: '', subject: '', description: '', extra: 1 }] },
    ],
    [
      'a field violation without a localized message',
      'BadRequest',
      { fieldViolations: [{}, { field: 'a', localizedMessage: null, extra: 1 }] },
      {
        fieldViolations: [
          { field: '', description: '', reason: '' },
          { field: 'a', description: '', reason: '', localizedMessage: null, extra: 1 },
        ],
      },
    ],
    [
      'an empty localized message',
      'BadRequest',
      { fieldViolations: [{ localizedMessage: {} }] },
      {
        fieldViolations: [
          { field: '', description: '', reason: '', localizedMessage: { locale: '', message: '' } },
        ],
      },
    ],
    [
      'a link with another member',
      'Help',
      { links: [{ extra: [] }] },
      { links: [{ description: '', url: '', extra: [] }] },
    ],
  ]
  for (const [what, tag, sent, decoded] of nestedRows)
    it(`should decode ${what} in ${tag}, with defaults for absent fields`, () => {
      const type = TYPE_PREFIX + tag
      expect(decodeDetail({ '@type': type, ...(sent as object) })).to.deep.equal({
        _tag: tag,
        '@type': type,
        ...(decoded as object),
      })
    })

  const invalidRows: readonly (readonly [string, JsonObject])[] = [
    ['QuotaFailure', { violations: [violation, { ...violation, quotaValue: true }] }],
    ['QuotaFailure', { violations: [{ ...violation, quotaDimensions: { region: 1 } }] }],
    ['QuotaFailure', { violations: [{ ...violation, quotaDimensions: ['eu'] }] }],
    ['PreconditionFailure', { violations: [{ type: 'TOS' }, 'TOS'] }],
    ['BadRequest', { fieldViolations: [{ field: 5 }] }],
    ['BadRequest', { fieldViolations: ['field'] }],
    ['BadRequest', { fieldViolations: [{ field: 'a', localizedMessage: 'no' }] }],
    ['BadRequest', { fieldViolations: [{ field: 'a', localizedMessage: { locale: 5 } }] }],
    ['Help', { links: [{ url: null }, { url: 5 }] }],
    ['DebugInfo', { stackEntries: ['a', 5] }],
    ['ErrorInfo', { metadata: { a: 'b', c: 5 } }],
    ['ErrorInfo', { metadata: { a: null } }],
    ['RetryInfo', { retryDelay: 'soon' }],
    ['RetryInfo', { retryDelay: { seconds: 5 } }],
  ]
  for (const [tag, sent] of invalidRows)
    it(`should return ${tag} as an UnknownDetail if it has ${JSON.stringify(sent).slice(0, 70)}`, () => {
      const raw = { '@type': TYPE_PREFIX + tag, ...sent }
      expect(decodeDetail(raw)).to.deep.equal(unknownDetail(raw, TYPE_PREFIX + tag))
    })

  const unknownRows: readonly (readonly [string, Json, string])[] = [
    [
      'a detail of a type outside google.rpc',
      { '@type': 'type.googleapis.com/example.v1.Cause', a: [1] },
      'type.googleapis.com/example.v1.Cause',
    ],
    [
      'a type whose package only ends with google.rpc',
      { '@type': 'example/not.google.rpc.ErrorInfo' },
      'example/not.google.rpc.ErrorInfo',
    ],
    [
      'a type whose name begins in lower case',
      { '@type': `${TYPE_PREFIX}errorInfo` },
      `${TYPE_PREFIX}errorInfo`,
    ],
    ['a nested type', { '@type': `${TYPE_PREFIX}ErrorInfo.Entry` }, `${TYPE_PREFIX}ErrorInfo.Entry`],
    ['an empty type', { '@type': '', reason: 'a' }, ''],
    ['a type that is not a string', { '@type': 5, reason: 'a' }, ''],
    ['an object without a type', { reason: 'a' }, ''],
    ['null', null, ''],
    ['a string', `${TYPE_PREFIX}ErrorInfo`, ''],
    ['a number', 5, ''],
    ['a boolean', false, ''],
    ['a list', [{ '@type': `${TYPE_PREFIX}ErrorInfo` }], ''],
    ['the type __proto__', { '@type': '__proto__' }, '__proto__'],
    ['the type constructor', { '@type': `${TYPE_PREFIX}constructor` }, `${TYPE_PREFIX}constructor`],
    ['the type toString', { '@type': 'toString' }, 'toString'],
    ['the type hasOwnProperty', { '@type': `${TYPE_PREFIX}hasOwnProperty` }, `${TYPE_PREFIX}hasOwnProperty`],
  ]
  for (const [what, raw, type] of unknownRows)
    it(`should return ${what} as an UnknownDetail`, () => {
      const detail = decodeDetail(raw)
      expect(detail).to.deep.equal(unknownDetail(raw, type))
      expect(detail).to.have.property('value', raw)
    })

  it('should use the last segment of a type, regardless of its prefix', () => {
    const types = [
      'type.googleapis.com/google.rpc.RequestInfo',
      'a/b/google.rpc.RequestInfo',
      'google.rpc.RequestInfo',
    ]
    expect(types.map((type) => decodeDetail({ '@type': type })._tag)).to.deep.equal([
      'RequestInfo',
      'RequestInfo',
      'RequestInfo',
    ])
  })

  it('should keep a member named __proto__ as an own property', () => {
    const raw: JsonObject = JSON.parse(
      `{"@type":"${TYPE_PREFIX}ErrorInfo","__proto__":{"polluted":1},"constructor":2,"metadata":{"__proto__":"m"}}`,
    )
    const detail = decodeDetail(raw)
    expect(detail._tag).to.equal('ErrorInfo')
    expect(Object.getPrototypeOf(detail)).to.equal(Object.prototype)
    expect(JSON.parse(JSON.stringify(detail))).to.deep.equal({
      ...raw,
      _tag: 'ErrorInfo',
      reason: '',
      domain: '',
    })
    expect(Object.hasOwn(detail, '__proto__')).to.equal(true)
    expect(({} as { polluted?: unknown }).polluted).to.equal(undefined)
  })

  it('should not read fields from a member named __proto__', () => {
    const raw: JsonObject = JSON.parse(`{"@type":"${TYPE_PREFIX}RequestInfo","__proto__":{"requestId":"r"}}`)
    expect(decodeDetail(raw)).to.have.property('requestId', '')
  })

  it('should not modify its argument', () => {
    const raw = Object.freeze({ '@type': `${TYPE_PREFIX}RetryInfo`, retryDelay: '1s' })
    expect(decodeDetail(raw)).to.have.property('retryDelay', 1_000)
    expect(raw).to.deep.equal({ '@type': `${TYPE_PREFIX}RetryInfo`, retryDelay: '1s' })
  })

  it('should keep all members of a detail, and decode only the fields that its type defines', () => {
    const sample = fc.constantFrom(...samples)
    const otherMembers = fc.dictionary(fc.string(), fc.jsonValue()).filter((members) => !('_tag' in members))
    fc.assert(
      fc.property(sample, otherMembers, ({ tag, sent, decoded = sent }, members) => {
        const raw = { ...(members as JsonObject), '@type': TYPE_PREFIX + tag, ...sent }
        expect(decodeDetail(raw)).to.deep.equal({ ...raw, ...decoded, _tag: tag })
      }),
    )
  })

  it('should keep every member of any JSON value', () => {
    const types = fc.constantFrom(...samples.map(({ tag }) => TYPE_PREFIX + tag), '__proto__', 'x')
    const fields = fc.constantFrom(...samples.flatMap(({ sent }) => Object.keys(sent)), '__proto__', 'more')
    const json = fc.oneof(
      fc.jsonValue(),
      fc
        .tuple(types, fc.dictionary(fields, fc.jsonValue()))
        .map(([type, members]) => ({ '@type': type, ...members })),
    )
    fc.assert(
      fc.property(json, (value) => {
        const raw = value as Json
        const detail = decodeDetail(raw)
        if (detail._tag === 'UnknownDetail') expect(detail.value).to.equal(raw)
        else expect(Object.keys(detail)).to.include.members(Object.keys(raw as JsonObject))
      }),
    )
  })

  describe('decodeDuration', () => {
    const durations: readonly (readonly [Json | undefined, number | undefined])[] = [
      ['0s', 0],
      ['20s', 20_000],
      ['3.5s', 3_500],
      ['3.000001s', 3_000.001],
      ['-1.5s', -1_500],
      ['315576000000s', 315_576_000_000_000],
      ['007s', 7_000],
      ['1234567890123s', undefined],
      ['1.0000000001s', undefined],
      ['1.s', undefined],
      ['.5s', undefined],
      ['+1s', undefined],
      ['--1s', undefined],
      ['1e3s', undefined],
      ['0x10s', undefined],
      ['1', undefined],
      ['s', undefined],
      ['', undefined],
      ['1 s', undefined],
      [' 1s', undefined],
      ['1s\n', undefined],
      ['1m', undefined],
      ['1S', undefined],
      ['Infinitys', undefined],
      ['１s', undefined],
      [1, undefined],
      [null, undefined],
      [undefined, undefined],
      [{ seconds: 1 }, undefined],
      [['1s'], undefined],
    ]
    for (const [raw, expected] of durations)
      it(`should return ${expected === undefined ? 'undefined' : `${expected} ms`} for ${JSON.stringify(raw)}`, () => {
        expect(decodeDuration(raw)).to.equal(expected)
      })
  })
})
