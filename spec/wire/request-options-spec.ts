import { expect } from 'chai'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'
import { checkRequestOptions, type RequestOptions } from '../../lib/wire/request-options.js'

describe('wire/request-options', () => {
  const acceptedOptions: readonly RequestOptions[] = [
    {},
    { xgafv: '1' },
    { xgafv: '2' },
    { quotaProject: 'p' },
    { quotaProject: 'example.com:p-1' },
    { quotaUser: 'u' },
    { quotaUser: 'u'.repeat(40) },
    { quotaUser: 'with space ~!' },
    { fields: 'name,done,error' },
    { fields: 'error,done,name' },
    { fields: '*' },
    { fields: 'name,*' },
    { fields: 'name,done,error,response,metadata' },
    { fields: 'name,done,error,response(projectId,state)' },
    { fields: 'response(parent(id),state),name,done,error' },
    { fields: 'metadata/ready,name,done,error' },
    { headers: {} },
    { headers: { 'x-goog-request-reason': 'a ticket' } },
    { headers: { "!#$%&'*+-.^_`|~09AZaz": '\x20\x7e' } },
    { headers: { 'Accept-Language': 'de' } },
  ]
  for (const options of acceptedOptions)
    it(`should accept ${JSON.stringify(options).slice(0, 90)}`, () => {
      expect(checkRequestOptions(options, LONGRUNNING)).to.equal(undefined)
    })

  const XGAFV_MESSAGE = 'xgafv must be "1" or "2", got'
  const PROJECT_MESSAGE = 'quotaProject must be a project ID, got'
  const USER_MESSAGE = 'quotaUser must be 1 to 40 characters of printable ASCII, got'
  it('should check a field mask with 100,000 parentheses in linear time', () => {
    const nested = `${'a('.repeat(50_000)}b${')'.repeat(50_000)}`
    for (const fields of [`name,done,error,${nested}`, `name,done,error${',a(b)'.repeat(50_000)}`])
      expect(() => checkRequestOptions({ fields }, LONGRUNNING)).to.not.throw()
  }).timeout(2_000)

  const FIELDS_MESSAGE = 'fields must be a field mask that contains name, done and error, got'
  const PLAIN_OBJECT_MESSAGE = 'headers must be a plain object that maps header names to strings, got'
  const HEADERS_MESSAGE = 'headers must be valid HTTP header names and values, got'
  const CLIENT_HEADERS_MESSAGE = 'headers must be different from the headers that the client sets, got'
  const rejectedOptions: readonly (readonly [object, string])[] = [
    [{ xgafv: '3' }, `${XGAFV_MESSAGE} "3"`],
    [{ xgafv: '' }, `${XGAFV_MESSAGE} ""`],
    [{ xgafv: 1 }, `${XGAFV_MESSAGE} 1`],
    [{ xgafv: null }, `${XGAFV_MESSAGE} null`],
    [{ xgafv: ['1'] }, `${XGAFV_MESSAGE} an array`],
    [{ quotaProject: '' }, `${PROJECT_MESSAGE} ""`],
    [{ quotaProject: 5 }, `${PROJECT_MESSAGE} 5`],
    [{ quotaProject: null }, `${PROJECT_MESSAGE} null`],
    [{ quotaProject: 'p\r\nx-evil: 1' }, `${PROJECT_MESSAGE} "p\\r\\nx-evil: 1"`],
    [{ quotaProject: 'größe' }, `${PROJECT_MESSAGE} "größe"`],
    [{ quotaUser: '' }, `${USER_MESSAGE} ""`],
    [{ quotaUser: 'u'.repeat(41) }, `${USER_MESSAGE} "${'u'.repeat(41)}"`],
    [{ quotaUser: 'ü' }, `${USER_MESSAGE} "ü"`],
    [{ quotaUser: ['u'] }, `${USER_MESSAGE} an array`],
    [{ quotaUser: null }, `${USER_MESSAGE} null`],
    [{ fields: '' }, `${FIELDS_MESSAGE} ""`],
    [{ fields: 'name,done' }, `${FIELDS_MESSAGE} "name,done"`],
    [{ fields: 'name,error' }, `${FIELDS_MESSAGE} "name,error"`],
    [{ fields: 'done,error' }, `${FIELDS_MESSAGE} "done,error"`],
    [{ fields: 'name,done,error/code' }, `${FIELDS_MESSAGE} "name,done,error/code"`],
    [{ fields: 'name,done,error(code)' }, `${FIELDS_MESSAGE} "name,done,error(code)"`],
    [{ fields: 'name,done,errors' }, `${FIELDS_MESSAGE} "name,done,errors"`],
    [{ fields: 'Name,Done,Error' }, `${FIELDS_MESSAGE} "Name,Done,Error"`],
    [{ fields: 'response(name,done,error)' }, `${FIELDS_MESSAGE} "response(name,done,error)"`],
    [{ fields: 'response(a(b),name,done,error,c)' }, `${FIELDS_MESSAGE} "response(a(b),name,done,error,c)"`],
    [{ fields: 'metadata(a(b),*,c)' }, `${FIELDS_MESSAGE} "metadata(a(b),*,c)"`],
    [{ fields: '(name,done,error)' }, `${FIELDS_MESSAGE} "(name,done,error)"`],
    [{ fields: 'response(*)' }, `${FIELDS_MESSAGE} "response(*)"`],
    [{ fields: 'response/*' }, `${FIELDS_MESSAGE} "response/*"`],
    [{ fields: 'name,done,x(error)' }, `${FIELDS_MESSAGE} "name,done,x(error)"`],
    [{ fields: null }, `${FIELDS_MESSAGE} null`],
    [{ fields: ['name', 'done', 'error'] }, `${FIELDS_MESSAGE} an array`],
    [{ headers: null }, `${PLAIN_OBJECT_MESSAGE} null`],
    [{ headers: 'SECRET' }, `${PLAIN_OBJECT_MESSAGE} a string`],
    [{ headers: ['SECRET'] }, `${PLAIN_OBJECT_MESSAGE} an array`],
    [{ headers: new Headers({ a: 'SECRET' }) }, `${PLAIN_OBJECT_MESSAGE} an object`],
    [{ headers: new Map([['a', 'SECRET']]) }, `${PLAIN_OBJECT_MESSAGE} an object`],
    [{ headers: { '': 'SECRET' } }, `${HEADERS_MESSAGE} ""`],
    [{ headers: { 'a b': 'SECRET' } }, `${HEADERS_MESSAGE} "a b"`],
    [{ headers: { 'a:': 'SECRET' } }, `${HEADERS_MESSAGE} "a:"`],
    [{ headers: { 'a\n': 'SECRET' } }, `${HEADERS_MESSAGE} "a\\n"`],
    [{ headers: { grün: 'SECRET' } }, `${HEADERS_MESSAGE} "grün"`],
    [{ headers: { a: '' } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: 'SECRET\r\nx-evil: 1' } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: 'SECRET\n' } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: 'SECRET\t' } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: 'SECRET\x7f' } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: 'SECRÈT' } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: 5 } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: undefined } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { a: ['SECRET'] } }, `${HEADERS_MESSAGE} "a"`],
    [{ headers: { good: 'SECRET', bad: '' } }, `${HEADERS_MESSAGE} "bad"`],
    ...[
      'accept',
      'authorization',
      'Authorization',
      'AUTHORIZATION',
      'connection',
      'content-length',
      'Cookie',
      'Host',
      'Proxy-Authorization',
      'Transfer-Encoding',
      'User-Agent',
      'X-Goog-Api-Key',
      'X-Goog-FieldMask',
      'X-HTTP-Method-Override',
      'X-Goog-User-Project',
    ].map((name) => [{ headers: { [name]: 'SECRET' } }, `${CLIENT_HEADERS_MESSAGE} "${name}"`] as const),
  ]
  for (const [options, message] of rejectedOptions)
    it(`should reject ${JSON.stringify(options).slice(0, 60)}: ${message.slice(0, 90)}`, () => {
      expect(() => checkRequestOptions(options as RequestOptions, LONGRUNNING))
        .to.throw(InvalidOption)
        .that.includes({ message, option: message.split(' ', 1)[0] })
    })
})
