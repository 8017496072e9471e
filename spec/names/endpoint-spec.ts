import { expect } from 'chai'
import { left, right } from 'fp-ts/lib/Either.js'
import {
  GOOGLE_UNIVERSE,
  hostLabel,
  isLoopback,
  isRemoteHttp,
  isServiceOrigin,
  parseEndpoint,
} from '../../lib/names/endpoint.js'
import { hostOf } from '../../lib/names/service.js'
import { SERVICES } from '../../lib/names/service-catalog.js'

const SERVICE = 'the origin of a service'
const OTHER = 'an https origin without a service'
const LOOPBACK = 'a loopback address'
const REMOTE_HTTP = 'an origin that would receive tokens unencrypted'

describe('names/endpoint', () => {
  const accepted: readonly (readonly [string, string, string])[] = [
    ['https://run.googleapis.com', 'https://run.googleapis.com', SERVICE],
    ['https://run.googleapis.com/', 'https://run.googleapis.com', SERVICE],
    ['HTTPS://Run.GoogleAPIs.com', 'https://run.googleapis.com', SERVICE],
    ['https://run.googleapis.com:443', 'https://run.googleapis.com', SERVICE],
    ['https://us-central1-run.googleapis.com', 'https://us-central1-run.googleapis.com', SERVICE],
    ['https://run.eu.rep.googleapis.com', 'https://run.eu.rep.googleapis.com', SERVICE],
    ['https://run.googleapis.com:8443', 'https://run.googleapis.com:8443', OTHER],
    ['https://googleapis.com', 'https://googleapis.com', OTHER],
    ['https://evilgoogleapis.com', 'https://evilgoogleapis.com', OTHER],
    ['https://run.googleapis.com.evil.example', 'https://run.googleapis.com.evil.example', OTHER],
    ['https://run.googleapis.com.', 'https://run.googleapis.com.', OTHER],
    ['https://run.other.example', 'https://run.other.example', OTHER],
    ['http://run.googleapis.com', 'http://run.googleapis.com', REMOTE_HTTP],
    ['http://run.googleapis.com:443', 'http://run.googleapis.com:443', REMOTE_HTTP],
    ['http://run.googleapis.com:80', 'http://run.googleapis.com', REMOTE_HTTP],
    ['http://localhost:8080', 'http://localhost:8080', LOOPBACK],
    ['http://LOCALHOST', 'http://localhost', LOOPBACK],
    ['https://localhost', 'https://localhost', LOOPBACK],
    ['http://localhost.evil.example', 'http://localhost.evil.example', REMOTE_HTTP],
    ['http://evil.localhost', 'http://evil.localhost', REMOTE_HTTP],
    ['http://notlocalhost', 'http://notlocalhost', REMOTE_HTTP],
    ['http://localhost.', 'http://localhost.', REMOTE_HTTP],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', LOOPBACK],
    ['http://127.9.9.9', 'http://127.9.9.9', LOOPBACK],
    ['http://127.255.255.255', 'http://127.255.255.255', LOOPBACK],
    ['http://127.1', 'http://127.0.0.1', LOOPBACK],
    ['http://0177.0.0.1', 'http://127.0.0.1', LOOPBACK],
    ['http://0x7f.0.0.1', 'http://127.0.0.1', LOOPBACK],
    ['http://0x7f000001', 'http://127.0.0.1', LOOPBACK],
    ['http://2130706433', 'http://127.0.0.1', LOOPBACK],
    ['http://127.0.0.1.', 'http://127.0.0.1', LOOPBACK],
    ['http://１２７.0.0.1', 'http://127.0.0.1', LOOPBACK],
    ['http://127.0.0.1.evil.example', 'http://127.0.0.1.evil.example', REMOTE_HTTP],
    ['http://126.255.255.255', 'http://126.255.255.255', REMOTE_HTTP],
    ['http://128.0.0.1', 'http://128.0.0.1', REMOTE_HTTP],
    ['http://2130706432.evil.example', 'http://2130706432.evil.example', REMOTE_HTTP],
    ['http://0.0.0.0', 'http://0.0.0.0', REMOTE_HTTP],
    ['http://169.254.169.254', 'http://169.254.169.254', REMOTE_HTTP],
    ['http://[::1]:8080', 'http://[::1]:8080', LOOPBACK],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]', LOOPBACK],
    ['http://[::]', 'http://[::]', REMOTE_HTTP],
    ['http://[::2]', 'http://[::2]', REMOTE_HTTP],
    ['http://[1::1]', 'http://[1::1]', REMOTE_HTTP],
    ['http://[::ffff:127.0.0.1]', 'http://[::ffff:7f00:1]', REMOTE_HTTP],
    ['https://[::ffff:127.0.0.1]', 'https://[::ffff:7f00:1]', OTHER],
    ['https://例え.googleapis.com', 'https://xn--r8jz45g.googleapis.com', OTHER],
  ]
  for (const [url, origin, scope] of accepted)
    it(`should parse ${url} as ${origin}, which is ${scope}`, () => {
      expect(parseEndpoint(url)).to.deep.equal(right(origin))
      expect({
        service: isServiceOrigin(GOOGLE_UNIVERSE, origin),
        loopback: isLoopback(origin),
        remoteHttp: isRemoteHttp(origin),
      }).to.deep.equal({
        service: scope === SERVICE,
        loopback: scope === LOOPBACK,
        remoteHttp: scope === REMOTE_HTTP,
      })
    })

  const URL_REASON = 'an http or https URL'
  const ORIGIN_REASON = 'a URL with only scheme, host and port'
  const rejected: readonly (readonly [string, unknown, string])[] = [
    ['undefined', undefined, URL_REASON],
    ['null', null, URL_REASON],
    ['a number', 8080, URL_REASON],
    ['a URL object', new URL('https://run.googleapis.com'), URL_REASON],
    ['an array', ['https://run.googleapis.com'], URL_REASON],
    ['the empty string', '', URL_REASON],
    ['a host without a scheme', 'run.googleapis.com', URL_REASON],
    ['a host and a port without a scheme', 'localhost:8080', URL_REASON],
    ['a URL without a scheme', '//run.googleapis.com', URL_REASON],
    ['a URL without a host', 'https://', URL_REASON],
    ['an invalid port', 'https://run.googleapis.com:99999', URL_REASON],
    ['an invalid address', 'http://127.0.0.256', URL_REASON],
    ['a file URL', 'file:///etc/passwd', URL_REASON],
    ['a javascript URL', 'javascript:alert(1)', URL_REASON],
    ['a WebSocket URL', 'wss://run.googleapis.com', URL_REASON],
    ['a host with an invalid character', 'https://a~b.example', 'a URL whose host is a name or an address'],
    ['a path', 'https://run.googleapis.com/v1', ORIGIN_REASON],
    ['an empty segment', 'https://run.googleapis.com//', ORIGIN_REASON],
    ['a query', 'https://run.googleapis.com?key=x', ORIGIN_REASON],
    ['an empty query', 'https://run.googleapis.com/?', ORIGIN_REASON],
    ['a fragment', 'https://run.googleapis.com#x', ORIGIN_REASON],
    ['an empty fragment', 'https://run.googleapis.com#', ORIGIN_REASON],
    ['a user', 'https://me@run.googleapis.com', ORIGIN_REASON],
    ['a password without a user', 'https://:secret@run.googleapis.com', ORIGIN_REASON],
    ['a host in the place of the user', 'https://run.googleapis.com@evil.example', ORIGIN_REASON],
  ]
  for (const [what, value, reason] of rejected)
    it(`should reject ${what}: the endpoint must be ${reason}`, () => {
      expect(parseEndpoint(value)).to.deep.equal(left(reason))
    })

  it('should accept a host only if it is the label of a service, followed by the universe domain', () => {
    const universes = ['googleapis.com', 'cloud.example', 'example']
    expect(
      universes.map((domain) => isServiceOrigin(domain, 'https://cloudresourcemanager.cloud.example')),
    ).to.deep.equal([false, true, false])
  })

  const hosts: readonly (readonly [string, string | undefined])[] = [
    ['run', 'run'],
    ['run.mtls', 'run'],
    ['us-run', 'run'],
    ['europe-west1-run', 'run'],
    ['us-central1-aiplatform.mtls', 'aiplatform'],
    ['run.us.rep', 'run'],
    ['run.europe-west1.rep', 'run'],
    ['run.europe-west1.rep.mtls', 'run'],
    ['oauth2', 'oauth2'],
    ['evil-bucket.storage', undefined],
    ['bucket.storage', undefined],
    ['a.bucket.storage', undefined],
    ['bucket.storage.mtls', undefined],
    ['bucket.storage.us.rep', undefined],
    ['bucket.storage.us.rep.mtls', undefined],
    ['mtls.storage', undefined],
    ['us.rep.storage', undefined],
    ['run.mtls.us.rep', undefined],
    ['run.mtls.mtls', undefined],
    ['run.us.rep.rep', undefined],
    ['us-run.us.rep', undefined],
    ['run.us', undefined],
    ['run.sandbox', undefined],
    ['bucket.commondatastorage', undefined],
    ['-run', undefined],
    ['run-', undefined],
    ['us--run', undefined],
    ['_run', undefined],
    ['1run', undefined],
    ['xn--r8jz45g', undefined],
    ['.run', undefined],
    ['', undefined],
  ]
  for (const [host, label] of hosts)
    it(`should return ${label === undefined ? 'no label' : `the label ${label}`} for the host ${host}.googleapis.com`, () => {
      expect(hostLabel(`${host}.${GOOGLE_UNIVERSE}`, GOOGLE_UNIVERSE)).to.equal(label)
    })

  it('should return the label for the host of every service in the catalog', () => {
    const location = 'europe-west1'
    // A hyphen in a label has the same form as the hyphen after a location.
    for (const label of Object.keys(SERVICES).filter((name) => !name.includes('-')))
      for (const mtls of [false, true])
        for (const type of ['global', 'locational', 'regional'] as const) {
          const host = hostOf(label, type, { location, mtls, universeDomain: GOOGLE_UNIVERSE })
          expect(hostLabel(host, GOOGLE_UNIVERSE)).to.equal(label)
        }
  })
})
