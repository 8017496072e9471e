import { inspect } from 'node:util'
import { expect } from 'chai'
import { InvalidOption } from '../../lib/index.js'
import { type ProxyOption, proxyFor, proxyOption } from '../../lib/transport/proxy.js'

const RUN = 'https://run.googleapis.com'
const PLAIN = 'http://example.test'

/** Returns the origin of the proxy for `origin`, or `direct`. */
function chosen(origin: string, env: NodeJS.ProcessEnv, option?: ProxyOption): string {
  return proxyFor(origin, option, env)?.origin ?? 'direct'
}

describe('transport/proxy', () => {
  const variables: readonly (readonly [NodeJS.ProcessEnv, string, string])[] = [
    [{}, RUN, 'direct'],
    [{ HTTPS_PROXY: 'http://p:3128' }, RUN, 'http://p:3128'],
    [{ https_proxy: 'http://p:3128' }, RUN, 'http://p:3128'],
    [{ https_proxy: 'http://a', HTTPS_PROXY: 'http://b' }, RUN, 'http://a'],
    [{ https_proxy: '', HTTPS_PROXY: 'http://b' }, RUN, 'http://b'],
    [{ HTTP_PROXY: 'http://p' }, RUN, 'http://p'],
    [{ http_proxy: 'http://p' }, RUN, 'http://p'],
    [{ HTTP_PROXY: 'http://a', HTTPS_PROXY: 'http://b' }, RUN, 'http://b'],
    [{ HTTP_PROXY: 'http://a', HTTPS_PROXY: 'http://b' }, PLAIN, 'http://a'],
    [{ http_proxy: 'http://a', HTTP_PROXY: 'http://b' }, PLAIN, 'http://a'],
    [{ HTTPS_PROXY: 'http://b' }, PLAIN, 'direct'],
    [{ HTTPS_PROXY: 'https://me:pw@p:8443/' }, RUN, 'https://p:8443'],
    [{ HTTPS_PROXY: 'http://[2001:db8::5]:3128' }, RUN, 'http://[2001:db8::5]:3128'],
    [{ HTTPS_PROXY: 'p.example:3128' }, RUN, 'http://p.example:3128'],
    [{ HTTPS_PROXY: 'me:pw@p.example:3128' }, RUN, 'http://p.example:3128'],
  ]
  for (const [env, origin, expected] of variables)
    it(`should be ${expected} for ${origin} if the variables are ${JSON.stringify(env)}`, () => {
      expect(chosen(origin, env)).to.equal(expected)
    })

  const bypasses: readonly (readonly [noProxy: string, origin: string, isDirect: boolean])[] = [
    ['*', RUN, true],
    ['', RUN, false],
    ['run.googleapis.com', RUN, true],
    ['RUN.GoogleAPIs.com', RUN, true],
    ['googleapis.com', RUN, false],
    ['other.example, run.googleapis.com', RUN, true],
    ['other.example run.googleapis.com', RUN, true],
    ['.googleapis.com', RUN, true],
    ['.googleapis.com', 'https://googleapis.com', true],
    ['.googleapis.com', 'https://evilgoogleapis.com', false],
    ['*.googleapis.com', RUN, true],
    ['*.googleapis.com', 'https://googleapis.com', false],
    ['*.googleapis.com', 'https://evilgoogleapis.com', false],
    ['*googleapis.com', RUN, false],
    ['run.googleapis.com:443', RUN, true],
    ['run.googleapis.com:8443', RUN, false],
    ['run.googleapis.com:8443', 'https://run.googleapis.com:8443', true],
    ['example.test:80', PLAIN, true],
    ['10.1.2.3', 'https://10.1.2.3', true],
    ['10.1.2.3:443', 'https://10.1.2.3', true],
    ['10.1.2.1-10.1.2.9', 'https://10.1.2.1', true],
    ['10.1.2.1-10.1.2.9', 'https://10.1.2.9', true],
    ['10.1.2.1 - 10.1.2.9', 'https://10.1.2.3', true],
    ['10.1.2.1-10.1.2.9', 'https://10.1.2.10', false],
    ['10.1.2.9-10.1.2.1', 'https://10.1.2.3', false],
    ['128.0.0.1-255.0.0.1', 'https://200.1.2.3', true],
    ['10.1.2.1-x', 'https://10.1.2.3', false],
    ['10.1.2.1-', 'https://10.1.2.3', false],
    ['my-host.example', 'https://my-host.example', true],
    ['2001:db8::1', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]', 'https://[2001:db8::1]', true],
    ['[2001:db8::1]:443', 'https://[2001:db8::1]', true],
    ['2001:db8::1:443', 'https://[2001:db8::1]', true],
    ['2001:db8::2', 'https://[2001:db8::1]', false],
  ]
  for (const [noProxy, origin, isDirect] of bypasses)
    it(`should be ${isDirect ? 'direct' : 'the proxy'} for ${origin} if NO_PROXY is ${JSON.stringify(noProxy)}`, () => {
      const expected = isDirect ? 'direct' : 'http://p'
      const proxies = { HTTPS_PROXY: 'http://p', HTTP_PROXY: 'http://p' }
      expect(chosen(origin, { ...proxies, NO_PROXY: noProxy })).to.equal(expected)
      expect(chosen(origin, { ...proxies, no_proxy: noProxy })).to.equal(expected)
      expect(chosen(origin, { no_proxy: noProxy }, proxyOption('http://p'))).to.equal(expected)
    })

  it('should use the lower-case variable if both forms of NO_PROXY are set', () => {
    const env = { HTTPS_PROXY: 'http://p', no_proxy: 'other.example', NO_PROXY: '*' }
    expect(chosen(RUN, env)).to.equal('http://p')
  })

  for (const origin of [
    'http://localhost:1',
    'https://127.0.0.1',
    'http://127.9.9.9',
    'http://[::1]:1',
    'http://169.254.169.254',
    'http://169.254.169.252:988',
    'http://metadata.google.internal',
    'http://metadata.google.internal.',
  ])
    it(`should be direct for ${origin}, whatever the settings are`, () => {
      const env = { HTTPS_PROXY: 'http://p', HTTP_PROXY: 'http://p' }
      expect(chosen(origin, env)).to.equal('direct')
      expect(chosen(origin, env, proxyOption('http://p'))).to.equal('direct')
      expect(chosen(origin, { HTTP_PROXY: 'me:S3CRET@[bad' })).to.equal('direct')
    })

  it('should prefer the option to the variables', () => {
    const env = { HTTPS_PROXY: 'http://variable' }
    expect(chosen(RUN, env, proxyOption('http://option'))).to.equal('http://option')
    expect(chosen(RUN, env, proxyOption(false))).to.equal('direct')
    expect(chosen(PLAIN, env, proxyOption('http://option'))).to.equal('http://option')
  })

  const invalid = [
    'http://me:S3CRET@[bad',
    'me:S3CRET://@p:3128',
    'http://me:12#S3CRET@p:3128',
    'http://me:12/S3CRET@p:3128',
    'http://me:12?S3CRET@p:3128',
    'http://me:S3CRET%@p:3128',
    'http://',
  ]
  for (const url of invalid) {
    it(`should be rejected without the value if the option is ${url.replace('S3CRET', '…')}`, () => {
      expect(() => proxyOption(url))
        .to.throw(InvalidOption, /^proxy must be false or an http or https URL .*, got a string$/)
        .and.not.match(/S3CRET/)
    })

    it(`should throw an error without the value if a variable is ${url.replace('S3CRET', '…')}`, () => {
      for (const name of ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy'])
        expect(() => proxyFor(RUN, undefined, { [name]: url }))
          .to.throw(InvalidOption, new RegExp(`^${name} must be an http or https URL .*, got a string$`))
          .and.not.match(/S3CRET/)
    })
  }

  it('should be rejected with the scheme, but without the user, if the scheme is neither http nor https', () => {
    const got = /, got the scheme "socks5"$/
    const url = 'socks5://me:S3CRET@p:1080'
    expect(() => proxyOption(url)).to.throw(InvalidOption, got)
    expect(() => proxyFor(RUN, undefined, { HTTPS_PROXY: url })).to.throw(InvalidOption, got)
  })

  for (const value of [true, '', 7, null, {}, new URL('http://p')])
    it(`should be rejected if the option is a value such as ${typeof value} ${value}`, () => {
      expect(() => proxyOption(value)).to.throw(InvalidOption, /^proxy must be false or an http/)
    })

  const users: readonly (readonly [url: string, user: string | undefined])[] = [
    ['http://p', undefined],
    ['http://me:pass@p', 'me:pass'],
    ['http://me@p', 'me:'],
    ['http://:pass@p', ':pass'],
    ['http://m%40e:p%2Fw%3A%C3%A9@p', 'm@e:p/w:é'],
    ['http://me:p@ss@p', 'me:p@ss'],
  ]
  for (const [url, user] of users)
    it(`should have the credentials ${user} if the URL is ${url}`, () => {
      const header = Object(proxyOption(url)).authorization()
      expect(header && Buffer.from(header.replace('Basic ', ''), 'base64').toString()).to.equal(user)
    })

  it('should not show the password if it is inspected', () => {
    const proxy = proxyOption('http://me:S3CRET@p')
    const text = inspect(proxy, { depth: 9, showHidden: true }) + JSON.stringify(proxy)
    expect(text).to.include('http://p').and.not.include('S3CRET')
    expect(text).to.not.include(Buffer.from('me:S3CRET').toString('base64'))
  })
})
