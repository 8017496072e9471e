import { expect } from 'chai'
import { InvalidOption } from '../../lib/messages/invalid-option.js'
import { checkRequestOptions, type RequestOptions } from '../../lib/wire/request-options.js'

describe('wire/request-options', () => {
  const accepted: readonly RequestOptions[] = [
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
  for (const options of accepted)
    it(`should accept ${JSON.stringify(options).slice(0, 90)}`, () => {
      expect(checkRequestOptions(options)).to.equal(undefined)
    })

  const XGAFV = 'xgafv must be "1" or "2", got'
  const PROJECT = 'quotaProject must be a project ID, got'
  const USER = 'quotaUser must be 1 to 40 characters of printable ASCII, got'
  const FIELDS = 'fields must be a field mask that contains name, done and error, got'
  const PLAIN = 'headers must be a plain object of strings by header name, got'
  const HEADERS = 'headers must be valid HTTP header names and values, got'
  const CLIENT = 'headers must be different from the headers that the client sets, got'
  const rejected: readonly (readonly [object, string])[] = [
    [{ xgafv: '3' }, `${XGAFV} "3"`],
    [{ xgafv: '' }, `${XGAFV} ""`],
    [{ xgafv: 1 }, `${XGAFV} 1`],
    [{ xgafv: null }, `${XGAFV} null`],
    [{ xgafv: ['1'] }, `${XGAFV} an array`],
    [{ quotaProject: '' }, `${PROJECT} ""`],
    [{ quotaProject: 5 }, `${PROJECT} 5`],
    [{ quotaProject: null }, `${PROJECT} null`],
    [{ quotaProject: 'p\r\nx-evil: 1' }, `${PROJECT} "p\\r\\nx-evil: 1"`],
    [{ quotaProject: 'größe' }, `${PROJECT} "größe"`],
    [{ quotaUser: '' }, `${USER} ""`],
    [{ quotaUser: 'u'.repeat(41) }, `${USER} "${'u'.repeat(41)}"`],
    [{ quotaUser: 'ü' }, `${USER} "ü"`],
    [{ quotaUser: ['u'] }, `${USER} an array`],
    [{ quotaUser: null }, `${USER} null`],
    [{ fields: '' }, `${FIELDS} ""`],
    [{ fields: 'name,done' }, `${FIELDS} "name,done"`],
    [{ fields: 'name,error' }, `${FIELDS} "name,error"`],
    [{ fields: 'done,error' }, `${FIELDS} "done,error"`],
    [{ fields: 'name,done,error/code' }, `${FIELDS} "name,done,error/code"`],
    [{ fields: 'name,done,error(code)' }, `${FIELDS} "name,done,error(code)"`],
    [{ fields: 'name,done,errors' }, `${FIELDS} "name,done,errors"`],
    [{ fields: 'Name,Done,Error' }, `${FIELDS} "Name,Done,Error"`],
    [{ fields: 'response(name,done,error)' }, `${FIELDS} "response(name,done,error)"`],
    [{ fields: 'response(a(b),name,done,error,c)' }, `${FIELDS} "response(a(b),name,done,error,c)"`],
    [{ fields: 'metadata(a(b),*,c)' }, `${FIELDS} "metadata(a(b),*,c)"`],
    [{ fields: '(name,done,error)' }, `${FIELDS} "(name,done,error)"`],
    [{ fields: 'response(*)' }, `${FIELDS} "response(*)"`],
    [{ fields: 'response/*' }, `${FIELDS} "response/*"`],
    [{ fields: 'name,done,x(error)' }, `${FIELDS} "name,done,x(error)"`],
    [{ fields: null }, `${FIELDS} null`],
    [{ fields: ['name', 'done', 'error'] }, `${FIELDS} an array`],
    [{ headers: null }, `${PLAIN} null`],
    [{ headers: 'SECRET' }, `${PLAIN} a string`],
    [{ headers: ['SECRET'] }, `${PLAIN} an array`],
    [{ headers: new Headers({ a: 'SECRET' }) }, `${PLAIN} an object`],
    [{ headers: new Map([['a', 'SECRET']]) }, `${PLAIN} an object`],
    [{ headers: { '': 'SECRET' } }, `${HEADERS} ""`],
    [{ headers: { 'a b': 'SECRET' } }, `${HEADERS} "a b"`],
    [{ headers: { 'a:': 'SECRET' } }, `${HEADERS} "a:"`],
    [{ headers: { 'a\n': 'SECRET' } }, `${HEADERS} "a\\n"`],
    [{ headers: { grün: 'SECRET' } }, `${HEADERS} "grün"`],
    [{ headers: { a: '' } }, `${HEADERS} "a"`],
    [{ headers: { a: 'SECRET\r\nx-evil: 1' } }, `${HEADERS} "a"`],
    [{ headers: { a: 'SECRET\n' } }, `${HEADERS} "a"`],
    [{ headers: { a: 'SECRET\t' } }, `${HEADERS} "a"`],
    [{ headers: { a: 'SECRET\x7f' } }, `${HEADERS} "a"`],
    [{ headers: { a: 'SECRÈT' } }, `${HEADERS} "a"`],
    [{ headers: { a: 5 } }, `${HEADERS} "a"`],
    [{ headers: { a: undefined } }, `${HEADERS} "a"`],
    [{ headers: { a: ['SECRET'] } }, `${HEADERS} "a"`],
    [{ headers: { good: 'SECRET', bad: '' } }, `${HEADERS} "bad"`],
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
    ].map((name) => [{ headers: { [name]: 'SECRET' } }, `${CLIENT} "${name}"`] as const),
  ]
  for (const [options, message] of rejected)
    it(`should reject ${JSON.stringify(options).slice(0, 60)}: ${message.slice(0, 90)}`, () => {
      expect(() => checkRequestOptions(options as RequestOptions))
        .to.throw(InvalidOption)
        .that.includes({ message, option: message.split(' ', 1)[0] })
    })
})
