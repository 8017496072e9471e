import { expect } from 'chai'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import { InvalidOption, locate, service } from '../../lib/index.js'

const NAME = 'projects/p/locations/l/operations/x'
const RUN = 'https://run.googleapis.com'

describe('locate', () => {
  const found: readonly (readonly [string, string, object])[] = [
    ['a URL', `${RUN}/v2/${NAME}`, { ...service('run'), name: NAME }],
    [
      'a URL of another version',
      'https://speech.googleapis.com/v1/operations/7',
      {
        ...service('speech', { version: 'v1' }),
        name: 'operations/7',
      },
    ],
    ['a full resource name', `//run.googleapis.com/${NAME}`, { ...service('run'), name: NAME }],
    [
      'a full resource name with a version',
      `//run.googleapis.com/v2/${NAME}`,
      { ...service('run'), name: NAME },
    ],
    [
      'the host of a location',
      `https://europe-west1-run.googleapis.com/v2/${NAME}`,
      {
        ...service('run', { location: 'europe-west1', endpointType: 'locational' }),
        name: NAME,
      },
    ],
    [
      'a regional host',
      `https://run.europe-west1.rep.googleapis.com/v2/${NAME}`,
      {
        ...service('run', { location: 'europe-west1', endpointType: 'regional' }),
        name: NAME,
      },
    ],
    [
      'the host for mutual TLS',
      `https://run.mtls.googleapis.com/v2/${NAME}`,
      {
        ...service('run', { mtls: true }),
        name: NAME,
      },
    ],
    [
      'a path with more than a version',
      'https://storage.googleapis.com/storage/v1/b/a/operations/x',
      {
        ...service('storage'),
        name: 'b/a/operations/x',
      },
    ],
    [
      'a service that is not known',
      `https://novel.googleapis.com/v1beta1/${NAME}`,
      {
        endpoint: 'https://novel.googleapis.com',
        apiVersion: 'v1beta1',
        name: NAME,
      },
    ],
    [
      'this machine, without credentials',
      `http://127.0.0.1:8080/v1/${NAME}`,
      {
        endpoint: 'http://127.0.0.1:8080',
        apiVersion: 'v1',
        name: NAME,
        auth: false,
      },
    ],
    [
      'what a URL has encoded',
      `${RUN}/v2/projects/example.com%3Ap/locations/l/operations/x`,
      {
        ...service('run'),
        name: 'projects/example.com:p/locations/l/operations/x',
      },
    ],
  ]
  for (const [what, url, expected] of found)
    it(`should find an operation by ${what}`, () => {
      expect(locate(url)).to.deep.equal(right({ universeDomain: 'googleapis.com', ...expected }))
    })

  it('should find one of another universe where that is asked for', () => {
    const universeDomain = 'cloud.example'
    expect(locate(`https://run.cloud.example/v2/${NAME}`, { universeDomain })).to.have.nested.property(
      'right.endpoint',
      'https://run.cloud.example',
    )
    expect(locate(`${RUN}/v2/${NAME}`, { universeDomain })).to.deep.equal(
      left('its host "run.googleapis.com" is outside cloud.example'),
    )
  })

  it('should take a host that the caller named, with credentials', () => {
    const endpoint = 'https://proxy.example:8443'
    expect(locate(`${endpoint}/v1/${NAME}`, { endpoint })).to.deep.equal(
      right({ endpoint, apiVersion: 'v1', name: NAME, universeDomain: 'googleapis.com' }),
    )
    expect(
      locate(`http://127.0.0.1:80/v1/${NAME}`, { endpoint: 'http://127.0.0.1' }),
    ).to.not.have.nested.property('right.auth')
  })

  const refused: readonly (readonly [string, string])[] = [
    [
      `https://run.googleapis.com.evil.example/v2/${NAME}`,
      'its host "run.googleapis.com.evil.example" is outside googleapis.com',
    ],
    [`https://evil.example/v2/${NAME}`, 'its host "evil.example" is outside googleapis.com'],
    [`https://googleapis.com/v2/${NAME}`, 'its host "googleapis.com" is outside googleapis.com'],
    [`http://run.googleapis.com/v2/${NAME}`, 'its host "run.googleapis.com" is outside googleapis.com'],
    [`https://run.googleapis.com:8443/v2/${NAME}`, 'its host "run.googleapis.com" is outside googleapis.com'],
    [`https://me:S3CRET@run.googleapis.com/v2/${NAME}`, 'it has more than a host and a path'],
    [`${RUN}/v2/${NAME}?key=S3CRET`, 'it has more than a host and a path'],
    [`${RUN}/v2/${NAME}#S3CRET`, 'it has more than a host and a path'],
    [`ftp://run.googleapis.com/v2/${NAME}`, 'it must begin with an http or https URL'],
    [`${RUN}/v9/${NAME}`, 'run is asked by v2, not so'],
    [`https://novel.googleapis.com/${NAME}`, 'its path must begin with a version such as "v3"'],
    [`${RUN}/v2/projects/p/../operations/x`, 'it has a segment ".."'],
    [`${RUN}/v2/projects/%2e%2e/operations/x`, 'it has a segment ".."'],
    [`${RUN}/v2/projects/a%2Fb/operations/x`, 'it holds "%"'],
    [`${RUN}/v2/projects/p`, 'it has no segment "operations"'],
    [`${RUN}/`, 'it is empty'],
    ['//', 'it is no URL: "//"'],
    ['run', 'it is no URL: "run"'],
  ]
  for (const [url, reason] of refused)
    it(`should refuse ${url.replace('S3CRET', '…')}`, () => {
      const outcome = locate(url)
      expect(outcome).to.deep.equal(left(reason))
      expect(isLeft(outcome) && outcome.left).to.not.include('S3CRET')
    })

  it('should refuse names that are none of the service’s, and services whose operations are of another kind', () => {
    expect(locate(`${RUN}/v2/operations/x`))
      .to.have.property('left')
      .that.includes('Cloud Run names its operations')
    expect(locate('https://compute.googleapis.com/compute/v1/projects/p/global/operations/x'))
      .to.have.property('left')
      .that.includes('of another kind')
  })

  it('should refuse what is no text, and options that are none', () => {
    expect(locate(42 as never)).to.deep.equal(left('it is no URL: 42'))
    for (const [options, message] of [
      [{ universeDomain: 'com' }, 'universeDomain must be a domain'],
      [{ universeDomain: '' }, 'universeDomain must be a domain'],
      [{ endpoint: 'nonsense' }, 'endpoint must be an http or https URL'],
      [{ endpoint: 'https://e.example/x' }, 'endpoint must be a URL of scheme, host and port alone'],
    ] as const)
      expect(() => locate(`${RUN}/v2/${NAME}`, options)).to.throw(InvalidOption, message)
  })
})
