import { expect } from 'chai'
import fc from 'fast-check'
import { isLeft, left, right } from 'fp-ts/lib/Either.js'
import { InvalidOption, locate, service } from '../../lib/index.js'

const NAME = 'projects/p/locations/l/operations/x'
const RUN = 'https://run.googleapis.com'

describe('names/locate', () => {
  const located: readonly (readonly [string, string, object])[] = [
    ['a URL', `${RUN}/v2/${NAME}`, { ...service('run'), name: NAME }],
    [
      'a URL with a version that is not the default',
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
      'a URL with the host of a location',
      `https://europe-west1-run.googleapis.com/v2/${NAME}`,
      {
        ...service('run', { location: 'europe-west1', endpointType: 'locational' }),
        name: NAME,
      },
    ],
    [
      'a URL with a regional host',
      `https://run.europe-west1.rep.googleapis.com/v2/${NAME}`,
      {
        ...service('run', { location: 'europe-west1', endpointType: 'regional' }),
        name: NAME,
      },
    ],
    [
      'a URL with the host for mutual TLS',
      `https://run.mtls.googleapis.com/v2/${NAME}`,
      {
        ...service('run', { mtls: true }),
        name: NAME,
      },
    ],
    [
      'a URL with an unknown version of a known service',
      `${RUN}/v9beta1/${NAME}`,
      { ...service('run', { version: 'v9beta1' }), name: NAME },
    ],
    [
      'a URL with an unknown version after a prefix',
      'https://www.googleapis.com/compute/v7/projects/p/global/operations/x',
      { ...service('compute', { version: 'v7' }), name: 'projects/p/global/operations/x' },
    ],
    [
      'a URL of a service at the shared host',
      'https://www.googleapis.com/drive/v3/operations/x',
      { ...service('drive'), name: 'operations/x' },
    ],
    [
      'a URL of a service at a loopback address, if the path begins with the root of the service',
      'http://127.0.0.1:8080/compute/beta/projects/p/global/operations/x',
      {
        ...service('compute', { version: 'beta' }),
        endpoint: 'http://127.0.0.1:8080',
        name: 'projects/p/global/operations/x',
        auth: false,
      },
    ],
    [
      'a URL of a known service whose name matches no documented pattern',
      `${RUN}/v2/operations/x`,
      { ...service('run'), name: 'operations/x' },
    ],
    [
      'a URL whose name has no segment `operations`',
      'https://generativelanguage.googleapis.com/v1beta/batches/b',
      { ...service('generativelanguage', { version: 'v1beta' }), name: 'batches/b' },
    ],
    [
      'a URL with a version whose operations have the path of another version',
      'https://cloudresourcemanager.googleapis.com/v2/operations/x',
      { ...service('cloudresourcemanager', { version: 'v2' }), apiVersion: 'v1', name: 'operations/x' },
    ],
    [
      'a URL with a prefix before the version',
      'https://storage.googleapis.com/storage/v1/b/a/operations/x',
      {
        ...service('storage'),
        name: 'b/a/operations/x',
      },
    ],
    [
      'a URL of an unknown service',
      `https://novel.googleapis.com/v1beta1/${NAME}`,
      {
        endpoint: 'https://novel.googleapis.com',
        apiVersion: 'v1beta1',
        name: NAME,
      },
    ],
    [
      'a URL with a loopback address, without credentials',
      `http://127.0.0.1:8080/v1/${NAME}`,
      {
        endpoint: 'http://127.0.0.1:8080',
        apiVersion: 'v1',
        name: NAME,
        auth: false,
      },
    ],
    [
      'a URL with percent-encoding',
      `${RUN}/v2/projects/example.com%3Ap/locations/l/operations/x`,
      {
        ...service('run'),
        name: 'projects/example.com:p/locations/l/operations/x',
      },
    ],
  ]
  for (const [what, url, expected] of located)
    it(`should locate an operation by ${what}`, () => {
      expect(locate(url)).to.deep.equal(right({ universeDomain: 'googleapis.com', ...expected }))
    })

  for (const prefix of ['https:', 'https:/', 'https:///', 'HTTPS://', '///', 'https://@'])
    it(`should parse the path after ${prefix}localhost as the URL standard specifies`, () => {
      const url = `${prefix}localhost/v1/${NAME}`
      expect(locate(url)).to.deep.equal(
        right({
          endpoint: 'https://localhost',
          apiVersion: 'v1',
          name: NAME,
          universeDomain: 'googleapis.com',
          auth: false,
        }),
      )
    })

  it('should return the origin and the path of the URL standard, or a reason, for any URL', () => {
    const part = fc.constantFrom(
      ...[
        'https:',
        '/',
        '//',
        '\\',
        'localhost',
        'run.googleapis.com',
        'storage',
        '@',
        ':443',
        '.',
        '..',
        '%2e',
      ],
      ...[
        'v1',
        'v2',
        'host',
        'operations',
        'x',
        'projects/p/locations/l/',
        '%2F',
        '%41',
        '\t',
        ' ',
        '?',
        '#',
        'é',
      ],
    )
    const anyUrl = fc.array(part, { maxLength: 14 }).map((parts) => `https:${parts.join('')}`)
    fc.assert(
      fc.property(anyUrl, (url) => {
        const result = locate(url)
        if (isLeft(result)) return
        const { endpoint, apiVersion, name } = result.right
        const { origin, pathname } = new URL(url)
        expect(endpoint).to.equal(origin)
        expect([
          decodeURIComponent(pathname),
          `/${apiVersion}/${decodeURIComponent(pathname).slice(1)}`,
        ]).to.include(`/${apiVersion}/${name}`)
      }),
      { numRuns: 5_000 },
    )
  })

  it('should accept only hosts of the universe domain of the options', () => {
    const universeDomain = 'cloud.example'
    expect(locate(`https://run.cloud.example/v2/${NAME}`, { universeDomain })).to.have.nested.property(
      'right.endpoint',
      'https://run.cloud.example',
    )
    expect(locate(`${RUN}/v2/${NAME}`, { universeDomain })).to.deep.equal(
      left('its host "run.googleapis.com" is not a service host of cloud.example'),
    )
  })

  it('should accept the endpoint of the options, and permit credentials for this endpoint', () => {
    const endpoint = 'https://proxy.example:8443'
    expect(locate(`${endpoint}/v1/${NAME}`, { endpoint })).to.deep.equal(
      right({ endpoint, apiVersion: 'v1', name: NAME, universeDomain: 'googleapis.com' }),
    )
    expect(
      locate(`http://127.0.0.1:80/v1/${NAME}`, { endpoint: 'http://127.0.0.1' }),
    ).to.not.have.nested.property('right.auth')
  })

  const rejected: readonly (readonly [string, string])[] = [
    [
      `https://run.googleapis.com.evil.example/v2/${NAME}`,
      'its host "run.googleapis.com.evil.example" is not a service host of googleapis.com',
    ],
    [`https://evil.example/v2/${NAME}`, 'its host "evil.example" is not a service host of googleapis.com'],
    [
      `https://googleapis.com/v2/${NAME}`,
      'its host "googleapis.com" is not a service host of googleapis.com',
    ],
    [
      `http://run.googleapis.com/v2/${NAME}`,
      'its host "run.googleapis.com" is not a service host of googleapis.com',
    ],
    [
      `https://run.googleapis.com:8443/v2/${NAME}`,
      'its host "run.googleapis.com" is not a service host of googleapis.com',
    ],
    [
      `https://evil-bucket.storage.googleapis.com/v2/${NAME}`,
      'its host "evil-bucket.storage.googleapis.com" is not a service host of googleapis.com',
    ],
    [
      `//bucket.storage.us.rep.googleapis.com/${NAME}`,
      'its host "bucket.storage.us.rep.googleapis.com" is not a service host of googleapis.com',
    ],
    [`https://me:S3CRET@run.googleapis.com/v2/${NAME}`, 'it must contain only a host and a path'],
    [`${RUN}/v2/${NAME}?key=S3CRET`, 'it must contain only a host and a path'],
    [`${RUN}/v2/${NAME}#S3CRET`, 'it must contain only a host and a path'],
    [`ftp://run.googleapis.com/v2/${NAME}`, 'it must begin with an http or https URL'],
    [`https://storage.googleapis.com/v1/b/a/operations/x`, 'its path must begin with "storage/v1"'],
    [
      'https://sqladmin.googleapis.com/sql/v1/projects/p/operations/o',
      'its path must begin with "v1" or "sql/v1beta4"',
    ],
    [`https://novel.googleapis.com/${NAME}`, 'its path must begin with a version such as "v3"'],
    [`${RUN}/v2/projects/p/../operations/x`, 'it has a segment ".."'],
    [`${RUN}/v2/projects/%2e%2e/operations/x`, 'it has a segment ".."'],
    [`${RUN}/v2/projects/%2E./operations/x`, 'it has a segment ".."'],
    [`${RUN}/../v2/${NAME}`, 'it has a segment ".."'],
    [`${RUN}/./v2/${NAME}`, 'it has a segment "."'],
    [`${RUN}/v2/${NAME}/..`, 'it has a segment ".."'],
    [`${RUN}/v2/projects/.\t./operations/x`, 'it contains the character U+0009'],
    [`${RUN}/v2\\${NAME}`, 'it contains "\\"'],
    [` ${RUN}/v2/${NAME}`, 'it contains the character U+0020'],
    [`${RUN}/v2/${NAME}\n`, 'it contains the character U+000A'],
    [`${RUN}/v2/${NAME}\ud800`, 'it contains the character U+D800'],
    [`https:\\\\run.googleapis.com/v2/${NAME}`, 'it contains "\\"'],
    [`${RUN}//v2/${NAME}`, 'it begins with "/"'],
    [`https:localhost//host/v1/${NAME}`, 'its path must begin with a version such as "v3"'],
    [`https:/localhost//host/v1/${NAME}`, 'its path must begin with a version such as "v3"'],
    [`https:localhost/host//v1/${NAME}`, 'its path must begin with a version such as "v3"'],
    [`${RUN}/v2/${NAME}?`, 'it must contain only a host and a path'],
    [`${RUN}/v2/${NAME}#`, 'it must contain only a host and a path'],
    [`${RUN}/v2/projects/a%2Fb/operations/x`, 'it contains "%"'],
    [`${RUN}/v2/projects/p`, 'it has no segment "operations"'],
    [`${RUN}/`, 'it is empty'],
    ['//', 'it is not a URL: "//"'],
    ['run', 'it is not a URL: "run"'],
  ]
  for (const [url, reason] of rejected)
    it(`should reject ${JSON.stringify(url.replace('S3CRET', '…'))}: ${reason}`, () => {
      const result = locate(url)
      expect(result).to.deep.equal(left(reason))
      expect(isLeft(result) && result.left).to.not.include('S3CRET')
    })

  it('should reject a service that the library does not support', () => {
    expect(
      locate('https://deploymentmanager.googleapis.com/deploymentmanager/v2/projects/p/global/operations/x'),
    )
      .to.have.property('left')
      .that.includes('is not a supported service')
  })

  it('should reject a value that is not a string, and throw if an option is invalid', () => {
    expect(locate(42 as never)).to.deep.equal(left('it is not a URL: 42'))
    expect(locate(Object.create(null))).to.deep.equal(left('it is not a URL: an object'))
    for (const [options, message] of [
      [{ universeDomain: 'com' }, 'universeDomain must be a domain'],
      [{ universeDomain: '' }, 'universeDomain must be a domain'],
      [{ endpoint: 'nonsense' }, 'endpoint must be an http or https URL'],
      [{ endpoint: 'https://e.example/x' }, 'endpoint must be a URL with only scheme, host and port'],
    ] as const)
      expect(() => locate(`${RUN}/v2/${NAME}`, options)).to.throw(InvalidOption, message)
  })
})
