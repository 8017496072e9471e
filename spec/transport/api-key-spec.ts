import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inspect, promisify } from 'node:util'
import { expect } from 'chai'
import { firstValueFrom, lastValueFrom } from 'rxjs'
import { type ClientOptions, OperationsClient, service, watchOperation } from '../../lib/index.js'
import { withHttpServer } from '../loopback.js'
import { httpReply, inVirtualTime, scripted } from '../virtual.js'

const KEY = 'AIzaS3CRET-KEY_of-the-spec'
const GEMINI = service('generativelanguage')
const GEMINI_URL = `${GEMINI.endpoint}/${GEMINI.apiVersion}`
const NAMES = [
  'batches/b',
  'models/veo-3/operations/o',
  'fileSearchStores/s/operations/o',
  'fileSearchStores/s/upload/operations/o',
]

const SOURCE_URL = new URL('../../lib/index.ts', import.meta.url)
const [LIBRARY_URL, LOADER_ARGUMENTS] = existsSync(SOURCE_URL)
  ? [SOURCE_URL.href, ['--import', 'tsx']]
  : [new URL('../../lib/index.js', import.meta.url).href, []]

/** Returns the key that a watch of a token sends, and the tag of its result. */
async function keySentTo(endpoint: string, options: ClientOptions) {
  const { transport, requests } = scripted(httpReply(200, { name: 'batches/b', done: true }))
  const token = { name: 'batches/b', endpoint, apiVersion: 'v1beta' }
  const result = await lastValueFrom(watchOperation(token, { ...options, transport }))
  return { key: requests[0]?.headers['x-goog-api-key'], tag: result._tag }
}

describe('transport/api-key', () => {
  for (const name of NAMES)
    it(`should send the key only as a header of each poll of ${name}, in virtual time`, () => {
      inVirtualTime(({ flush }) => {
        const { transport, requests } = scripted(
          httpReply(200, { name }),
          httpReply(200, { name, done: true }),
        )
        const tags: string[] = []
        const options = { ...GEMINI, apiKey: KEY, transport }
        watchOperation(name, options).subscribe((emission) =>
          tags.push(emission._tag === 'Right' ? emission.right._tag : emission.left._tag),
        )
        flush()
        expect(tags).to.deep.equal(['Running', 'Succeeded'])
        expect(requests.map(({ url, headers }) => [url, headers['x-goog-api-key']])).to.deep.equal([
          [`${GEMINI_URL}/${name}`, KEY],
          [`${GEMINI_URL}/${name}`, KEY],
        ])
        expect(requests[0]?.headers).to.not.have.property('authorization')
      })
    })

  const rejections: readonly (readonly [number, string])[] = [
    [400, 'API_KEY_INVALID'],
    [401, 'UNAUTHENTICATED'],
    [403, 'API_KEY_SERVICE_BLOCKED'],
  ]
  for (const [httpStatus, reason] of rejections)
    it(`should send one request to a loopback server that returns ${httpStatus} ${reason}, and redact the key`, async () => {
      const received: unknown[] = []
      const result = await withHttpServer(
        ({ url, headers }, response) => {
          received.push([url, headers['x-goog-api-key'], headers.authorization])
          const details = [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, metadata: { KEY } }]
          const error = { code: httpStatus, message: `invalid key ${headers['x-goog-api-key']}`, details }
          response.writeHead(httpStatus, { 'content-type': 'application/json' })
          response.end(JSON.stringify({ error }))
        },
        async (endpoint) => {
          await using client = new OperationsClient({ ...GEMINI, endpoint, apiKey: KEY })
          expect(inspect(client, { depth: 9, showHidden: true }) + JSON.stringify(client)).to.not.include(KEY)
          return await lastValueFrom(client.watch('batches/b'))
        },
      )
      expect(received).to.deep.equal([[`/${GEMINI.apiVersion}/batches/b`, KEY, undefined]])
      expect(result).to.have.nested.property('left._tag', 'RequestRejected')
      expect(result).to.have.nested.property('left.status.message', 'invalid key …')
      expect(inspect(result, { depth: 9 })).to.not.include('S3CRET')
    })

  it('should send a watch with a token the key only if the token has the configured endpoint', async () => {
    const options = { ...GEMINI, apiKey: KEY }
    const rows: readonly (readonly [string, ClientOptions, string | undefined])[] = [
      [GEMINI.endpoint, options, KEY],
      ['http://127.0.0.1:8085', { ...options, endpoint: 'http://127.0.0.1:8085' }, KEY],
      ['http://127.0.0.1:8085', options, undefined],
      ['https://127.0.0.1:8085', options, undefined],
      ['https://run.googleapis.com', options, undefined],
    ]
    for (const [endpoint, clientOptions, key] of rows)
      expect(await keySentTo(endpoint, clientOptions), endpoint).to.deep.equal({ key, tag: 'Right' })
  })

  it('should add one key to a batch request', async () => {
    const { transport, requests } = scripted(httpReply(404))
    await using client = new OperationsClient({ ...GEMINI, apiKey: KEY, transport, batch: true })
    await Promise.all(NAMES.map((name) => firstValueFrom(client.get(name))))
    expect(requests[0]?.body).to.include('batches/b').and.not.include(KEY)
    expect(requests[0]?.headers).to.include({ 'x-goog-api-key': KEY })
  })

  it('should not load google-auth-library', () => {
    const keys: unknown[] = []
    return withHttpServer(
      ({ headers }, response) => {
        keys.push(headers['x-goog-api-key'])
        response.writeHead(200, { 'content-type': 'application/json' })
        response.end('{"name": "operations/x", "done": true}')
      },
      async (endpoint) => {
        const program = `
          import { createRequire } from 'node:module'
          import { lastValueFrom } from 'rxjs'
          import { watchOperation } from ${JSON.stringify(LIBRARY_URL)}
          const options = { endpoint: ${JSON.stringify(endpoint)}, apiKey: ${JSON.stringify(KEY)} }
          const { _tag } = await lastValueFrom(watchOperation('operations/x', options))
          const { cache } = createRequire(import.meta.url)
          const loaded = Object.keys(cache).filter((file) => /node_modules.(google-auth-library|gaxios)/.test(file))
          console.log(JSON.stringify({ _tag, loaded }))`
        const args = [...LOADER_ARGUMENTS, '--input-type=module', '--eval', program]
        const cwd = fileURLToPath(new URL('../..', import.meta.url))
        const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, timeout: 20_000 })
        expect(JSON.parse(stdout)).to.deep.equal({ _tag: 'Right', loaded: [] })
        expect(keys).to.deep.equal([KEY])
      },
    )
  }).timeout(60_000)
})
