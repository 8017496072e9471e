import { LONGRUNNING } from './longrunning.js'
import type { OperationProtocol } from './protocol.js'

const { wait: _wait, cancel: _cancel, delete: _delete, list: _list, ...getOnly } = LONGRUNNING

/**
 * The protocol of predictions of Vertex AI, such as videos of Veo. A prediction is an operation of google.longrunning, but
 * a GET of its name returns 404. The method that returns it belongs to the model or the endpoint.
 *
 * An endpoint also has other operations, such as its deployments. Only they have numeric IDs.
 *
 * Source: `fetchPredictOperation` in https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.endpoints.
 */
export const VERTEX_PREDICTION: OperationProtocol = {
  ...getOnly,
  name: 'vertex-prediction',
  nameProblem: (name) => (PREDICTION.test(name) ? undefined : 'it is not the name of a prediction'),
  get: (name) => ({
    method: 'POST',
    name: name.slice(0, name.lastIndexOf('/operations/')),
    suffix: ':fetchPredictOperation',
    body: { operationName: name },
  }),
}

const PREDICTION =
  /\/(?:publishers\/[^/]+\/models\/[^/]+\/operations\/|endpoints\/[^/]+\/operations\/(?!\d+$))[^/]+$/
