import { expect } from 'chai'
import fc from 'fast-check'
import { isRight, left, right } from 'fp-ts/lib/Either.js'
import type { ResumeToken } from '../../lib/model/target.js'
import { isAllowedEndpoint, parseApiVersion, parseTarget } from '../../lib/names/resume-token.js'

const here = { endpoint: 'https://cloudresourcemanager.googleapis.com', apiVersion: 'v3' }
const name = 'operations/cp.1'
const token: ResumeToken = {
  name,
  endpoint: 'https://run.googleapis.com',
  apiVersion: 'v2',
  since: 1_700_000_000_000,
}
const { since: _, ...timeless } = token

describe('model/resume-token', () => {
  const versions: readonly (readonly [unknown, boolean])[] = [
    ['v1', true],
    ['v1beta1', true],
    ['v2alpha', true],
    ['ui', true],
    ['v', true],
    ['', false],
    ['V1', false],
    ['1', false],
    ['v1/', false],
    ['/v1', false],
    ['storage/v1', true],
    ['v1/admin', true],
    ['v1//admin', false],
    ['v1/..', false],
    ['v1/Admin', false],
    ['..', false],
    ['v1?', false],
    ['v1\n', false],
    ['v1.1', false],
    ['ｖ1', false],
    [1, false],
    [null, false],
    [undefined, false],
    [['v1'], false],
  ]
  for (const [given, good] of versions)
    it(`should ${good ? 'accept' : 'refuse'} the version ${JSON.stringify(given)}`, () => {
      expect(parseApiVersion(given)).to.deep.equal(good ? right(given) : left('a version such as "v3"'))
    })

  const read: readonly (readonly [string, unknown, ResumeToken])[] = [
    ['a name, to be found here', name, { name, ...here }],
    ['a token', token, token],
    ['a token that does not say since when', timeless, timeless],
    ['a token whose since is null', { ...token, since: null }, timeless],
    ['a token whose since is undefined', { ...token, since: undefined }, timeless],
    ['a token that began in 1970', { ...token, since: 0 }, { ...token, since: 0 }],
    ['a token that began before', { ...token, since: -1.5 }, { ...token, since: -1.5 }],
    ['a token after JSON', JSON.parse(JSON.stringify(token)), token],
    ['a token without what else it holds', { ...token, password: 'SECRET' }, token],
    [
      'the endpoint of a token as its origin',
      { ...token, endpoint: 'HTTPS://RUN.googleapis.com:443/' },
      token,
    ],
  ]
  for (const [what, given, expected] of read)
    it(`should read ${what}`, () => {
      expect(parseTarget(given, here)).to.deep.equal(right(expected))
    })

  const NO_URL = "the token's endpoint must be an http or https URL, got"
  const TOO_MUCH = "the token's endpoint must be a URL of scheme, host and port alone, got"
  const VERSION = `the token's apiVersion must be a version such as "v3", got`
  const SINCE = "the token's since must be milliseconds since 1970, got"
  const NO_STRING = 'a name is a string such as "operations/cp.123", got'
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['a bad name', 'operations/x?key=SECRET', 'it contains "?"'],
    ['nothing', undefined, `${NO_STRING} undefined`],
    ['null', null, `${NO_STRING} null`],
    ['a list', [token], `${NO_STRING} an array`],
    ['a function', () => token, `${NO_STRING} a function`],
    ['an empty token', {}, `the token's name is invalid: ${NO_STRING} undefined`],
    [
      'a token with a bad name',
      { ...token, name: '..' },
      `the token's name is invalid: it has a segment ".."`,
    ],
    [
      'a token whose name is a token',
      { ...token, name: token },
      `the token's name is invalid: ${NO_STRING} an object`,
    ],
    ['a token without an endpoint', { name, apiVersion: 'v3' }, `${NO_URL} undefined`],
    [
      'a token with a host for an endpoint',
      { ...token, endpoint: 'a.example?SECRET' },
      `${NO_URL} "a.example?…"`,
    ],
    [
      'a token with a user in its endpoint',
      { ...token, endpoint: 'https://me:SECRET@a.example' },
      `${TOO_MUCH} "https://…@a.example"`,
    ],
    [
      'a token with a query in its endpoint',
      { ...token, endpoint: 'https://a.example?key=SECRET' },
      `${TOO_MUCH} "https://a.example?…"`,
    ],
    ['a token without a version', { ...token, apiVersion: undefined }, `${VERSION} undefined`],
    ['a token with a path for a version', { ...token, apiVersion: 'v3/../v1' }, `${VERSION} "v3/../v1"`],
    ['a token that began as a text', { ...token, since: '1700000000000' }, `${SINCE} "1700000000000"`],
    ['a token that began at NaN', { ...token, since: Number.NaN }, `${SINCE} NaN`],
    ['a token that never began', { ...token, since: Number.POSITIVE_INFINITY }, `${SINCE} Infinity`],
    ['a token that began at a Date', { ...token, since: new Date(0) }, `${SINCE} an object`],
  ]
  for (const [what, given, reason] of refused)
    it(`should refuse ${what}, saying: ${reason.slice(0, 100)}`, () => {
      expect(parseTarget(given, here)).to.deep.equal(left(reason))
    })

  it('should read tokens that JSON gives back as they were, whatever else it is given', () => {
    const member = fc.oneof(
      fc.constantFrom<unknown>(...Object.values(token), 'v1', 'http://127.0.0.1:1', 'operations/a/b'),
      fc.anything(),
    )
    const given = fc.oneof(
      fc.anything({ withNullPrototype: true }),
      fc.record({ name: member, endpoint: member, apiVersion: member, since: member }, { requiredKeys: [] }),
    )
    fc.assert(
      fc.property(given, (anything) => {
        const target = parseTarget(anything, here)
        if (isRight(target))
          expect(parseTarget(JSON.parse(JSON.stringify(target.right)), here)).to.deep.equal(target)
        else expect(target.left).to.be.a('string')
      }),
    )
  })

  const callers = 'https://tracker.example:8443'
  const places: readonly (readonly [string, boolean])[] = [
    [callers, true],
    ['https://tracker.example', false],
    ['https://run.googleapis.com', true],
    ['https://run.googleapis.com:8443', false],
    ['http://run.googleapis.com', false],
    ['https://googleapis.com.evil.example', false],
    ['http://127.0.0.1:8080', true],
    ['http://[::1]', true],
    ['https://localhost:1', true],
    ['http://localhost.evil.example', false],
    ['http://10.0.0.1', false],
  ]
  for (const [endpoint, may] of places)
    it(`should ${may ? '' : 'not '}let a watch set up for ${callers} follow a token to ${endpoint}`, () => {
      expect(isAllowedEndpoint({ ...token, endpoint }, callers, 'googleapis.com')).to.equal(may)
    })

  it('should judge by the universe of the caller', () => {
    expect(isAllowedEndpoint(token, callers, 'cloud.example')).to.equal(false)
    expect(
      isAllowedEndpoint({ ...token, endpoint: 'https://run.cloud.example' }, callers, 'cloud.example'),
    ).to.equal(true)
  })
})
