import { expect } from 'chai'
import fc from 'fast-check'
import { Code, type CodeName } from '../../lib/model/code.js'
import type { Json, JsonObject } from '../../lib/model/json.js'
import {
  decodeHttpError,
  decodeStatus,
  detailOf,
  reasonsOf,
  type Status,
  statusOfHttp,
} from '../../lib/model/status.js'

const codes = Object.entries(Code) as readonly (readonly [CodeName, number])[]
function status(codeName: CodeName, more: Partial<Status> = {}): Status {
  return {
    code: Code[codeName],
    codeName,
    message: '',
    details: [],
    ...more,
  }
}

const errorInfo = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'A',
  domain: 'd',
  metadata: {},
}
const decodedErrorInfo = { _tag: 'ErrorInfo', ...errorInfo } as const

describe('model/status', () => {
  it('should define the 17 codes of google.rpc', () => {
    expect(codes.map(([name, number]) => `${number} ${name}`)).to.deep.equal([
      '0 OK',
      '1 CANCELLED',
      '2 UNKNOWN',
      '3 INVALID_ARGUMENT',
      '4 DEADLINE_EXCEEDED',
      '5 NOT_FOUND',
      '6 ALREADY_EXISTS',
      '7 PERMISSION_DENIED',
      '8 RESOURCE_EXHAUSTED',
      '9 FAILED_PRECONDITION',
      '10 ABORTED',
      '11 OUT_OF_RANGE',
      '12 UNIMPLEMENTED',
      '13 INTERNAL',
      '14 UNAVAILABLE',
      '15 DATA_LOSS',
      '16 UNAUTHENTICATED',
    ])
  })

  describe('decodeStatus', () => {
    for (const [name, number] of codes)
      it(`should return ${name} if the code is ${number} or "${number}"`, () => {
        expect(decodeStatus({ code: number, message: 'm' })).to.deep.equal(status(name, { message: 'm' }))
        expect(decodeStatus({ code: String(number) })).to.deep.equal(status(name))
      })

    const codesWithoutName: readonly (readonly [Json, number])[] = [
      [17, 17],
      [-1, -1],
      [404, 404],
      ['404', 404],
      ['-7', -7],
      [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
      [2 ** 53, 2],
      [5.5, 2],
      ['5.5', 2],
      [' 5', 2],
      ['0x5', 2],
      ['', 2],
      ['9'.repeat(400), 2],
      [null, 2],
      [true, 2],
      [[5], 2],
      [{ code: 5 }, 2],
    ]
    for (const [code, number] of codesWithoutName)
      it(`should return UNKNOWN with code ${number} if the code is ${JSON.stringify(code).slice(0, 20)}`, () => {
        expect(decodeStatus({ code })).to.deep.equal(status('UNKNOWN', { code: number }))
      })

    it('should return UNKNOWN without a message for an empty object', () => {
      expect(decodeStatus({})).to.deep.equal(status('UNKNOWN'))
    })

    // Cited in docs/COMPARISON.md as: all-details
    it('should keep every detail in order, with unknown details as sent', () => {
      const details = [errorInfo, { '@type': 'x' }, null, 'text', errorInfo]
      expect(decodeStatus({ code: 7, message: '<eye3/> no', details }).details).to.deep.equal([
        decodedErrorInfo,
        { _tag: 'UnknownDetail', type: 'x', value: { '@type': 'x' } },
        { _tag: 'UnknownDetail', type: '', value: null },
        { _tag: 'UnknownDetail', type: '', value: 'text' },
        decodedErrorInfo,
      ])
    })

    const unusualRows: readonly (readonly [string, JsonObject, Partial<Status>])[] = [
      ['a message that is not a string', { message: 5 }, {}],
      ['a message that is null', { message: null }, {}],
      ['details that are null', { details: null }, {}],
      ['a detail that is not in an array', { details: errorInfo }, { details: [decodedErrorInfo] }],
      [
        'details that are a string',
        { details: 'why' },
        { details: [{ _tag: 'UnknownDetail', type: '', value: 'why' }] },
      ],
      ['members that only HTTP error bodies have', { errors: [{ reason: 'r' }], status: 'NOT_FOUND' }, {}],
    ]
    for (const [what, raw, expected] of unusualRows)
      it(`should accept ${what}`, () => {
        expect(decodeStatus({ code: 5, ...raw })).to.deep.equal(status('NOT_FOUND', expected))
      })

    it('should ignore inherited members', () => {
      expect(decodeStatus(JSON.parse('{"__proto__":{"code":5,"message":"m"}}'))).to.deep.equal(
        status('UNKNOWN'),
      )
    })

    it('should return a valid status for any JSON object', () => {
      const members = fc.dictionary(
        fc.constantFrom('code', 'message', 'details', '__proto__'),
        fc.jsonValue(),
      )
      fc.assert(
        fc.property(members, (raw) => {
          const decoded = decodeStatus(raw as JsonObject)
          expect(decoded.code).to.satisfy(Number.isSafeInteger)
          expect(Code).to.have.property(decoded.codeName)
          expect(decoded.message).to.be.a('string')
          expect(decoded.details).to.be.an('array')
        }),
      )
    })
  })

  describe('decodeHttpError', () => {
    for (const [name] of codes)
      it(`should return ${name} if the body has this status, regardless of the HTTP status`, () => {
        expect(decodeHttpError(418, { error: { code: 418, status: name } })).to.deep.equal(status(name))
      })

    const detailedError = {
      code: 403,
      message: 'The API is not enabled.',
      status: 'PERMISSION_DENIED',
      details: [errorInfo, { '@type': 'type.googleapis.com/google.rpc.Help', links: [] }],
    }
    const decodedDetailedError = status('PERMISSION_DENIED', {
      message: 'The API is not enabled.',
      details: [
        decodedErrorInfo,
        { _tag: 'Help', '@type': 'type.googleapis.com/google.rpc.Help', links: [] } as never,
      ],
    })
    const errors = [
      {
        message: 'Login Required.',
        domain: 'global',
        reason: 'required',
        location: 'Authorization',
        locationType: 'header',
      },
      { message: 'second', domain: 'global', reason: 'forbidden' },
    ]

    const bodies: readonly (readonly [string, unknown, Status])[] = [
      ['an error with a status and details', { error: detailedError }, decodedDetailedError],
      ['an error with a status and details in an array', [{ error: detailedError }], decodedDetailedError],
      [
        'the first error of an array with other values',
        [null, 'x', {}, { error: detailedError }, { error: {} }],
        decodedDetailedError,
      ],
      [
        'an error with a status, details and errors',
        { error: { ...detailedError, errors } },
        { ...decodedDetailedError, errors },
      ],
      [
        'an error with errors and no status',
        { error: { code: 403, message: 'Forbidden', errors } },
        status('PERMISSION_DENIED', { message: 'Forbidden', errors }),
      ],
      ['an empty error', { error: {} }, status('PERMISSION_DENIED')],
      ['a status that does not exist', { error: { status: 'NO_COFFEE' } }, status('PERMISSION_DENIED')],
      ['a status in lower case', { error: { status: 'not_found' } }, status('PERMISSION_DENIED')],
      ['a status that is a number', { error: { status: 5 } }, status('PERMISSION_DENIED')],
      ['the status __proto__', { error: { status: '__proto__' } }, status('PERMISSION_DENIED')],
      ['the status constructor', { error: { status: 'constructor' } }, status('PERMISSION_DENIED')],
      ['the status toString', { error: { status: 'toString' } }, status('PERMISSION_DENIED')],
      ['errors that are not objects', { error: { errors: [1, null, 'x', []] } }, status('PERMISSION_DENIED')],
      [
        'errors with a single item',
        { error: { errors: [{ reason: 'forbidden' }] } },
        status('PERMISSION_DENIED', { errors: [{ message: '', domain: '', reason: 'forbidden' }] }),
      ],
      ['errors that are not an array', { error: { errors: { reason: 'r' } } }, status('PERMISSION_DENIED')],
      ['an empty array of errors', { error: { errors: [] } }, status('PERMISSION_DENIED')],
      [
        'items of errors whose members have wrong types',
        { error: { errors: [{ message: 1, domain: null, reason: [], location: 1, locationType: {} }, {}] } },
        status('PERMISSION_DENIED', {
          errors: [
            { message: '1', domain: '', reason: '', location: 1, locationType: {} },
            { message: '', domain: '', reason: '' },
          ],
        }),
      ],
      [
        'all members of an item of errors',
        { error: { errors: [{ reason: 'r', extendedHelp: 'https://h.example', debugInfo: 'd' }] } },
        status('PERMISSION_DENIED', {
          errors: [
            { message: '', domain: '', reason: 'r', extendedHelp: 'https://h.example', debugInfo: 'd' },
          ],
        } as Partial<Status>),
      ],
      ['a message of a wrong type', { error: { message: ['m'] } }, status('PERMISSION_DENIED')],
    ]
    for (const [what, body, expected] of bodies)
      it(`should decode ${what}`, () => {
        expect(decodeHttpError(403, body)).to.deep.equal(expected)
      })

    const bare = { code: 5, message: 'No such operation.', details: [errorInfo] }
    const decodedBare = status('NOT_FOUND', { message: 'No such operation.', details: [decodedErrorInfo] })
    const bareBodies: readonly (readonly [string, unknown, Status])[] = [
      ['all members', bare, decodedBare],
      ['its message in `error`, as in grpc-gateway 1', { ...bare, error: bare.message }, decodedBare],
      ['no details', { code: 5, message: 'm' }, status('NOT_FOUND', { message: 'm' })],
      ['empty details', { code: 5, message: 'm', details: [] }, status('NOT_FOUND', { message: 'm' })],
      [
        'null as its details',
        { code: 5, message: 'm', details: null },
        status('NOT_FOUND', { message: 'm' }),
      ],
      ['an empty message', { code: 16, message: '' }, status('UNAUTHENTICATED')],
      ['no message, as in Envoy', { code: 16 }, status('UNAUTHENTICATED')],
      ['null as its message', { code: 16, message: null }, status('UNAUTHENTICATED')],
      ['its message only in `error`', { code: 5, error: 'm' }, status('NOT_FOUND', { message: 'm' })],
      ['a string as its code', { code: '5', message: 'm' }, status('NOT_FOUND', { message: 'm' })],
      ['an array around it', [{}, bare], decodedBare],
      ['an error of a stream around it', { error: bare }, decodedBare],
    ]
    for (const [what, body, expected] of bareBodies)
      it(`should decode a bare status if it has ${what}`, () => {
        expect(decodeHttpError(403, body)).to.deep.equal(expected)
      })

    for (const [name, code] of codes.slice(1))
      it(`should return ${name} for the code ${code} of a bare status, regardless of the HTTP status`, () => {
        expect(decodeHttpError(418, { code, message: 'm' })).to.deep.equal(status(name, { message: 'm' }))
      })

    const withoutError: readonly unknown[] = [
      undefined,
      null,
      '',
      '<!DOCTYPE html><title>Error 404 (Not Found)!!1</title>',
      404,
      true,
      {},
      [],
      [[]],
      [{}],
      ['error'],
      { error: null },
      { error: 'invalid_grant', error_description: 'Bad Request' },
      { error: [] },
      { error: 403 },
      { code: 403, message: 'm', status: 'PERMISSION_DENIED' },
      [{ error: 'x' }],
      { code: 0, message: 'm' },
      { code: 17, message: 'm' },
      { code: -1, message: 'm' },
      { code: 5.5, message: 'm' },
      { code: 404, message: 'm' },
      { code: 'NOT_FOUND', message: 'm' },
      { code: '5a', message: 'm' },
      { code: '', message: 'm' },
      { code: 5, message: ['m'] },
      { code: 5, message: 'm', details: 'd' },
      { code: 5, message: 'm', details: {} },
      { code: 5, message: 'm', error: 'another text' },
      { code: 5, message: 'm', error: true },
      { code: 5, message: 'm', status: 'NOT_FOUND' },
      { code: 5, message: 'm', name: 'operations/x', done: true },
      { name: 'operations/x', done: false, metadata: { code: 5, message: 'm' } },
      { message: 'm' },
    ]
    for (const body of withoutError)
      it(`should return undefined if the body is ${JSON.stringify(body)?.slice(0, 60)}`, () => {
        expect(decodeHttpError(403, body)).to.equal(undefined)
      })

    it('should ignore an inherited error', () => {
      expect(decodeHttpError(403, JSON.parse('{"__proto__":{"error":{}}}'))).to.equal(undefined)
    })
  })

  describe('statusOfHttp', () => {
    const rows: readonly (readonly [number, CodeName])[] = [
      [0, 'UNKNOWN'],
      [100, 'UNKNOWN'],
      [199, 'UNKNOWN'],
      [200, 'OK'],
      [204, 'OK'],
      [299, 'OK'],
      [300, 'UNKNOWN'],
      [302, 'UNKNOWN'],
      [304, 'UNKNOWN'],
      [399, 'UNKNOWN'],
      [400, 'INVALID_ARGUMENT'],
      [401, 'UNAUTHENTICATED'],
      [402, 'FAILED_PRECONDITION'],
      [403, 'PERMISSION_DENIED'],
      [404, 'NOT_FOUND'],
      [405, 'FAILED_PRECONDITION'],
      [408, 'DEADLINE_EXCEEDED'],
      [409, 'ABORTED'],
      [412, 'FAILED_PRECONDITION'],
      [416, 'OUT_OF_RANGE'],
      [421, 'UNAVAILABLE'],
      [425, 'UNAVAILABLE'],
      [429, 'RESOURCE_EXHAUSTED'],
      [431, 'FAILED_PRECONDITION'],
      [499, 'CANCELLED'],
      [500, 'INTERNAL'],
      [501, 'UNIMPLEMENTED'],
      [502, 'INTERNAL'],
      [503, 'UNAVAILABLE'],
      [504, 'DEADLINE_EXCEEDED'],
      [505, 'INTERNAL'],
      [599, 'INTERNAL'],
      [600, 'UNKNOWN'],
      [Number.NaN, 'UNKNOWN'],
    ]
    for (const [httpStatus, name] of rows)
      it(`should return ${name} for HTTP ${httpStatus} if there is no body, or a body without a status`, () => {
        expect(statusOfHttp(httpStatus)).to.deep.equal(status(name))
        expect(decodeHttpError(httpStatus, { error: { message: 'm' } })).to.deep.equal(
          status(name, { message: 'm' }),
        )
      })
  })

  describe('detailOf and reasonsOf', () => {
    const help = { _tag: 'Help', links: [] } as const
    const [firstInfo, secondInfo] = [
      { ...decodedErrorInfo, reason: 'FIRST' },
      { ...decodedErrorInfo, reason: 'SECOND' },
    ]
    const fullStatus = status('ABORTED', {
      details: [help, firstInfo, secondInfo],
      errors: [
        { message: '', domain: '', reason: 'third' },
        { message: '', domain: '', reason: '' },
      ],
    })

    it('should return the first detail that has the tag', () => {
      expect(detailOf(fullStatus, 'ErrorInfo')).to.equal(firstInfo)
      expect(detailOf(fullStatus, 'Help')).to.equal(help)
      expect(detailOf(fullStatus, 'RetryInfo')).to.equal(undefined)
    })

    it('should return the reasons of all details, and then the reasons of all errors', () => {
      expect(reasonsOf(fullStatus)).to.deep.equal(['FIRST', 'SECOND', 'third', ''])
      expect(reasonsOf(status('ABORTED'))).to.deep.equal([])
    })
  })
})
