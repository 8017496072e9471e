import { expect } from 'chai'
import { isLeft } from 'fp-ts/lib/Either.js'
import { lastValueFrom, type Observable, toArray } from 'rxjs'
import { OperationsClient, service } from '../../lib/index.js'
import { LONGRUNNING } from '../../lib/wire/longrunning.js'
import { VERTEX_PREDICTION } from '../../lib/wire/vertex-prediction.js'
import { httpReply, type Reply, scripted } from '../virtual.js'

const LOCATION = 'projects/shop/locations/us-central1'
const MODEL = `${LOCATION}/publishers/google/models/veo-3.1-generate-001`
const PREDICTION = `${MODEL}/operations/0b6f1c1e-7a52-4b8e-9d51-2d2b6c4f7a10`
const ENDPOINT = `${LOCATION}/endpoints/4211`
const ENDPOINT_PREDICTION = `${ENDPOINT}/operations/5d0c0a6e-91cb-4c85-a8bb-5d3a1c2e7f44`
const DEPLOYMENT = `${ENDPOINT}/operations/7351882934560292864`
const UPLOAD = `${LOCATION}/models/17/operations/7351882934560292864`
const VIDEO_TYPE = 'type.googleapis.com/cloud.ai.large_models.vision.GenerateVideoResponse'

function clientFor(...replies: readonly Reply[]) {
  const script = scripted(...replies)
  const options = { ...service('aiplatform', { location: 'us-central1' }), transport: script.transport }
  return { client: new OperationsClient(options), requests: script.requests }
}

function allEmissions<A>(source: Observable<A>): Promise<A[]> {
  return lastValueFrom(source.pipe(toArray()))
}

describe('wire/vertex-prediction', () => {
  for (const [name, resource] of [
    [PREDICTION, MODEL],
    [ENDPOINT_PREDICTION, ENDPOINT],
  ] as const)
    it(`should request ${name} by a POST to its ${resource.includes('models') ? 'model' : 'endpoint'}`, async () => {
      const { client, requests } = clientFor(httpReply(200, { name }), httpReply(200, { name, done: true }))
      const [emission] = await allEmissions(client.get(name))
      expect(emission).to.have.nested.property('right._tag', 'Running')
      expect(emission).to.have.nested.property('right.name', name)
      expect(requests.map(({ method, url, body }) => ({ method, url, body }))).to.deep.equal([
        {
          method: 'POST',
          url: `https://us-central1-aiplatform.googleapis.com/v1/${resource}:fetchPredictOperation`,
          body: JSON.stringify({ operationName: name }),
        },
      ])
    })

  for (const name of [
    DEPLOYMENT,
    UPLOAD,
    `${LOCATION}/operations/1`,
    `${LOCATION}/tuningJobs/1/operations/2`,
  ])
    it(`should request ${name} by a GET`, async () => {
      const { client, requests } = clientFor(httpReply(200, { name }))
      await allEmissions(client.get(name))
      expect(requests.map(({ method, url }) => [method, url])).to.deep.equal([
        ['GET', `https://us-central1-aiplatform.googleapis.com/v1/${name}`],
      ])
    })

  it('should poll until the prediction succeeds, also if a watch uses long polls', async () => {
    const videos = [{ gcsUri: 'gs://shop/clip.mp4', mimeType: 'video/mp4' }]
    const response = { '@type': VIDEO_TYPE, videos }
    const { client, requests } = clientFor(
      httpReply(200, { name: PREDICTION }),
      httpReply(200, { name: PREDICTION, done: true, response }),
    )
    const emissions = await allEmissions(client.watch(PREDICTION, { longPoll: true }))
    expect(emissions.at(-1)).to.have.property('right').that.deep.includes({ _tag: 'Succeeded', response })
    expect(requests.map(({ url }) => url.slice(url.lastIndexOf(':')))).to.deep.equal([
      ':fetchPredictOperation',
      ':fetchPredictOperation',
    ])
  })

  it('should decode a filtered prediction as a success without videos', async () => {
    const response = {
      '@type': VIDEO_TYPE,
      raiMediaFilteredCount: 1,
      raiMediaFilteredReasons: ['The prompt violates the usage guidelines.'],
    }
    const { client } = clientFor(httpReply(200, { name: PREDICTION, done: true, response }))
    const [emission] = await allEmissions(client.get(PREDICTION))
    expect(emission).to.have.property('right').that.deep.includes({ _tag: 'Succeeded', response })
  })

  it('should reject list, cancel, delete and wait of a prediction without a request', async () => {
    const { client, requests } = clientFor()
    for (const call of [
      client.cancel(PREDICTION),
      client.delete(ENDPOINT_PREDICTION),
      client.wait(PREDICTION),
      client.list(MODEL),
    ] as readonly Observable<unknown>[])
      expect(await allEmissions(call))
        .to.have.nested.property('[0].left.message')
        .that.matches(/^No request was sent for .*: Vertex AI has no operations\.\w+ for this name\.$/)
    expect(requests).to.deep.equal([])
  })

  it('should have list, cancel, delete and wait for the other operations of the service', async () => {
    const { client, requests } = clientFor(httpReply(200, {}))
    const [cancelled] = await allEmissions(client.cancel(DEPLOYMENT))
    const [listed] = await allEmissions(client.list(ENDPOINT)).catch(() => [undefined])
    expect(cancelled && isLeft(cancelled)).to.equal(false)
    expect(listed).to.equal(undefined)
    expect(requests.map(({ url }) => new URL(url).pathname)).to.deep.equal([
      `/v1/${DEPLOYMENT}:cancel`,
      `/v1/${ENDPOINT}/operations`,
    ])
  })

  it('should share its decoders with google.longrunning, and have no other methods', () => {
    expect(VERTEX_PREDICTION.decode).to.equal(LONGRUNNING.decode)
    expect(VERTEX_PREDICTION).to.not.have.any.keys('wait', 'cancel', 'delete', 'list')
    expect(VERTEX_PREDICTION.nameProblem(UPLOAD)).to.equal('it is not the name of a prediction')
    expect(VERTEX_PREDICTION.nameProblem(PREDICTION)).to.equal(undefined)
  })
})
