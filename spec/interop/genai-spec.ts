import { GoogleGenAI } from '@google/genai'
import { auth } from '@googleapis/cloudresourcemanager'
import { expect } from 'chai'
import { either as E } from 'fp-ts'
import { constant, type Json, OperationsClient, outcome, service } from 'rx-longrunning'
import { type Emulator, type Fault, type SeenRequest, startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'
import * as genai from './coming-from/genai.js'
import { installedVersion } from './installed-version.js'

const KEY = 'a-key'
const [store, uri] = ['fileSearchStores/s', 'gs://bucket/video.mp4']
const MODEL = 'veo-3.1-generate-preview'
const VIDEO = `models/${MODEL}/operations/v`
const LOCATION = 'us-central1'
const PREDICTION = `projects/p/locations/${LOCATION}/publishers/google/models/${MODEL}/operations/v`
const UPLOAD = `${store}/upload/operations/u`
const IMPORT = `${store}/operations/i`
const BATCH = 'batches/b'
const VIDEO_RESPONSE = { generateVideoResponse: { generatedSamples: [{ video: { uri } }] } }
const DOCUMENT = { parent: store, documentName: `${store}/documents/d` }
const OUTPUT = {
  inlinedResponses: {
    inlinedResponses: [{ response: { candidates: [{ content: { parts: [{ text: 'Teal' }] } }] } }],
  },
}
const INVALID = { code: 3, message: 'the prompt is not allowed' }
const UNAVAILABLE = { error: { code: 503, status: 'UNAVAILABLE', message: 'try again' } }

const FAST = { schedule: constant({ interval: 20 }) }

/** The paths of the calls that start operations, and the responses. */
const START_CALLS: readonly (readonly [string, Json])[] = [
  [`/v1beta/models/${MODEL}:predictLongRunning`, { name: VIDEO }],
  [`/v1beta1/${PREDICTION.replace('/operations/v', '')}:predictLongRunning`, { name: PREDICTION }],
  [':importFile', { name: IMPORT }],
  [':batchGenerateContent', { name: BATCH, metadata: { state: 'BATCH_STATE_PENDING' } }],
  ['/upload-session', { name: UPLOAD }],
]

/** Returns the response of the Gemini API to a call that starts an operation. The emulator has no such methods. */
function startResponse({ method, path, headers }: SeenRequest): Fault | undefined {
  if (method !== 'POST') return undefined
  if (headers['x-goog-upload-command'] === 'start') {
    const uploadUrl = `http://${headers.host}/upload-session`
    return { httpResponse: { httpStatus: 200, headers: { 'x-goog-upload-url': uploadUrl }, body: {} } }
  }
  const call = START_CALLS.find(([ending]) => path.endsWith(ending))
  return (
    call && { httpResponse: { httpStatus: 200, headers: { 'x-goog-upload-status': 'final' }, body: call[1] } }
  )
}

const version = installedVersion('@google/genai')
/** Version 3 generates videos only with Vertex AI, and not with an API key. */
const hasVideosOfGeminiApi = version.startsWith('2.')

describe(`@google/genai ${version}`, () => {
  let emulator: Emulator
  let ai: GoogleGenAI
  let client: OperationsClient
  beforeEach(async () => {
    emulator = await startEmulator({ resourceManager: false, fault: startResponse })
    ai = new GoogleGenAI({ apiKey: KEY, httpOptions: { baseUrl: emulator.endpoint } })
    client = new OperationsClient({
      ...service('generativelanguage', { version: 'v1beta' }),
      endpoint: emulator.endpoint,
      apiKey: KEY,
    })
  })
  afterEach(async () => {
    client.close()
    await emulator.close()
  })

  const addBatch = (polls: number): void =>
    emulator.operations.add(BATCH, [
      { metadata: { state: 'BATCH_STATE_RUNNING' } },
      {
        polls,
        done: true,
        metadata: { state: 'BATCH_STATE_SUCCEEDED', output: OUTPUT },
        response: OUTPUT,
      },
    ])

  describe('with Vertex AI', () => {
    const authClient = new auth.OAuth2()
    authClient.setCredentials({ access_token: 'a-token', expiry_date: Date.now() + 3_600_000 })
    let vertex: GoogleGenAI
    let vertexClient: OperationsClient
    beforeEach(() => {
      vertex = new GoogleGenAI({
        vertexai: true,
        project: 'p',
        location: LOCATION,
        googleAuthOptions: { authClient: authClient as never },
        httpOptions: { baseUrl: emulator.endpoint },
      })
      vertexClient = new OperationsClient({
        ...service('aiplatform', { location: LOCATION }),
        endpoint: emulator.endpoint,
        auth: false,
      })
    })
    afterEach(() => vertexClient.close())

    it('should generate a video with the poll loop and with a watch', async () => {
      const response = { videos: [{ gcsUri: uri }] }
      emulator.operations.add(PREDICTION, [{ polls: 1, done: true, response }])
      expect(
        await Promise.all([
          genai.generateWithPollLoop(vertex),
          genai.generateWithWatch(vertex, vertexClient),
        ]),
      ).to.deep.equal([uri, uri])
    })

    it('should end the watch with a Left if a video failed, although the client of @google/genai resolves', async () => {
      emulator.operations.add(PREDICTION, [{ polls: 1, done: true, error: INVALID }])
      const started = await vertex.models.generateVideos({ model: MODEL, source: { prompt: 'x' } })
      const polled = await vertex.operations.getVideosOperation({ operation: started })
      expect(polled.error).to.deep.equal(INVALID)
      expect(await lastValueFrom(vertexClient.follow(started, FAST))).to.deep.nested.include({
        'left._tag': 'OperationFailed',
        'left.status.message': INVALID.message,
      })
    })

    it('should retry HTTP 503 in the watch, although the client of @google/genai rejects after one poll', async () => {
      const unavailable = { httpResponse: { httpStatus: 503, body: UNAVAILABLE } }
      emulator.operations.add(PREDICTION, [unavailable, { polls: 3, done: true }])
      const started = await vertex.models.generateVideos({ model: MODEL, source: { prompt: 'x' } })
      const thrown = await vertex.operations
        .getVideosOperation({ operation: started })
        .catch((error: Error) => error.message)
      expect(thrown).to.include('try again')
      expect(await lastValueFrom(vertexClient.follow(started, FAST))).to.have.nested.property(
        'right._tag',
        'Succeeded',
      )
    })
  })

  const generateVideo = () => ai.models.generateVideos({ model: MODEL, source: { prompt: 'Rain in Tokyo' } })

  if (hasVideosOfGeminiApi)
    it('should follow the operation of a video of the Gemini API', async () => {
      emulator.operations.add(VIDEO, [{}, { polls: 2, done: true, response: VIDEO_RESPONSE }])
      const started = await generateVideo()
      expect(await lastValueFrom(client.follow(started, FAST).pipe(outcome()))).to.deep.equal(
        E.right(VIDEO_RESPONSE),
      )
      const polled = await ai.operations.getVideosOperation({ operation: started })
      expect(polled.response?.generatedVideos?.[0]?.video).to.deep.equal({ uri })
      const keys = emulator.requests.map(({ headers }) => headers['x-goog-api-key'])
      expect(new Set(keys)).to.deep.equal(new Set([KEY]))
    })
  else
    it('should generate no video with an API key', async () => {
      const thrown = await generateVideo().catch((error: Error) => error.message)
      expect(thrown).to.include('only supported by the Gemini Enterprise Agent Platform')
      expect(emulator.requests).to.deep.equal([])
    })

  it('should run a batch with the poll loop and with a watch', async () => {
    addBatch(1)
    expect(await Promise.all([genai.batchWithPollLoop(ai), genai.batchWithWatch(ai, client)])).to.deep.equal([
      'Teal',
      'Teal',
    ])
  })

  it('should follow the operations of an upload and of an import', async () => {
    const frames = [{ polls: 1, done: true, response: DOCUMENT }] as const
    for (const name of [UPLOAD, IMPORT]) emulator.operations.add(name, frames)
    const file = new Blob(['text'], { type: 'text/plain' })
    const upload = await ai.fileSearchStores.uploadToFileSearchStore({ file, fileSearchStoreName: store })
    const imported = await ai.fileSearchStores.importFile({ fileSearchStoreName: store, fileName: 'files/f' })
    expect([upload.name, imported.name]).to.deep.equal([UPLOAD, IMPORT])
    for (const started of [upload, imported])
      expect(await lastValueFrom(client.follow(started, FAST).pipe(outcome()))).to.deep.equal(
        E.right(DOCUMENT),
      )
    expect((await ai.operations.get({ operation: upload })).response).to.deep.include(DOCUMENT)
  })

  it('should get, list and cancel a batch', async () => {
    addBatch(2)
    expect(await ai.batches.get({ name: BATCH })).to.include({ name: BATCH, state: 'JOB_STATE_RUNNING' })
    expect((await ai.batches.list()).page.map(({ name }) => name)).to.deep.equal([BATCH])
    await ai.batches.cancel({ name: BATCH })
    const last = await lastValueFrom(client.watch(BATCH))
    expect(last).to.deep.nested.include({
      'left._tag': 'OperationFailed',
      'left.status.codeName': 'CANCELLED',
    })
  })

  it('should end the watch with the error of a failed batch, although the client of @google/genai omits the error', async () => {
    emulator.operations.add(BATCH, [
      { polls: 1, done: true, metadata: { state: 'BATCH_STATE_FAILED' }, error: INVALID },
    ])
    const job = await ai.batches.get({ name: BATCH })
    expect(job).to.include({ state: 'JOB_STATE_FAILED' })
    expect(job).to.not.have.property('error')
    expect(await lastValueFrom(client.follow(job, FAST))).to.deep.nested.include({
      'left._tag': 'OperationFailed',
      'left.status.message': INVALID.message,
    })
  })
})
