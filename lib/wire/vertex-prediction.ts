import { operationsOf } from './collection-name.js'
import { decodeOperation, decodePage } from './longrunning.js'
import type { OperationProtocol } from './protocol.js'

/**
 * The protocol of predictions of Vertex AI, such as videos of Veo. A prediction is an operation of google.longrunning, but
 * a GET of its name returns 404. The method that returns it belongs to the model or the endpoint.
 *
 * An endpoint also has other operations, such as its deployments. Only they have numeric IDs.
 *
 * Source: `fetchPredictOperation` in https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints.
 */
export const VERTEX_PREDICTION: OperationProtocol = {
  name: 'vertex-prediction',
  nameProblem: (name) => (PREDICTION.test(name) ? undefined : 'it is not the name of a prediction'),
  collectionOf: operationsOf,
  get: (name) => ({
    method: 'POST',
    name: name.slice(0, name.lastIndexOf('/operations/')),
    suffix: ':fetchPredictOperation',
    body: { operationName: name },
  }),
  requiredFields: ['name', 'done', 'error'],
  decode: decodeOperation,
  decodePage,
  decodeStarted: decodeOperation,
}

const PREDICTION =
  /\/(?:publishers\/[^/]+\/models\/[^/]+\/operations\/|endpoints\/[^/]+\/operations\/(?!\d+$))[^/]+$/
