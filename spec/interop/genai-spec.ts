import { GoogleGenAI } from '@google/genai'
import { expect } from 'chai'
import { either as E } from 'fp-ts'
import { constant, type Json, OperationsClient, outcome, service } from 'rx-longrunning'
import { type Emulator, type Fault, type SeenRequest, startEmulator } from 'rx-longrunning/emulator'
import { lastValueFrom } from 'rxjs'
import * as genai from './coming-from/genai.js'
import { installedVersion } from './installed-version.js'

const KEY = 'a-key'
const [store, uri] = ['fileSearchStores/s', 'https://example.com/video']
const VIDEO = 'models/veo-3.1-generate-preview/operations/v'
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
  [':predictLongRunning', { name: VIDEO }],
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

describe(`@google/genai ${installedVersion('@google/genai')}`, () => {
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

  const addBatch = (): void =>
    emulator.operations.add(BATCH, [
      { metadata: { state: 'BATCH_STATE_RUNNING' } },
      {
        polls: 3,
        done: true,
        metadata: { state: 'BATCH_STATE_SUCCEEDED', output: OUTPUT },
        response: OUTPUT,
      },
    ])

  /** Returns the message of the error, or the value as JSON. */
  function resultOf(promise: Promise<unknown>): Promise<string | undefined> {
    return promise.then(JSON.stringify, (error: Error) => error.message)
  }

  it('should generate a video with the poll loop and with a watch', async () => {
    emulator.operations.add(VIDEO, [{}, { polls: 2, done: true, response: VIDEO_RESPONSE }])
    expect(
      await Promise.all([genai.generateWithPollLoop(ai), genai.generateWithWatch(ai, client)]),
    ).to.deep.equal([uri, uri])
    const keys = emulator.requests.map(({ headers }) => headers['x-goog-api-key'])
    expect(new Set(keys)).to.deep.equal(new Set([KEY]))
  })

  it('should run a batch with the poll loop and with a watch', async () => {
    addBatch()
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
    addBatch()
    expect(await ai.batches.get({ name: BATCH })).to.include({ name: BATCH, state: 'JOB_STATE_RUNNING' })
    expect((await ai.batches.list()).page.map(({ name }) => name)).to.deep.equal([BATCH])
    await ai.batches.cancel({ name: BATCH })
    const last = await lastValueFrom(client.watch(BATCH))
    expect(last).to.deep.nested.include({
      'left._tag': 'OperationFailed',
      'left.status.codeName': 'CANCELLED',
    })
  })

  it('should resolve with the error of a failed video, and end the watch with a Left', async () => {
    emulator.operations.add(VIDEO, [{ polls: 1, done: true, error: INVALID }])
    const started = await ai.models.generateVideos({
      model: 'veo-3.1-generate-preview',
      source: { prompt: 'x' },
    })
    expect((await ai.operations.getVideosOperation({ operation: started })).error).to.deep.equal(INVALID)
    expect(await lastValueFrom(client.follow(started, FAST))).to.deep.nested.include({
      'left._tag': 'OperationFailed',
      'left.status.message': INVALID.message,
    })
  })

  it('should omit the error of a failed batch, and end the watch with a Left that contains it', async () => {
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

  it('should reject after one poll with HTTP 503, and retry in the watch', async () => {
    const unavailable = { httpResponse: { httpStatus: 503, body: UNAVAILABLE } }
    emulator.operations.add(VIDEO, [unavailable, { polls: 2, ...unavailable }, { polls: 3, done: true }])
    const started = await ai.models.generateVideos({
      model: 'veo-3.1-generate-preview',
      source: { prompt: 'x' },
    })
    expect(await resultOf(ai.operations.getVideosOperation({ operation: started }))).to.include('try again')
    expect(await lastValueFrom(client.follow(started, FAST))).to.have.nested.property(
      'right._tag',
      'Succeeded',
    )
  })
})
